"""Record the stacks of this version, for the next one to be tested with: ``python -m tests.engine.released``."""

import json
import tempfile
from pathlib import Path

from local.edge.settings import CLOUDFRONT
from local.stack import settings_of_machine
from runtime.version import VERSION
from tests.engine.engine import Engine, run_engine
from tests.engine.released.state import FOLDER, NAMES, ReleasedState

# The name that clients of the recorded stack know. No test opens a socket there.
PUBLIC_URL = "http://localhost:8080"
SETTINGS = {"released": {"edge": CLOUDFRONT, "publicUrl": PUBLIC_URL}, "released-prod": {}}


def record(engine: Engine, name: str) -> ReleasedState:
    """Deploy a stack, and return its state."""
    stack = engine.stack(name, settings_of_machine() | SETTINGS[name], like=name.partition("-")[2] or "dev")
    stack.up()
    exported = engine.command.run(
        ["stack", "export", "--show-secrets", "--stack", name], str(stack.directory), stack.stack.workspace.env_vars
    )
    return ReleasedState.from_export(json.loads(exported.stdout), VERSION, stack.settings())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, run_engine(Path(scratch)) as started:
        for each in NAMES:
            record(started, each).save(each)
    print(f"Recorded in {FOLDER}. Commit it together with the version.")  # noqa: T201  # a command for a person
