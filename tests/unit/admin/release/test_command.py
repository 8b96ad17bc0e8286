"""The command ``release``: what it refuses, what it says, and its exit status."""

from collections.abc import Callable

import pytest

from admin.__main__ import main
from admin.release import command
from admin.release.alias import MovedByAnother
from admin.release.note import OPEN, Note
from admin.release.prober import ProbeFailed, Prober
from admin.release.rollout import Rollout
from tests.unit.admin.release.conftest import ALARM, FUNCTIONS, Stack, Time

NAMES = [part for name in FUNCTIONS.values() for part in ("--function", name)]
RELEASE = [*NAMES, "release", "--alarm", ALARM]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(stack: Stack, time: Time, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command, whose versions pass their probes, and returns its status and words."""
    monkeypatch.setattr("time.sleep", time.sleep)
    monkeypatch.setattr("time.time", time)
    # moto runs functions in containers, which are not everywhere. The end-to-end tests probe.
    monkeypatch.setattr(Prober, "probe", lambda *_: None)

    def release(*arguments: str) -> tuple[int, str]:
        status = main([*RELEASE, *arguments])
        return status, capsys.readouterr().err

    return release


def test_new_versions_are_released_and_the_command_says_what_serves(stack: Stack, run: Run) -> None:
    stack.publish("stack-mcp")
    status, said = run("--wait", "5")
    assert status == 0
    assert said.splitlines()[0] == "10 % of the requests go to stack-mcp 2. Watching for 5 seconds."
    assert said.splitlines()[-1] == "Released. Now stack-worker serves version 1, stack-mcp serves version 2."


def test_what_is_called_moves_before_what_calls_it(stack: Stack, run: Run) -> None:
    for name in FUNCTIONS.values():
        stack.publish(name)
    _, said = run("--steps", "100", "--wait", "0")
    assert said.startswith("100 % of the requests go to stack-worker 2, stack-mcp 2.")


def test_without_new_versions_there_is_nothing_to_do(run: Run) -> None:
    assert run() == (0, "There is nothing to release. Now stack-worker serves version 1, stack-mcp serves version 1.\n")


def test_an_alarm_takes_the_release_back_and_the_command_says_which(stack: Stack, time: Time, run: Run) -> None:
    stack.publish("stack-mcp")
    time.after(30, stack.ring)
    status, said = run()
    assert status == 1
    assert said.splitlines()[-1] == (
        "error: the release was taken back: the alarm mcp-errors rings. "
        "Now stack-worker serves version 1, stack-mcp serves version 1."
    )


def test_no_release_begins_while_an_alarm_rings_unless_it_is_to_be_ignored(stack: Stack, run: Run) -> None:
    stack.publish("stack-mcp")
    stack.ring()
    status, said = run("--wait", "0")
    assert status == 1
    assert said.startswith(
        "error: the alarm mcp-errors rings already; wait until it ends, or name it with --ignore. Nothing was moved."
    )
    assert stack.note("mcp") is None
    assert run("--wait", "0", "--ignore", ALARM)[0] == 0


def test_a_version_that_fails_its_probe_gets_no_request(
    stack: Stack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ProbeFailed("asked for server/discover, it failed: ImportError: no such module")

    stack.publish("stack-mcp")
    monkeypatch.setattr(Prober, "probe", fail)
    status, said = run()
    assert status == 1
    assert said == (
        "error: version 2 of stack-mcp did not pass its probe: asked for server/discover, it failed: ImportError: no "
        "such module. Nothing was moved. Now stack-worker serves version 1, stack-mcp serves version 1.\n"
    )
    assert stack.note("mcp") is None


def test_an_alarm_that_does_not_exist_is_refused(stack: Stack, run: Run) -> None:
    stack.publish("stack-mcp")
    stack.cloudwatch.delete_alarms(AlarmNames=[ALARM])
    status, said = run()
    assert (status, said.partition(",")[0]) == (1, "error: there is no alarm mcp-errors")


def test_a_release_without_an_alarm_is_refused(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*NAMES, "release"]) == 1
    assert capsys.readouterr().err == (
        "error: without an alarm, nothing would end a release that fails: name one with --alarm, or --stack\n"
    )


def test_an_interrupted_release_stays_where_it_is_and_a_second_run_goes_on(stack: Stack, time: Time, run: Run) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    stack.publish("stack-mcp")
    time.after(10, interrupt)
    status, said = run("--wait", "20")
    assert status == 130
    assert said.splitlines()[-1] == (
        "interrupted. Now stack-worker serves version 1, stack-mcp serves version 1 (90 %) and version 2 (10 %). "
        "Run the command again to go on, or with --rollback to go back."
    )
    assert run("--wait", "0")[0] == 0
    assert stack.serving()["mcp"] == "version 2"


def test_a_release_that_somebody_else_moves_leaves_the_aliases_to_them(
    stack: Stack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meet_another(*_: object) -> None:
        raise MovedByAnother("stack-mcp")

    stack.publish("stack-mcp")
    monkeypatch.setattr(Rollout, "advance", meet_another)
    status, said = run()
    assert (status, said.partition(".")[0]) == (1, "error: somebody else moved the alias of stack-mcp")


def test_the_last_release_is_taken_back_and_no_other_one(stack: Stack, time: Time, run: Run) -> None:
    stack.publish("stack-worker")
    run("--wait", "0")
    time.now += 3600
    stack.publish("stack-mcp")
    run("--wait", "0")
    assert stack.serving() == {"worker": "version 2", "mcp": "version 2"}
    status, said = run("--rollback")
    assert status == 0
    assert said.endswith("is taken back. Now stack-worker serves version 2, stack-mcp serves version 1.\n")
    assert run("--rollback")[0] == 0
    assert stack.serving() == {"worker": "version 2", "mcp": "version 1"}


def test_an_interrupted_release_is_taken_back(stack: Stack, run: Run) -> None:
    stack.publish("stack-mcp")
    standing = stack.aliases.read("stack-mcp")
    stack.aliases.move(standing, Note(OPEN, "2027-01-15T08:00:00Z", "2", "1"), 10)
    assert run("--rollback")[0] == 0
    assert stack.serving()["mcp"] == "version 1"


def test_without_a_release_there_is_nothing_to_take_back(run: Run) -> None:
    status, said = run("--rollback")
    assert (status, said.partition(".")[0]) == (1, "error: there was no release")


def test_going_back_needs_no_alarm(stack: Stack, run: Run) -> None:
    stack.publish("stack-mcp")
    run("--wait", "0")
    assert main([*NAMES, "release", "--rollback"]) == 0
    assert stack.serving()["mcp"] == "version 1"


@pytest.mark.parametrize("steps", ["10,50", "0,100", "50,10,100", "10,10,100", "100,110", "all"])
def test_steps_grow_to_everything(steps: str) -> None:
    with pytest.raises(SystemExit):
        main([*RELEASE, "--steps", steps])


@pytest.mark.parametrize(("option", "value"), [("--wait", "-1"), ("--tolerate", "100"), ("--tolerate", "-1")])
def test_an_option_out_of_its_range_is_refused(option: str, value: str) -> None:
    with pytest.raises(SystemExit):
        main([*RELEASE, option, value])


def test_the_defaults_wait_for_the_period_of_an_alarm() -> None:
    assert (command.STEPS, command.WAIT_SECONDS) == ((10, 50, 100), 300)
