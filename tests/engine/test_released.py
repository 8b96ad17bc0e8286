"""A stack that the last release deployed goes on under this version."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from pulumi.automation import EngineEvent

from local.program import ROOT
from local.stack import settings_of_machine
from tests.engine.engine import Engine, EngineStack
from tests.engine.released.changes import ANNOUNCED, unannounced
from tests.engine.released.replay import replay
from tests.engine.released.state import NAMES, PLAINTEXT, ReleasedState, Resource

DEPLOYMENT = "aws:apigateway/deployment:Deployment"
UNRELEASED = re.compile(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def stacks(engine: Engine) -> dict[str, EngineStack]:
    """Return the stacks with their settings, and nothing in them."""
    settings = {name: ReleasedState.load(name).config for name in NAMES}
    return {name: engine.stack_of(name, config, settings_of_machine()) for name, config in settings.items()}


def with_triggers(resources: Sequence[Resource], stack: EngineStack) -> list[Resource]:
    """Return resources with a deployment of the ids that the emulator gave.

    A deployment names the ids of what it deploys, and the emulator has lost other resources when it changes the one of
    a stage. What a version changes about a deployment, the preview above tells.
    """
    events: list[EngineEvent] = []
    stack.stack.preview(on_event=events.append)
    steps = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
    # Its URN may be another one than in the state.
    *_, triggers = [(step.new.inputs or {})["triggers"] for step in steps if step.new and step.type == DEPLOYMENT]
    return [
        {**each, **{part: {**each[part], "triggers": triggers} for part in ("inputs", "outputs")}}
        if each["type"] == DEPLOYMENT
        else each
        for each in resources
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_state_has_no_secret_and_no_folder_of_a_machine(name: str) -> None:
    state = ReleasedState.load(name)
    keys = [each for each in state.resources if each["type"] == "aws:apigateway/apiKey:ApiKey"]
    assert keys
    for key in keys:
        assert json.loads(key["outputs"]["value"][PLAINTEXT]).startswith("secret-of-no-stack-")
    assert str(Path.home()) not in json.dumps(state.resources)
    assert str(ROOT) not in json.dumps(state.resources)


def test_an_announced_change_is_in_the_changelog() -> None:
    found = UNRELEASED.search((ROOT / "CHANGELOG.md").read_text())
    assert found
    unreleased = " ".join(found[1].split())
    for texts in ANNOUNCED.values():
        assert not [text for text in texts.values() if text not in unreleased]


@pytest.mark.parametrize("name", NAMES)
def test_up_would_change_only_what_the_changelog_says(name: str, stacks: dict[str, EngineStack]) -> None:
    stacks[name].take_over(ReleasedState.load(name).resources)
    assert not unannounced(stacks[name].preview())


def test_up_takes_over_the_resources_and_a_second_one_changes_nothing(
    engine: Engine, stacks: dict[str, EngineStack], tmp_path: Path
) -> None:
    state, stack = replay(engine.aws, ReleasedState.load("released"), tmp_path), stacks["released"]
    stack.take_over(state.resources)
    stack.take_over(with_triggers(state.resources, stack))
    announced = stack.preview()
    assert not unannounced(announced)
    assert stack.up() == announced
    assert not stack.up()
    assert not stack.refresh()
    stack.destroy()
