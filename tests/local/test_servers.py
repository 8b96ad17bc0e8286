"""Tests of starting the servers."""

import socket
import sys
from pathlib import Path

import pytest

from local import servers
from local.errors import LocalError
from local.processes import spawn


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with servers.bind_socket(0) as taken:
        port = taken.getsockname()[1]
        taken.listen()
        message = rf"cannot use port {port} \(Address already in use\).*PORT="
        with pytest.raises(LocalError, match=message), servers.bind_socket(port):
            pass


def test_a_port_is_only_bound_on_the_loopback_interface() -> None:
    with servers.bind_socket(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert listener.family == socket.AF_INET


def test_a_server_that_ends_at_once_leaves_the_last_line_of_its_log_as_the_reason(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawn([sys.executable, "-c", "exit('no such thing')"], env={}, log=log, cwd=tmp_path)
    with pytest.raises(LocalError, match="it did not start: no such thing"):
        servers._wait_until_ready(process, lambda: False, log, "it")


def test_servers_see_nothing_of_the_environment_but_what_an_interpreter_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert set(servers._environment(tmp_path)) <= {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "HOME"}
    assert servers._environment(tmp_path)["HOME"] == str(tmp_path)
