"""The limits of Lambda for the size of an archive, zipped and unzipped."""

import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pulumi

MEGABYTE = 1024 * 1024
# AWS Lambda quotas, "Deployment package (.zip file archive) size". Larger uploads would have to go through a bucket.
ZIPPED_BYTES = 50 * MEGABYTE
UNZIPPED_BYTES = 250 * MEGABYTE
NAMED = 5


def check_size(archive: Path, module: str, owners: Mapping[str, str]) -> None:
    """Raise ``pulumi.RunError`` for an archive that is too large for Lambda. The message names its largest parts.

    ``owners`` maps each file to the library that it belongs to.
    """
    with zipfile.ZipFile(archive) as packed:
        entries = packed.infolist()
    unzipped = sum(entry.file_size for entry in entries)
    if unzipped > UNZIPPED_BYTES:
        sizes = Counter[str]()
        for entry in entries:
            sizes[owners[entry.filename]] += entry.file_size
        raise pulumi.RunError(_refusal(f"{module}, unzipped,", unzipped, UNZIPPED_BYTES, sizes))
    zipped = archive.stat().st_size
    if zipped > ZIPPED_BYTES:
        sizes = Counter[str]()
        for entry in entries:
            sizes[owners[entry.filename]] += entry.compress_size
        raise pulumi.RunError(_refusal(module, zipped, ZIPPED_BYTES, sizes))


def _refusal(what: str, size: int, limit: int, sizes: Counter[str]) -> str:
    largest = ", ".join(f"{owner} ({_megabytes(part)})" for owner, part in sizes.most_common(NAMED))
    return (
        f"The archive of {what} has {_megabytes(size)}; Lambda allows at most {_megabytes(limit)}. "
        f"Its largest parts: {largest}. Import fewer or smaller libraries."
    )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
