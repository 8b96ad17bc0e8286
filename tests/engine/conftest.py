"""One engine for all tests of this folder, and the stacks that they share.

The tests of a file run in the order of a stack's life.
"""

from collections.abc import Iterator

import pytest

from local.aws import Aws, forget_environment
from local.processes import stop
from local.servers import find_free_port, start_emulator
from local.stack import settings_of_machine
from tests.engine.cli import EngineMissingError, find_command
from tests.engine.deployer import assume_deployer
from tests.engine.engine import Engine, EngineStack, serve_provider
from tests.engine.provider.servicer import Servicer

REGION = "eu-central-1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-table", action="store_true", help="write the table of docs/settings-effects.md")


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start the emulator and the provider, and find or build the engine."""
    try:
        command = find_command()
    except EngineMissingError as error:
        pytest.exit(str(error), returncode=1)
    forget_environment()
    directory = tmp_path_factory.mktemp("engine")
    (directory / "state").mkdir()
    port = find_free_port()
    emulator = start_emulator(tmp_path_factory.mktemp("emulator"), port, REGION)
    try:
        aws = Aws(port, REGION)
        servicer = Servicer(assume_deployer(aws))
        with serve_provider(servicer) as provider_port:
            yield Engine(command, directory, provider_port, servicer, aws)
    finally:
        stop(emulator)


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
