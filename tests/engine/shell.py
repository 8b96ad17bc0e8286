"""A shell for the commands of a page or a pipeline: the real CLI, the emulator for AWS, a backend in a directory."""

import os
import secrets
import shutil
from pathlib import Path

from tests.engine import command
from tests.engine.engine import Engine

# Settings of the developer that a new machine does not have, or that would reach a real account.
_FOREIGN = ("AWS_", "ACTIONS_", "GITHUB_", "PULUMI_", "PYTHON", "VIRTUAL_ENV")


def make_shell(engine: Engine, directory: Path) -> dict[str, str]:
    """Return the environment of a shell whose files are in ``directory``: no stack yet, and nobody else's settings.

    ``pulumi`` is the real CLI, which reaches the provider of ``engine``. ``python -m admin`` and other AWS clients
    reach the emulator with the permissions of its owner.
    """
    programs, state = directory / "bin", directory / "state"
    programs.mkdir(parents=True)
    state.mkdir()
    command.install(programs, str(shutil.which(engine.command.command)))
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)},
        **engine.aws.environment(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": secrets.token_urlsafe(),
        "PULUMI_DEBUG_PROVIDERS": f"aws:{engine.port}",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
