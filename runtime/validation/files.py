"""The files below ``schemas/``, and the schemas that a reference in one names."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from runtime.validation.conjunction import Untranslatable

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def read_document(path: str) -> Any:
    """Return the document of a file, named by its path below ``schemas``. Raise ``FileNotFoundError``."""
    return json.loads((SCHEMAS / path).read_bytes())


def find_schema(document: Mapping[str, Any], path: str | None, reference: str) -> Any:
    """Return the schema that a ``reference`` in a document names: a part of it, or a file without references.

    ``path`` is the file of the document, if it is from one. Raise ``Untranslatable`` for any other reference.
    """
    if reference == "#" or reference.startswith("#/"):
        return _follow_pointer(document, reference)
    if path is None or "#" in reference:
        raise Untranslatable("$ref")
    found = read_document(str(PurePosixPath(path).parent / reference))
    if '"$ref"' in json.dumps(found):
        # They would be relative to that file.
        raise Untranslatable("$ref")
    return found


def _follow_pointer(document: Any, reference: str) -> Any:
    """RFC 6901 6, without percent-encoding."""
    found = document
    for part in reference.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if "%" in part or not isinstance(found, Mapping) or name not in found:
            raise Untranslatable("$ref")
        found = found[name]
    return found
