"""Write ``wheels.txt``: the hashes of all wheels that functions may hold. Run it with ``make hashes``.

What only the tools of a copy need goes into ``wheels-app.txt``, so that a later version can change the other file. It
takes what the package index offers now for the pinned versions, on every Python and processor. From then on, another
wheel of the same version is refused: one that was replaced, and one that was added later.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.packaging.closure import closure
from components.packaging.distributions import RUNTIME, Resolver
from components.packaging.fetching import fetch_wheels, hash_file
from components.packaging.requirements import OWN_WHEELS, WHEELS, Pin, Requirements
from components.packaging.target import Target

PROJECT = Path(__file__).resolve().parent.parent.parent
HEADER = "# The hashes of the wheels that go into the functions. make hashes writes this file anew.\n"


def targets() -> list[Target]:
    """Return every target that the configuration allows."""
    rules = json.loads((PROJECT / "schemas" / "stack-config.json").read_bytes())["properties"]
    pythons, architectures = rules["pythonVersion"]["enum"], rules["architecture"]["enum"]
    return [Target(python, architecture) for python in pythons for architecture in architectures]


def pins_of(target: Target, apps: Sequence[str]) -> list[Pin]:
    """Return all distributions that any function may hold on ``target``, with boto3. ``apps`` are modules of tools."""
    handlers = [f"runtime.handlers.{file.stem}" for file in (PROJECT / "runtime" / "handlers").glob("[a-z]*.py")]
    requirements = Requirements.read(PROJECT, target.markers(""))
    found = Resolver(target, requirements.extras, RUNTIME).pins(closure(PROJECT, *handlers, *apps).third_party)
    requirements.check_versions(found)
    return found


def wheels_text(hashes: Mapping[Pin, set[str]]) -> str:
    """Return the text of ``wheels.txt`` or ``wheels-app.txt``."""
    lines = (
        " \\\n".join([str(pin), *(f"    --hash=sha256:{digest}" for digest in sorted(digests))])
        for pin, digests in sorted(hashes.items())
    )
    return HEADER + "".join(f"{line}\n" for line in lines)


def write_hashes(apps: Sequence[str]) -> None:
    """Download the wheels for every target, and write their hashes. ``apps`` are modules of tools."""
    hashes: defaultdict[Pin, set[str]] = defaultdict(set)
    product: set[Pin] = set()
    with tempfile.TemporaryDirectory() as scratch:
        for target in targets():
            product |= set(pins_of(target, ()))
            wanted = dict.fromkeys(pins_of(target, apps), frozenset[str]())
            for pin, wheel in fetch_wheels(wanted, target, Path(scratch)).items():
                hashes[pin].add(hash_file(wheel))
    (PROJECT / WHEELS).write_text(wheels_text({pin: found for pin, found in hashes.items() if pin in product}))
    own = {pin: found for pin, found in hashes.items() if pin not in product}
    if own:
        (PROJECT / OWN_WHEELS).write_text(wheels_text(own))
    else:
        (PROJECT / OWN_WHEELS).unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the hashes of the wheels that go into the functions.")
    parser.add_argument("app", nargs="*", default=["runtime.app"], help="a module with tools, as in appModule")
    write_hashes(parser.parse_args().app)
