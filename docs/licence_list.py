"""Write `docs/licences.md` from the metadata of the pinned libraries."""

from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.metadata import parse_email

from components.packaging.licences import Licence, licence_of
from components.packaging.requirements import Requirements

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"

INTRODUCTION = """\
# Licences

This project is licensed under [Apache-2.0](../LICENSE). The tables list the licences of the libraries that it pins, as
their metadata states them. `make docs` writes this page. A test fails if a library states no licence, or one that could
oblige you to publish your own code, such as the GPL and the AGPL.
"""
IN_FUNCTIONS = """\
## In the functions

Which of these an archive holds, its [bill of materials](archives.md#bill-of-materials) says. boto3 and what it needs
come with Lambda, unless you set `packageBoto3`. Your own tools may bring more.
"""
BESIDE = """\
## On the machine that deploys

The Pulumi program needs these. They are in no function.
"""


def licences_page() -> str:
    """Return the whole page."""
    pinned = _pinned()
    inside = {pin.name for pin in pinned.hashes}
    return "\n".join(
        [
            INTRODUCTION,
            IN_FUNCTIONS,
            _table(pinned, (name for name in pinned.versions if name in inside)),
            BESIDE,
            _table(pinned, (name for name in pinned.versions if name not in inside)),
        ]
    )


def licences() -> dict[str, Licence]:
    """Return the licence of each pinned library."""
    return {name: _licence(name) for name in _pinned().versions}


def _pinned() -> Requirements:
    return Requirements.read(ROOT, {name: str(value) for name, value in default_environment().items()}, own=False)


def _licence(name: str) -> Licence:
    return licence_of(parse_email(distribution(name).read_text("METADATA") or "")[0])


def _table(pinned: Requirements, names: Iterable[str]) -> str:
    rows = ["| library | version | licence |", "| --- | --- | --- |"]
    rows += [f"| {name} | {pinned.versions[name]} | {_licence(name)} |" for name in sorted(names)]
    return "\n".join(rows) + "\n"
