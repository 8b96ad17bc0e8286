"""Each permission is taken away, and a feature fails for lack of it."""

import re
from collections.abc import Iterator

import pytest
from schemathesis.core.failures import FailureGroup

from tests.e2e.privilege.need import NO_LINE, Need
from tests.e2e.privilege.needs import NEEDS
from tests.e2e.privilege.world import OWN_LOG, World

pytestmark = pytest.mark.proof


def named(need: Need) -> str:
    permission = need.permission
    target = re.sub(r"[^a-z]+", "-", permission.target).strip("-")
    return f"{permission.function}-{permission.action}-{target}{'-together' if permission.together else ''}"


def test_every_permission_of_every_role_has_a_feature_that_needs_it(world: World) -> None:
    declared, needed = world.permissions(), [need.permission for need in NEEDS]
    assert len(set(needed)) == len(needed)
    assert not set(declared) - set(needed), "take these from the policies, or add a feature that needs them"
    assert not set(needed) - set(declared), "no policy has these"


@pytest.mark.parametrize("need", NEEDS, ids=named)
def test_without_a_permission_the_feature_fails_for_lack_of_it(
    world: World, need: Need, caplog: pytest.LogCaptureFixture
) -> None:
    function, action, target, _ = need.permission
    if need.fresh:
        world.renew_processes(function)
    since = world.milliseconds()
    with world.lacking(need.permission), pytest.raises((Exception, FailureGroup)) as failure:
        need.probe(world)
    told = [str(error) for error in causes(failure.value)]
    if target == OWN_LOG:
        assert told[0].startswith(NO_LINE), told
    else:
        sign = need.sign or f"not authorized to perform: {action} "
        assert any(sign in line for line in [*told, *caplog.messages, *world.log_of(function, since)]), told
    if need.fresh:
        world.renew_processes(function)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__


def test_with_all_permissions_every_feature_works(world: World) -> None:
    for probe in dict.fromkeys(need.probe for need in NEEDS):
        probe(world)
