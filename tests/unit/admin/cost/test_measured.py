"""The model's figures are what the handlers do today."""

import json
import os
import subprocess  # nosec B404  # this program, without a shell
import sys
from pathlib import Path
from typing import Any

import pytest

from admin.cost.activity import MEASURED

ROOT = Path(__file__).resolve().parents[4]
# Durations and ids have more or fewer digits from run to run.
SLACK_BYTES = 12


def compare(found: Any, expected: Any, path: str = "") -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), path
        for name, value in expected.items():
            compare(found[name], value, f"{path}/{name}")
    elif path.endswith("_bytes") or "/item_bytes/" in path:
        assert abs(found - expected) <= SLACK_BYTES, path
    else:
        assert found == expected, path


@pytest.mark.slow
def test_the_handlers_read_and_write_what_the_model_says() -> None:
    """If it fails, run ``python -m tests.costs > admin/cost/measured.json``, and look at docs/scaling.md again."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "tests.costs"]
    output = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout
    compare(json.loads(output), json.loads(MEASURED.read_text()))
