"""The command ``cost``, and what it prints."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from admin.__main__ import main

# Runs the command, and returns what it prints.
Cost = Callable[..., str]


@pytest.fixture
def cost(capsys: pytest.CaptureFixture[str]) -> Cost:
    def run(*arguments: str, region: str = "us-east-1") -> str:
        assert main(["--region", region, "cost", *arguments]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


@pytest.fixture
def bill(cost: Cost) -> Callable[..., dict[str, Any]]:
    """Return the bill as JSON, its lines by name."""

    def run(*arguments: str, region: str = "us-east-1") -> dict[str, Any]:
        content = json.loads(cost(*arguments, "--format", "json", region=region))
        return {**content, "bill": {line["name"]: line for line in content["bill"]}}

    return run


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Cost:
    """Run the command, which must fail, and return its error."""

    def run(*arguments: str, region: str | None = "us-east-1") -> str:
        place = ["--region", region] if region else []
        try:
            status = main([*place, "cost", *arguments])
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 0
        # 2 is what argparse says of an argument that it does not take.
        assert status in (1, 2)
        return capsys.readouterr().err

    return run
