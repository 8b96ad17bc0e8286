"""One engine for all tests of this folder, and the stacks that they share.

The tests of a file run in the order of a stack's life.
"""

import contextlib
from collections.abc import Iterator

import pytest
import yaml

from local.program import ROOT
from local.stack import settings_of_machine
from tests.engine.engine import Engine, EngineStack, run_engine
from tests.support.go_tools import GoToolMissingError

# A project that `pulumi new` has made is no template for others.
collect_ignore = [] if "template" in yaml.safe_load((ROOT / "Pulumi.yaml").read_text()) else ["test_new.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-table", action="store_true", help="write the table of docs/settings-effects.md")


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start the emulator and the provider, and find or build the engine."""
    directory = tmp_path_factory.mktemp("engine")
    with contextlib.ExitStack() as stack:
        try:
            started = stack.enter_context(run_engine(directory))
        except GoToolMissingError as error:
            pytest.exit(str(error), returncode=1)
        yield started


@pytest.fixture(scope="session")
def prod(engine: Engine) -> EngineStack:
    """Return the stack ``prod``, which is not deployed yet."""
    return engine.stack("prod", settings_of_machine())


@pytest.fixture(scope="session")
def protected(engine: Engine, prod: EngineStack) -> EngineStack:
    """Return the stack ``prod`` with its deletion protection."""
    prod.up()
    return prod


@pytest.fixture(scope="session")
def unprotected(protected: EngineStack) -> EngineStack:
    """Return the stack ``prod`` without its deletion protection."""
    protected.config["deletionProtection"] = False
    protected.up()
    return protected
