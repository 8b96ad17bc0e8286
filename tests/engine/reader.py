"""Who reads a page and runs its commands: a clone of the project, a shell, and what stands in for the internet."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local.edge.settings import CLOUDFRONT, Settings
from local.processes import Process, stop
from local.program import ROOT
from local.servers import bind_socket, find_free_port, start_edge
from local.stack import settings_of_machine
from tests.engine.engine import Engine
from tests.engine.shell import make_shell

SECONDS = 300
# What a clone does not have, or has as files of its own.
_NOT_CLONED = (".git", ".local", ".pytest_cache", ".mypy_cache", ".ruff_cache")
_SETTINGS = "Pulumi.*.yaml"
COMMIT = """git init --quiet
git add Pulumi*.yaml
git -c user.name=Reader -c user.email=reader@example.com commit --quiet --message "Deploy"
git tag deployed-before"""


class CommandFailed(Exception):
    """A block of a page failed. The text has the block and all that it printed."""


@dataclass
class Reader:
    """Runs blocks in a clone of the project. Variables of a block are there for the next one, as in one terminal."""

    engine: Engine
    directory: Path
    environment: dict[str, str] = field(init=False)
    port: int = field(init=False)
    edge: Process | None = None

    def __post_init__(self) -> None:
        self.port = find_free_port()
        self.environment = make_shell(self.engine, self.directory)
        # The page logs in, and answers the questions of Pulumi with yes.
        self.backend = self.environment.pop("PULUMI_BACKEND_URL")
        self.environment |= {"PULUMI_SKIP_CONFIRMATIONS": "true", "NO_PROXY": "127.0.0.1,localhost"}
        (self.directory / "bin" / "aws").symlink_to(ROOT / ".venv" / "bin" / "aws")
        (self.directory / "variables").touch()
        self._clone()
        self.run(f"pulumi login {self.backend}")

    @property
    def clone(self) -> Path:
        return self.directory / "clone"

    def run(self, block: str, answer: str = "") -> str:
        """Run a block as a shell script that stops at the first failure, and return what it printed.

        ``answer`` is what the reader types when a command asks. Raise CommandFailed.
        """
        variables = self.directory / "variables"
        script = f". {variables}\nset -ea\n{block}\nexport -p >{variables}\n"
        done = self._shell(script, answer)
        if done.returncode:
            raise CommandFailed(f"{block}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
        self._answer_at_the_url()
        return done.stdout + done.stderr

    def come_back(self, stack: str, settings: Mapping[str, str]) -> None:
        """Be where the reader was when ``settings`` were taken: the back end, the stack and its settings."""
        for path in self.clone.glob(_SETTINGS):
            path.unlink()
        for name, text in settings.items():
            (self.clone / name).write_text(text)
        self.run(f"pulumi login {self.backend}\npulumi stack select {stack}")

    def settings(self) -> dict[str, str]:
        """Return the files with the settings of the stacks, by their names."""
        return {path.name: path.read_text() for path in self.clone.glob(_SETTINGS)}

    def outputs(self) -> dict[str, Any]:
        """Return the outputs of the selected stack, none if none is selected."""
        done = self._shell("pulumi stack output --json --non-interactive")
        outputs: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        return outputs

    def leave(self) -> None:
        """Stop what stands in for the distribution."""
        if self.edge:
            stop(self.edge)

    def _shell(self, script: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=self.clone,
            env=self.environment,
            input=answer,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def _clone(self) -> None:
        """Make the clone, whose stacks run on this machine: the local edge stands in for the distribution."""
        self.clone.mkdir()
        for path in ROOT.iterdir():
            if path.name not in _NOT_CLONED and not path.match(_SETTINGS):
                (self.clone / path.name).symlink_to(path)
        here: dict[str, Any] = {
            **settings_of_machine(),
            "publicUrl": f"http://localhost:{self.port}",
            "edge": CLOUDFRONT,
            "authorizerCacheSeconds": 1,
            # The documents of real clients are on the internet.
            "clientIdMetadataDocuments": [],
        }
        for path in ROOT.glob(_SETTINGS):
            settings = yaml.safe_load(path.read_text())
            settings["config"] |= here
            (self.clone / path.name).write_text(yaml.safe_dump(settings))
        # Its one commit is also that of the version before.
        self._shell(COMMIT).check_returncode()

    def _answer_at_the_url(self) -> None:
        """Start what stands in for the distribution, once a stack has one."""
        distributions = self.engine.aws.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
        if self.edge or not distributions:
            return
        outputs = self.outputs()
        [header] = distributions[0]["Origins"]["Items"][0]["CustomHeaders"]["Items"]
        host = f"{outputs['api_id']}.execute-api.localhost:{self.engine.aws.port}"
        settings = Settings(CLOUDFRONT, self.engine.aws.port, host, outputs["stage_name"], header["HeaderValue"])
        with bind_socket(self.port) as listener:
            self.edge = start_edge(self.directory, listener, settings)
