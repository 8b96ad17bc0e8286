"""Requests move step by step, and back when something is wrong."""

import pytest
from botocore.exceptions import ClientError

from admin.release.note import DONE, OPEN, TAKEN_BACK, Note
from admin.release.rollout import Trouble
from tests.unit.admin.release.conftest import FUNCTIONS, START, STARTED, Stack, Time

STEPS, WAIT = (10, 50, 100), 40.0


@pytest.fixture
def changed(stack: Stack) -> Stack:
    """A stack whose two functions have a new version each."""
    for name in FUNCTIONS.values():
        stack.publish(name)
    return stack


def shares(stack: Stack) -> str:
    return f"{stack.time.now - START:g}: {stack.serving()['mcp']}"


def test_each_step_is_watched_before_the_next_one(changed: Stack, time: Time) -> None:
    seen: list[str] = []
    for moment in (0, 39, 41, 79, 81, 119):
        time.after(moment, lambda: seen.append(shares(changed)))
    changed.rollout().advance(changed.plan(), STEPS, WAIT)
    assert seen == [
        "15: version 1 (90 %) and version 2 (10 %)",
        "40: version 1 (90 %) and version 2 (10 %)",
        "55: version 1 (50 %) and version 2 (50 %)",
        "80: version 1 (50 %) and version 2 (50 %)",
        "95: version 2",
        "120: version 2",
    ]
    assert time.now - START == 120
    assert changed.serving() == {"worker": "version 2", "mcp": "version 2"}
    assert changed.note("mcp") == Note(DONE, STARTED, "2", "1")


def test_the_user_learns_which_versions_get_how_many_requests(changed: Stack) -> None:
    changed.rollout().advance(changed.plan(), STEPS, 5)
    assert changed.said[0] == "10 % of the requests go to worker 2, mcp 2. Watching for 5 seconds."
    assert len(changed.said) == 3


def test_the_last_step_is_watched_as_well(changed: Stack, time: Time) -> None:
    time.after(81, changed.ring)
    with pytest.raises(Trouble, match="the alarm mcp-errors rings"):
        changed.rollout().advance(changed.plan(), STEPS, WAIT)
    assert changed.note("mcp") == Note(OPEN, STARTED, "2", "1")


@pytest.mark.parametrize("moment", [1, 41, 81], ids=["at 10 %", "at 50 %", "at 100 %"])
def test_after_an_alarm_the_old_versions_get_all_requests_again(changed: Stack, time: Time, moment: float) -> None:
    time.after(moment, changed.ring)
    moves, rollout = changed.plan(), changed.rollout()
    with pytest.raises(Trouble):
        rollout.advance(moves, STEPS, WAIT)
    assert time.now - START == moment + 14
    assert rollout.take_back(moves) == []
    assert changed.serving() == {"worker": "version 1", "mcp": "version 1"}
    assert changed.note("worker") == Note(TAKEN_BACK, STARTED, "2", "1")


def test_a_failed_request_of_a_new_version_ends_the_release_without_an_alarm(changed: Stack, time: Time) -> None:
    time.after(20, lambda: changed.serve("stack-mcp", "2", requests=40, errors=1))
    with pytest.raises(Trouble, match="version 2 of mcp failed 1 of 40 requests"):
        changed.rollout().advance(changed.plan(), STEPS, WAIT)


@pytest.mark.parametrize(("tolerated", "served"), [(2.4, "1"), (2.5, "2")])
def test_as_many_requests_may_fail_as_the_user_tolerates(
    changed: Stack, time: Time, tolerated: float, served: str
) -> None:
    time.after(20, lambda: changed.serve("stack-mcp", "2", requests=40, errors=1))
    moves, rollout = changed.plan(), changed.rollout(tolerated=tolerated)
    try:
        rollout.advance(moves, STEPS, WAIT)
    except Trouble:
        rollout.take_back(moves)
    assert changed.serving()["mcp"] == f"version {served}"


def test_a_failed_request_of_the_old_version_ends_nothing(changed: Stack, time: Time) -> None:
    time.after(20, lambda: changed.serve("stack-mcp", "1", errors=1))
    changed.rollout().advance(changed.plan(), STEPS, WAIT)
    assert changed.serving()["mcp"] == "version 2"


def test_what_failed_before_the_release_does_not_count(changed: Stack, time: Time) -> None:
    changed.serve("stack-mcp", "2", errors=1)
    time.now += 120
    changed.rollout().advance(changed.plan(), (100,), 10)
    assert changed.serving()["mcp"] == "version 2"


def test_alarms_that_cannot_be_read_end_the_release(changed: Stack, time: Time) -> None:
    """What nobody watches must not go on."""
    time.after(1, lambda: changed.cloudwatch.delete_alarms(AlarmNames=["mcp-errors"]))
    with pytest.raises(Trouble, match="the alarms cannot be read: mcp-errors"):
        changed.rollout().advance(changed.plan(), STEPS, WAIT)


def test_only_functions_with_a_new_version_move(stack: Stack) -> None:
    stack.publish("stack-mcp")
    [move] = stack.plan()
    assert (move.label, move.note) == ("mcp", Note(OPEN, STARTED, "2", "1"))
    stack.rollout().advance([move], STEPS, 0)
    assert stack.serving() == {"worker": "version 1", "mcp": "version 2"}
    assert stack.plan() == []


def interrupt(stack: Stack, time: Time, moment: float) -> None:
    """Begin a release and interrupt it."""

    def stop() -> None:
        raise KeyboardInterrupt

    time.after(moment, stop)
    with pytest.raises(KeyboardInterrupt):
        stack.rollout().advance(stack.plan(), STEPS, WAIT)


@pytest.mark.parametrize(("moment", "left"), [(1, 120), (41, 80), (81, 40)], ids=["at 10 %", "at 50 %", "at 100 %"])
def test_a_second_run_watches_the_step_again_that_the_first_one_has_reached(
    changed: Stack, time: Time, moment: float, left: float
) -> None:
    interrupt(changed, time, moment)
    resumed_at = time.now
    changed.rollout().advance(changed.plan("later"), STEPS, WAIT)
    assert time.now - resumed_at == left
    assert changed.serving() == {"worker": "version 2", "mcp": "version 2"}
    assert changed.note("mcp") == Note(DONE, STARTED, "2", "1")


def test_a_second_run_brings_along_what_the_first_one_did_not_reach(changed: Stack) -> None:
    """It was interrupted between one alias and the next."""
    worker, _ = changed.plan()
    changed.aliases.move(worker.standing, worker.note, 50)
    seen: list[dict[str, str]] = []
    changed.time.after(1, lambda: seen.append(changed.serving()))
    changed.rollout().advance(changed.plan("later"), STEPS, WAIT)
    half, tenth = ("version 1 (50 %) and version 2 (50 %)", "version 1 (90 %) and version 2 (10 %)")
    assert seen == [{"worker": half, "mcp": tenth}]
    # It is one release, so that it is also taken back as one.
    assert changed.note("worker") == Note(DONE, "later", "2", "1")
    assert changed.note("mcp") == Note(DONE, "later", "2", "1")


def test_a_newer_version_takes_the_place_of_one_that_an_interrupted_release_left(changed: Stack, time: Time) -> None:
    interrupt(changed, time, 41)
    changed.publish("stack-mcp")
    changed.rollout().advance(changed.plan("later"), (10, 100), 0)
    assert changed.serving() == {"worker": "version 2", "mcp": "version 3"}
    assert changed.note("mcp") == Note(DONE, "later", "3", "1")


def test_what_nobody_moved_is_not_taken_back(changed: Stack) -> None:
    moves = changed.plan()
    changed.aliases.move(moves[1].standing, moves[1].note, 10)
    assert changed.rollout().take_back(moves) == []
    assert changed.note("worker") is None
    assert changed.serving() == {"worker": "version 1", "mcp": "version 1"}


def test_what_cannot_be_taken_back_does_not_keep_the_rest(changed: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    moves, rollout = changed.plan(), changed.rollout()
    rollout.advance(moves, STEPS, 0)
    read = changed.aliases.read

    def refuse(function: str) -> object:
        if function == "stack-mcp":
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetAlias")
        return read(function)

    monkeypatch.setattr(changed.aliases, "read", refuse)
    [failure] = rollout.take_back(moves)
    assert failure.startswith("mcp: ")
    assert str(read("stack-worker")) == "version 1"


def test_a_step_that_lambda_refuses_is_an_error_and_no_silence(changed: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = changed.plan()
    changed.functions.delete_alias(FunctionName="stack-mcp", Name="live")
    with pytest.raises(ClientError):
        changed.rollout().advance(moves, STEPS, 0)
