"""One emulator for all tests of this folder, and deployments to it."""

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
    """Start an emulator and return its port."""
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
    """Return a function that begins a run of a program. At the end, all resources are deleted."""

    def begin() -> Deployment:
        return Deployment(aws, state)

    yield begin
    begin().prune()


@pytest.fixture(scope="session")
def apply() -> Apply:
    """Return a function that declares one resource in a run, as Pulumi does."""

    def declare(deployment: Deployment, kind: str, name: str, /, **inputs: Any) -> Applied:
        identifier, outputs = deployment.new_resource(pulumi.runtime.MockResourceArgs(kind, name, inputs, custom=True))
        assert identifier is not None
        return identifier, outputs

    return declare
