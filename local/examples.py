"""The apps of ``examples/`` that ``make up EXAMPLE=name`` starts."""

from typing import Any

from local.errors import LocalError
from local.program import ROOT, STACK, read_settings, read_stack_file, with_namespace

EXAMPLES = ROOT / "examples"
REGION = "aws:region"


def names() -> list[str]:
    """Return the names of the examples that have an app."""
    return sorted(path.parent.parent.name for path in EXAMPLES.glob("*/app/__init__.py"))


def settings_of(name: str) -> dict[str, Any]:
    """Return the settings of a stack that serves an example, by their full keys. Raise LocalError if there is none.

    They are those of the example's own ``Pulumi.dev.yaml``, if it has one. Of this project's file only the region
    counts: the others are for the owner's tools.
    """
    if name not in names():
        raise LocalError(f"there is no example {name!r}; the examples are {', '.join(names())}")
    folder = EXAMPLES / name
    settings: dict[str, Any] = with_namespace({"appDirectory": str(folder / "app")})
    region = read_stack_file(STACK).get(REGION)
    if region is not None:
        settings[REGION] = region
    stack_file = folder / f"Pulumi.{STACK}.yaml"
    return settings | (read_settings(stack_file) if stack_file.exists() else {})
