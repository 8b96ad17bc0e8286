"""The bill of materials of an archive: the libraries that are in it, as CycloneDX 1.6.

The same archive has the same bill: it states no time, and its serial number comes from the hash of the archive.
"""

import hashlib
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.metadata import RawMetadata, parse_email

from components.packaging.fetching import hash_file
from components.packaging.licences import licence_of
from components.packaging.requirements import Pin
from runtime.version import VERSION

SUFFIX = ".cdx.json"
PROPERTY = "remote-mcp:"
COMPILED = ".pyc"


def write_bill(bill: Path, archive: Path, module: str, wheels: Mapping[Pin, Path], about: Mapping[str, str]) -> None:
    """Write the bill of ``archive``, the one of ``module``, made of ``wheels``. ``about`` says how it was built."""
    with tempfile.TemporaryDirectory(dir=bill.parent) as scratch:
        draft = Path(scratch, bill.name)
        draft.write_text(json.dumps(bill_of(archive, module, wheels, about), indent=1) + "\n")
        draft.replace(bill)


def bill_of(archive: Path, module: str, wheels: Mapping[Pin, Path], about: Mapping[str, str]) -> dict[str, Any]:
    """Return the bill. Its main component is the function; each library has the hash of its wheel."""
    digest = hash_file(archive)
    said = {**about, "sha256-without-compiled-files": hash_sources(archive)}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": module,
                "name": module,
                "version": VERSION,
                "hashes": [_hash(digest)],
                "properties": [{"name": f"{PROPERTY}{name}", "value": value} for name, value in sorted(said.items())],
            }
        },
        "components": [_component(pin, wheel) for pin, wheel in sorted(wheels.items())],
    }


def hash_sources(archive: Path) -> str:
    """Return the SHA-256 of everything in an archive but the compiled files: of names, modes and contents.

    Patch releases of Python compile some modules differently, so this is what they have in common.
    """
    digest = hashlib.sha256()
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            if not entry.filename.endswith(COMPILED):
                content = hashlib.sha256(packed.read(entry)).hexdigest()
                digest.update(f"{entry.filename}\0{entry.external_attr:o}\0{content}\n".encode())
    return digest.hexdigest()


def _component(pin: Pin, wheel: Path) -> dict[str, Any]:
    # Package URL specification, type pypi: the name is the canonical one.
    purl = f"pkg:pypi/{pin.name}@{pin.version}"
    licences = list(_licences(_metadata(wheel)))
    return {
        "type": "library",
        "bom-ref": purl,
        "name": pin.name,
        "version": pin.version,
        "purl": purl,
        "hashes": [_hash(hash_file(wheel))],
        **({"licenses": licences} if licences else {}),
    }


def _hash(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest}


def _licences(metadata: RawMetadata) -> Iterator[dict[str, Any]]:
    licence = licence_of(metadata)
    if licence.expression:
        yield {"expression": licence.expression}
    yield from ({"license": {"name": name}} for name in licence.names)


def _metadata(wheel: Path) -> RawMetadata:
    with zipfile.ZipFile(wheel) as packed:
        [name] = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
        return parse_email(packed.read(name))[0]
