"""A repository at GitHub with its account at AWS, for the tests of the pipeline."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.edge.settings import CLOUDFRONT, Settings
from local.processes import stop
from local.servers import bind_socket, start_edge
from tests.engine.checkout import make_checkout, share_packages
from tests.engine.engine import Engine
from tests.engine.github import TokenIssuer
from tests.engine.runner import Runner
from tests.engine.shell import make_shell

SUBJECT = "repo:acme@123456/tools@456789"
CACHE_SECONDS = 1


class Pipeline:
    """A repository at GitHub with its account at AWS."""

    def __init__(self, engine: Engine, directory: Path, tokens: TokenIssuer, provider_port: int) -> None:
        self.engine = engine
        self.directory = directory
        with bind_socket(0) as listener:
            self.port = int(listener.getsockname()[1])
        self.checkout = make_checkout(directory / "checkout")
        share_packages(self.checkout)
        self.tokens = tokens
        self.shell = make_shell(engine, directory / "shell") | {"PULUMI_DEBUG_PROVIDERS": f"aws:{provider_port}"}
        self.variables: dict[str, str] = {}

    def run(self, command: str, folder: str = ".", **more: str) -> str:
        """Run a command as who sets up the pipeline, and return what it printed."""
        done = subprocess.run(
            ["/bin/sh", "-ec", command],
            cwd=self.checkout / folder,
            env={**self.shell, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def runner(self) -> Runner:
        return Runner(
            checkout=self.checkout,
            environment=self._machine(),
            variables=self.variables,
            actions={
                "actions/checkout": lambda inputs: {},
                "actions/setup-python": lambda inputs: {},
                "pulumi/actions": lambda inputs: {},
                "aws-actions/configure-aws-credentials": self.tokens.take_role,
            },
            claim=self.tokens.claim,
            scratch=self.directory,
            subject=SUBJECT,
        )

    def _machine(self) -> dict[str, str]:
        """Return the environment of a machine of GitHub, which has no credentials."""
        own = {key: value for key, value in self.shell.items() if not key.startswith("AWS_") or key.endswith("_FILE")}
        emulator = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.engine.aws.port}", "AWS_EC2_METADATA_DISABLED": "true"}
        quick = {"PAUSE_SECONDS": "0", "WAIT_SECONDS": "60", "AUTHORIZER_CACHE_SECONDS": str(CACHE_SECONDS)}
        return {name: value for name, value in {**own, **emulator, **quick}.items() if name != "PULUMI_BACKEND_URL"}

    @contextmanager
    def edge(self) -> Iterator[None]:
        """Serve the local edge, which is what the public URL of the stack names, while in the context."""
        outputs = json.loads(
            self.run("pulumi stack output --stack dev --json", PULUMI_BACKEND_URL=self.variables["DEV_BACKEND"])
        )
        # Stacks of other tests may have distributions, too.
        found = self.engine.aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
        [distribution] = [each for each in found if each["DomainName"] == outputs["edge_target"]]
        [header] = distribution["Origins"]["Items"][0]["CustomHeaders"]["Items"]
        host = f"{outputs['api_id']}.execute-api.localhost:{self.engine.aws.port}"
        settings = Settings(CLOUDFRONT, self.engine.aws.port, host, outputs["stage_name"], header["HeaderValue"])
        place = self.directory / "edge"
        place.mkdir(exist_ok=True)
        with bind_socket(self.port) as listener:
            process = start_edge(place, listener, settings)
        try:
            yield
        finally:
            stop(process)
