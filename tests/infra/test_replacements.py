"""What `make engine` has to know of every resource, found out without the engine."""

import pytest

from local.resources import KINDS, STACK_KINDS
from tests.engine.provider.reading import READERS
from tests.engine.provider.replacements import RULES
from tests.infra.recorder import Stack


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_it_is_known_of_every_input_whether_its_change_replaces_the_resource(
    name: str, request: pytest.FixtureRequest
) -> None:
    stack: Stack = request.getfixturevalue(name)
    declared = {(each.type, key) for each in stack.declared if each.type.startswith("aws:") for key in each.inputs}
    known = {(kind, key) for kind, rules in RULES.items() for key in rules.replaces | rules.updates}
    assert not declared - known, "add them to tests/engine/provider/replacements.py"


def test_every_kind_of_resource_can_be_applied_compared_and_read() -> None:
    """What only an app declares, the local stack applies, and the engine's provider need not know."""
    assert STACK_KINDS.keys() <= RULES.keys() == READERS.keys() <= KINDS.keys()


def test_no_input_both_updates_and_replaces() -> None:
    assert not [kind for kind, rules in RULES.items() if rules.updates & rules.replaces]
