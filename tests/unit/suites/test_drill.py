"""The command that rehearses a restore: what it prints, and how it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drill.__main__ import run_steps
from tests.drill.life import DrillFailed
from tests.drill.restore import Drill

PAGE = Path(__file__).resolve().parents[3] / "docs" / "restore.md"


def test_each_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_steps([("A table is restored", lambda: None), ("Clients work", lambda: None)]) == 0
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(" 1  A table is restored")
    assert second.startswith(" 2  Clients work")
    assert last.startswith("All 2 steps of the restore succeeded")


def test_the_first_step_that_fails_ends_it_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    def lose() -> None:
        raise DrillFailed("a client is unknown")

    later: list[str] = []
    steps: list[tuple[str, Callable[[], None]]] = [("Clients work", lose), ("Users work", lambda: later.append("ran"))]
    assert run_steps(steps) == 1
    assert capsys.readouterr().err == "error: step 1 of 2 failed: Clients work: a client is unknown\n"
    assert later == []


def test_every_step_of_the_drill_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    sentences = [sentence for sentence, _ in Drill(tmp_path).steps()]
    assert len(sentences) == len(set(sentences)) > 10
    assert "make restore-drill" in PAGE.read_text()
