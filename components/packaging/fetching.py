"""Downloads the wheels of pinned distributions, and checks their hashes where the project states them."""

import hashlib
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pulumi
from packaging.utils import parse_wheel_filename

from components.packaging.requirements import Pin
from components.packaging.target import Target

Hashes = frozenset[str]


def fetch_wheels(wanted: Mapping[Pin, Hashes], target: Target, cache: Path) -> dict[Pin, Path]:
    """Download the wheels of ``wanted`` for ``target`` into ``cache``, unless they are there, and return their paths.

    A wheel has one of the SHA-256 hashes of its pin, if there are any. Raise ``pulumi.RunError`` if pip finds no wheel:
    a build from source would be for this machine.
    """
    folder = cache / f"{target.runtime}-{target.architecture}"
    present = _find_wheels(folder, wanted)
    missing = {pin: hashes for pin, hashes in wanted.items() if pin not in present}
    # pip wants hashes for all that it downloads at a time, or for nothing.
    for group in (
        {pin: hashes for pin, hashes in missing.items() if bool(hashes) is hashed} for hashed in (True, False)
    ):
        if group:
            _download(group, target, folder)
    if missing:
        present = _find_wheels(folder, wanted)
    return {pin: present[pin] for pin in wanted}


def _find_wheels(folder: Path, wanted: Mapping[Pin, Hashes]) -> dict[Pin, Path]:
    """Return the wheels of ``wanted`` in a folder. One with another hash does not count."""
    found = {}
    for file in sorted(folder.glob("*.whl")):
        name, version, *_ = parse_wheel_filename(file.name)
        pin = Pin(name, str(version))
        hashes = wanted.get(pin)
        if hashes is not None and (not hashes or hash_file(file) in hashes):
            found[pin] = file
    return found


def hash_file(file: Path) -> str:
    """Return the SHA-256 hash of a file, in hexadecimal digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _download(missing: Mapping[Pin, Hashes], target: Target, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text("".join(_line(pin, hashes) for pin, hashes in missing.items()))
        # Requires-Python may name a patch release; pip cannot know Lambda's. This version is installed here.
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--implementation=cp", "--ignore-requires-python"]
        options += [
            f"--python-version={target.python}",
            *(f"--platform={tag}" for tag in target.platforms),
            f"--dest={scratch}",
            f"--requirement={requirements}",
        ]
        command = [sys.executable, "-m", "pip", "download", *options]
        # The current interpreter, with names, versions and hashes of pinned distributions, and no shell.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603
        if done.returncode:
            raise pulumi.RunError(
                f"pip found no wheels for {', '.join(map(str, missing))} that run on Lambda with {target.runtime} "
                f"({target.architecture}, glibc 2.{target.glibc}):\n{done.stderr.strip()}"
            )
        for file in Path(scratch).glob("*.whl"):
            file.replace(folder / file.name)


def _line(pin: Pin, hashes: Hashes) -> str:
    return " ".join([str(pin), *(f"--hash=sha256:{digest}" for digest in sorted(hashes))]) + "\n"
