"""The code of a function, as the program hands it over."""

import hashlib
from pathlib import Path
from typing import Any

import pulumi

from local.errors import LocalError


def archived(value: Any) -> Any:
    """A value as it is kept in the state file: of an archive only the hash of its content."""
    if isinstance(value, pulumi.Archive):
        return {"sha256": hashlib.sha256(archive_bytes(value)).hexdigest()}
    if isinstance(value, dict):
        return {key: archived(item) for key, item in value.items()}
    if isinstance(value, list):
        return [archived(item) for item in value]
    return value


def archive_bytes(archive: object) -> bytes:
    """The zip file behind a FileArchive. Raises LocalError for any other kind of archive."""
    if not isinstance(archive, pulumi.FileArchive) or not Path(archive.path).is_file():
        raise LocalError("the local stack only knows code given as a FileArchive of a zip file")
    return Path(archive.path).read_bytes()
