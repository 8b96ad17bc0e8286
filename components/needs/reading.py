"""Runs the needs file of an app, and returns what it tells."""

import importlib.util
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from components.app.errors import NeedsError, failing, shown
from components.app.file import read_schema
from components.app.settings import NAMESPACE, AppSettings
from components.encryption import Encryption
from components.location import Location
from components.needs.needs import Needs, Surroundings
from components.needs.network import declare_endpoints
from components.needs.parent import App
from components.needs.secrets import AppSecrets
from components.needs.values import AppNeeds, Told

DECLARE = "declare"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsArgs:
    """The needs ``file`` of an app, its ``config``, and what it stands on. The resources' names start with ``prefix``.

    Without a file, the app needs nothing.
    """

    file: Path | None
    config: Mapping[str, Any]
    prefix: str
    tags: Mapping[str, str]
    location: Location
    encryption: Encryption
    deletion_protection: bool


def declare_needs(args: NeedsArgs, opts: pulumi.ResourceOptions) -> AppNeeds:
    """Run the needs file, which declares resources of its owner's, and return what the functions need.

    Raise ``NeedsError``, which names the file and the member, if it cannot be run or tells what is not allowed.
    """
    file = args.file
    if file is None:
        return AppNeeds()
    declare = _load(file)
    app = App(f"{args.prefix}-app", opts)
    settings = AppSettings(args.config, read_schema(file))
    surroundings = Surroundings(
        prefix=args.prefix, tags=args.tags, location=args.location, settings=settings, parent=app
    )
    secrets = AppSecrets(
        prefix=args.prefix,
        tags=args.tags,
        encryption=args.encryption,
        deletion_protection=args.deletion_protection,
        parent=app,
    )
    told = Told()
    with app.as_default_parent():
        _run(file, lambda: declare(Needs(file, surroundings, told, secrets)))
    children = pulumi.ResourceOptions(parent=app)
    declare_endpoints(file, told, args.location, args.tags, children, name=f"{args.prefix}-endpoints")
    for key in settings.keys_without_reader:
        pulumi.log.warn(f"{NAMESPACE}:{key} is set, but {shown(file)} does not ask for it")
    return told.app_needs(secrets.made)


def _load(file: Path) -> Callable[[Needs], object]:
    """Return the function ``declare`` of a needs file."""
    spec = importlib.util.spec_from_file_location("app_needs", file)
    if spec is None or spec.loader is None:
        raise NeedsError(f"{shown(file)} is no Python file")
    module = importlib.util.module_from_spec(spec)
    _run(file, lambda: spec.loader.exec_module(module))  # type: ignore[union-attr]  # it is there, as said above
    declare: Callable[[Needs], object] | None = getattr(module, DECLARE, None)
    if not callable(declare):
        raise NeedsError(f"{shown(file)} has no function {DECLARE}(needs)")
    return declare


def _run(file: Path, step: Callable[[], object]) -> None:
    """Run a step of a needs file. What it raises names its line, and comes without the stack trace of this program."""
    try:
        with warnings.catch_warnings():
            # pulumi_aws deprecates classes that its own modules load. Pulumi itself tells who declares one.
            warnings.filterwarnings("ignore", message=r"(aws\.)?[a-z0-9]+[./]", category=DeprecationWarning)
            step()
    except pulumi.RunError:
        raise
    # The file is its owner's, and may raise anything.
    except Exception as error:
        raise NeedsError(f"{failing(file, error)}: {type(error).__name__}: {error}") from error
