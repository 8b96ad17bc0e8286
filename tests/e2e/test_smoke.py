"""The smoke test that operators run against a deployment, run here against the local one."""

import os
import subprocess
from pathlib import Path

from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server

SCRIPT = Path(__file__).resolve().parents[1] / "smoke" / "test_api.sh"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AUTHORIZER_CACHE_SECONDS": str(AUTHORIZER_CACHE_SECONDS), **variables}
    return subprocess.run(
        [SCRIPT, *arguments], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def test_the_smoke_test_passes_against_the_local_stack(server: Server) -> None:
    done = run(server.url)
    assert done.returncode == 0, done.stderr
    assert "FAIL" not in done.stdout + done.stderr


def test_the_smoke_test_fails_where_nothing_answers() -> None:
    assert run("http://localhost:1").returncode == 1
