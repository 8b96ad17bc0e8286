"""One emulator for all tests of this folder, and deployments onto it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from local.aws import Aws
from local.deployment import Deployment
from local.processes import stop
from local.servers import find_free_port, start_emulator
from local.state import State

REGION = "eu-central-1"

Applied = tuple[str, dict[str, Any]]
Apply = Callable[..., Applied]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running emulator."""
    port = find_free_port()
    process = start_emulator(tmp_path_factory.mktemp("emulator"), port, REGION)
    yield port
    stop(process)


@pytest.fixture
def state(tmp_path: Path, emulator: int) -> State:
    return State(tmp_path, 0, emulator, REGION)


@pytest.fixture
def aws(emulator: int) -> Aws:
    return Aws(emulator, REGION)


@pytest.fixture
def deploy(aws: Aws, state: State) -> Iterator[Callable[[], Deployment]]:
    """Begins a run of a program; what the last one left is removed at the end."""

    def begin() -> Deployment:
        return Deployment(aws, state)

    yield begin
    begin().prune()


@pytest.fixture
def apply() -> Apply:
    """Declares one resource in a run, as Pulumi would."""

    def declare(deployment: Deployment, kind: str, name: str, **inputs: Any) -> Applied:
        identifier, outputs = deployment.new_resource(pulumi.runtime.MockResourceArgs(kind, name, inputs, custom=True))
        assert identifier is not None
        return identifier, outputs

    return declare
