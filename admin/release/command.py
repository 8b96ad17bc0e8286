"""The command ``release``: its arguments, and what it prints."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import FrameType

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from admin.release.alias import EVERYTHING, Aliases, MovedByAnother
from admin.release.note import TAKEN_BACK
from admin.release.prober import ProbeFailed, Prober
from admin.release.probes import PROBES
from admin.release.rollout import Move, Rollout, Trouble, plan
from admin.release.watch import UnknownAlarm, Watch

DONE, FAILED, INTERRUPTED = 0, 1, 130
STEPS, WAIT_SECONDS = (10, 50, EVERYTHING), 300


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its arguments."""
    parser = commands.add_parser("release", help="move requests to the new versions in steps, and back if they fail")
    parser.set_defaults(run=run, needs=("function",))
    parser.add_argument(
        "--alarm",
        action="append",
        dest="release_alarms",
        help="an alarm that ends the release; may be repeated [the output release_alarms of the stack]",
    )
    parser.add_argument(
        "--steps", type=_steps, default=STEPS, help="the percents of requests for the new versions [10,50,100]"
    )
    parser.add_argument(
        "--wait", type=_seconds, default=WAIT_SECONDS, help="how many seconds to watch after each step [300]"
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="ALARM", help="an alarm that may ring; may be repeated"
    )
    parser.add_argument(
        "--tolerate",
        type=_percent,
        default=0,
        metavar="PERCENT",
        help="how many percent of the requests of a new version may fail [0]",
    )
    parser.add_argument(
        "--rollback", action="store_true", help="give all requests back to the versions before the last release"
    )


def _steps(text: str) -> tuple[int, ...]:
    steps = tuple(int(step) for step in text.split(","))
    if steps[-1] != EVERYTHING or steps[0] < 1 or list(steps) != sorted(set(steps)):
        raise argparse.ArgumentTypeError("must be growing whole numbers of percent, from at least 1 to 100")
    return steps


def _seconds(text: str) -> int:
    seconds = int(text)
    if seconds < 0:
        raise argparse.ArgumentTypeError("must be at least 0")
    return seconds


def _percent(text: str) -> float:
    percent = float(text)
    if not 0 <= percent < EVERYTHING:
        raise argparse.ArgumentTypeError("must be from 0 to less than 100")
    return percent


class Release:
    """One run of the command on the functions of a stack, by label and name."""

    def __init__(self, functions: Mapping[str, str], watch: Watch) -> None:
        client = boto3.client("lambda")
        self._functions = functions
        self._aliases = Aliases(client)
        self._prober = Prober(client, functions.values())
        self._watch = watch
        self._rollout = Rollout(self._aliases, self._watch, _say, time.time, time.sleep)

    def go(self, steps: Sequence[int], wait: float) -> int:
        """Move the requests to the newest versions and return the exit status. On failure, move them back."""
        started = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        moves = self._in_order(plan(self._aliases, self._functions.items(), started))
        if not moves:
            _say(f"There is nothing to release. {self._describe()}")
            return DONE
        if refusal := self._find_refusal(moves):
            _say(f"error: {refusal}. Nothing was moved. {self._describe()}")
            return FAILED
        try:
            self._rollout.advance(moves, steps, wait)
        except (Trouble, ClientError, BotoCoreError) as error:
            return self._give_up(moves, str(error))
        _say(f"Released. {self._describe()}")
        return DONE

    def take_back(self) -> int:
        """Give the requests back to the versions before the last release, and return the exit status."""
        standings = {label: self._aliases.read(function) for label, function in self._functions.items()}
        notes = [standing.note for standing in standings.values() if standing.note]
        if not notes:
            _say(f"error: there was no release. {self._describe()}")
            return FAILED
        last = max(note.release for note in notes)
        moves = [
            Move(label, standing, standing.note)
            for label, standing in standings.items()
            if standing.note and standing.note.release == last and standing.note.state != TAKEN_BACK
        ]
        failures = self._rollout.take_back(self._in_order(moves))
        if failures:
            _say(f"error: not all requests were given back: {'; '.join(failures)}. {self._describe()}")
            return FAILED
        _say(f"The release of {last} is taken back. {self._describe()}")
        return DONE

    def describe_interruption(self) -> str:
        """Return what serves now, and how to go on."""
        return f"{self._describe()} Run the command again to go on, or with --rollback to go back."

    def _in_order(self, moves: Sequence[Move]) -> list[Move]:
        order = list(PROBES)

        def rank(move: Move) -> int:
            kind = self._prober.find_kind(move.standing.function, move.note.new)
            return order.index(kind) if kind in order else len(order)

        return sorted(moves, key=rank)

    def _find_refusal(self, moves: Sequence[Move]) -> str | None:
        """Return why the release must not begin, or ``None``."""
        try:
            if ringing := self._watch.find_ringing():
                return f"the alarm {', '.join(ringing)} rings already; wait until it ends, or name it with --ignore"
        except UnknownAlarm as unknown:
            return f"there is no alarm {unknown}, so nothing would end a release that fails"
        for move in moves:
            try:
                self._prober.probe(move.standing.function, move.note.new)
            except (ProbeFailed, ClientError, WaiterError) as error:
                return f"version {move.note.new} of {move.label} did not pass its probe: {error}"
        return None

    def _give_up(self, moves: Sequence[Move], reason: str) -> int:
        failures = self._rollout.take_back(moves)
        unmoved = f" Not all requests were given back: {'; '.join(failures)}." if failures else ""
        _say(f"error: the release was taken back: {reason}.{unmoved} {self._describe()}")
        return FAILED

    def _describe(self) -> str:
        """Return what serves now, as a sentence."""
        serving = [f"{label} serves {self._aliases.read(function)}" for label, function in self._functions.items()]
        return f"Now {', '.join(serving)}."


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return the exit status: 0, 1 if the old versions serve, or 130 after an interruption."""
    named: Mapping[str, str] | Sequence[str] = arguments.function
    functions = named if isinstance(named, Mapping) else dict(zip(named, named, strict=True))
    given = arguments.release_alarms
    alarms = given.values() if isinstance(given, Mapping) else given
    if not alarms and not arguments.rollback:
        _say("error: without an alarm, nothing would end a release that fails: name one with --alarm, or --stack")
        return FAILED
    watch = Watch(boto3.client("cloudwatch"), list(alarms or ()), arguments.ignore, arguments.tolerate)
    release = Release(functions, watch)
    return _stop_in_order(
        lambda: release.take_back() if arguments.rollback else release.go(arguments.steps, arguments.wait), release
    )


def _stop_in_order(work: Callable[[], int], release: Release) -> int:
    """Run ``work``. If it is interrupted, or somebody else moves an alias, leave the aliases and say where they are."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return work()
    except MovedByAnother as moved:
        _say(f"error: somebody else moved the alias of {moved}. {release.describe_interruption()}")
        return FAILED
    except KeyboardInterrupt:
        _say(f"interrupted. {release.describe_interruption()}")
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
