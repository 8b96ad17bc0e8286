"""The code of a function, as the program declares it."""

import hashlib
from pathlib import Path
from typing import Any

import pulumi

from local.errors import LocalError


def hash_archives(value: Any) -> Any:
    """Return a value for the state file, with archives replaced by the hash of their content."""
    if isinstance(value, pulumi.Archive):
        return {"sha256": hashlib.sha256(archive_bytes(value)).hexdigest()}
    if isinstance(value, dict):
        return {key: hash_archives(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hash_archives(item) for item in value]
    return value


def archive_bytes(archive: object) -> bytes:
    """Return the content of a FileArchive's zip file. Raise LocalError for any other archive."""
    if not isinstance(archive, pulumi.FileArchive) or not Path(archive.path).is_file():
        raise LocalError("the local stack supports only code that is a FileArchive of a zip file")
    return Path(archive.path).read_bytes()
