"""Moving requests to the new versions step by step, and back if they fail."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from admin.release.alias import EVERYTHING, Aliases, MovedByAnother, Standing
from admin.release.note import DONE, OPEN, TAKEN_BACK, Note
from admin.release.watch import UnknownAlarm, Watch, Watched

# How often the alarms are looked at, in seconds.
POLL_SECONDS = 15


class Trouble(Exception):
    """The new versions must not get more requests. The text says why."""


@dataclass(frozen=True, slots=True)
class Move:
    """One function's way from the version that serves to the new one. ``label`` is its name for people."""

    label: str
    standing: Standing
    note: Note

    @property
    def share(self) -> float:
        """How many percent of the requests the new version gets."""
        return self.standing.share_of(self.note.new)


def plan(aliases: Aliases, functions: Iterable[tuple[str, str]], started: str) -> list[Move]:
    """Return the moves of ``functions``, by label and name, whose newest version does not serve yet.

    What an interrupted release has moved stays where it is. ``started`` names the release, unless an interrupted one
    goes on with the same versions.
    """
    moves = []
    for label, function in functions:
        standing, newest = aliases.read(function), aliases.newest_version(function)
        note = standing.note
        if note is not None and note.state == OPEN and note.new == newest:
            moves.append(Move(label, standing, note))
        elif standing.version != newest:
            moves.append(Move(label, standing, Note(OPEN, started, newest, standing.version)))
    if any(move.note.release == started for move in moves):
        # One release, so that it is also taken back as one.
        moves = [replace(move, note=replace(move.note, release=started)) for move in moves]
    return moves


class Rollout:
    """A release of several functions. ``clock`` reads seconds since the epoch, ``report`` tells the user."""

    def __init__(
        self,
        aliases: Aliases,
        watch: Watch,
        report: Callable[[str], None],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._aliases = aliases
        self._watch = watch
        self._report = report
        self._clock = clock
        self._sleep = sleep

    def advance(self, moves: Sequence[Move], steps: Sequence[int], wait: float) -> None:
        """Take the steps that are left, in percent, and watch each for ``wait`` seconds.

        A step that an interrupted release has reached is watched again. Raise ``Trouble`` or ``MovedByAnother``; the
        aliases are then as they are.
        """
        since = self._clock()
        least = min(move.share for move in moves)
        for step in (step for step in steps if step >= least):
            moves = [self._move_to(move, step) for move in moves]
            versions = ", ".join(f"{move.label} {move.note.new}" for move in moves)
            self._report(f"{step} % of the requests go to {versions}. Watching for {wait:g} seconds.")
            self._watch_for(wait, moves, since)
        for move in moves:
            self._write(move, DONE, EVERYTHING)

    def take_back(self, moves: Sequence[Move]) -> list[str]:
        """Give all requests back to the old versions, callers before what they call. Return what could not be moved."""
        failures = []
        for move in reversed(moves):
            try:
                current = replace(move, standing=self._aliases.read(move.standing.function))
                if current.share > 0 or (current.standing.note is not None and current.standing.note.state == OPEN):
                    self._write(current, TAKEN_BACK, 0)
            except MovedByAnother:
                failures.append(f"{move.label}: somebody else moved it")
            except (BotoCoreError, ClientError) as error:
                failures.append(f"{move.label}: {error}")
        return failures

    def _move_to(self, move: Move, step: int) -> Move:
        is_there = move.share >= step and move.standing.note == move.note
        return move if is_there else self._write(move, OPEN, max(step, move.share))

    def _write(self, move: Move, state: str, share: float) -> Move:
        note = replace(move.note, state=state)
        return replace(move, note=note, standing=self._aliases.move(move.standing, note, share))

    def _watch_for(self, wait: float, moves: Sequence[Move], since: float) -> None:
        versions = [Watched(move.label, move.standing.function, move.note.new) for move in moves]
        end = self._clock() + wait
        while True:
            try:
                trouble = list(self._watch.find_trouble(versions, since, self._clock()))
            except (BotoCoreError, ClientError, UnknownAlarm) as error:
                raise Trouble(f"the alarms cannot be read: {error}") from error
            if trouble:
                raise Trouble("; ".join(trouble))
            left = end - self._clock()
            if left <= 0:
                return
            self._sleep(min(POLL_SECONDS, left))
