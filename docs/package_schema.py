"""Write ``schemas/pulumi-package.json``, from which Pulumi makes a package for each language (``make docs``)."""

from pathlib import Path

from components.server.plugin import schema_text

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "pulumi-package.json"

if __name__ == "__main__":
    SCHEMA.write_text(schema_text())
