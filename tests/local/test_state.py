"""Tests of the state file."""

import stat
from pathlib import Path

import pytest

from local.edge.settings import Settings
from local.errors import LocalError
from local.processes import Process
from local.state import Client, Entry, State, lock


def test_a_saved_state_is_read_back_whole_and_in_order(tmp_path: Path) -> None:
    state = State(
        tmp_path,
        8080,
        4566,
        "eu-central-1",
        edge=Settings("domain", 4566, "abc", "dev"),
        processes={"emulator": Process(1, "2")},
    )
    for name in "cab":
        state.resources[name] = Entry("aws:sns/topic:Topic", name, f"arn:{name}", {"n": 1}, {"arn": name})
    state.replaced.append(Entry("t", "n", "i", {}, {}, stale=True))
    state.outputs = {"url": "http://localhost:8080"}
    state.registration = "open"
    state.client = Client("http://localhost:1", "id", "secret", "http://localhost:8080/callback")
    state.save()
    loaded = State.load(tmp_path)
    assert loaded == state
    assert loaded is not None
    assert list(loaded.resources) == ["c", "a", "b"]


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    State(tmp_path, 8080, 4566, "eu-central-1").save()
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]


def test_no_file_means_no_stack_and_a_damaged_one_is_an_error_that_names_it(tmp_path: Path) -> None:
    assert State.load(tmp_path) is None
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(LocalError, match=r"state\.json is damaged"):
        State.load(tmp_path)


def test_a_second_command_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(LocalError, match="another command is using"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass
