"""Files and archives, as a program declares them."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi

from local.errors import Unsupported

# The earliest time that a zip file can have, so that the same content gives the same archive.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644


def hash_archives(value: Any) -> Any:
    """Return a value for the state file, with files and archives replaced by the hash of their content."""
    if isinstance(value, pulumi.Archive):
        return {"sha256": hashlib.sha256(archive_bytes(value)).hexdigest()}
    if isinstance(value, pulumi.Asset):
        return {"sha256": hashlib.sha256(asset_bytes(value)).hexdigest()}
    if isinstance(value, dict):
        return {key: hash_archives(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hash_archives(item) for item in value]
    return value


def archive_bytes(archive: object) -> bytes:
    """Return the content of a zip file: the file itself, or one made of a folder or of assets. Raise Unsupported."""
    if isinstance(archive, pulumi.FileArchive) and Path(archive.path).is_file():
        return Path(archive.path).read_bytes()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in sorted(_members(archive, "")):
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr = _MODE << 16
            file.writestr(info, data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def asset_bytes(asset: object) -> bytes:
    """Return the content of a file or of a text. Raise Unsupported for any other asset."""
    if isinstance(asset, pulumi.StringAsset):
        return asset.text.encode()
    if isinstance(asset, pulumi.FileAsset) and Path(asset.path).is_file():
        return Path(asset.path).read_bytes()
    raise Unsupported("the local stack supports only assets that are texts or files on this machine")


def _members(archive: object, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Return the names and contents of what is in an archive, each name after a prefix."""
    if isinstance(archive, pulumi.AssetArchive):
        for name, member in archive.assets.items():
            if isinstance(member, pulumi.Archive):
                yield from _members(member, f"{prefix}{name}/")
            else:
                yield f"{prefix}{name}", asset_bytes(member)
    elif isinstance(archive, pulumi.FileArchive) and Path(archive.path).is_dir():
        folder = Path(archive.path)
        for path in folder.rglob("*"):
            if path.is_file():
                yield f"{prefix}{path.relative_to(folder).as_posix()}", path.read_bytes()
    elif isinstance(archive, pulumi.FileArchive) and zipfile.is_zipfile(archive.path):
        with zipfile.ZipFile(archive.path) as file:
            yield from ((f"{prefix}{name}", file.read(name)) for name in file.namelist() if not name.endswith("/"))
    else:
        raise Unsupported(
            "the local stack supports only archives that are zip files, folders or assets of this machine"
        )
