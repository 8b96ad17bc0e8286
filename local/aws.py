"""Clients for the emulator's AWS API, and the parts of ARNs."""

import os
import threading
from typing import Any

import boto3
from botocore.config import Config

# This access key is the emulator's root user: it has all permissions, and its signature is not checked.
ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # nosec B105  # not a secret: the emulator accepts any value
PARTITION = "aws"


class Aws:
    """Clients for the emulator that listens on ``127.0.0.1:<port>``, shared between threads."""

    def __init__(self, port: int, region: str) -> None:
        self.port = port
        self.region = region
        self._session = boto3.Session(
            aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY, region_name=region
        )
        # proxies={}: requests to loopback must not go through a proxy.
        self._config = Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=120, max_pool_connections=32)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._account: str | None = None

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the boto3 client of ``service`` in a region, by default that of the stack.

        Threads can share boto3 clients, but not sessions.
        """
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service, region_name=key[1], endpoint_url=f"http://127.0.0.1:{self.port}", config=self._config
                )
            return self._clients[key]

    @property
    def account(self) -> str:
        if self._account is None:
            self._account = str(self.client("sts").get_caller_identity()["Account"])
        return self._account

    def arn(
        self, service: str, resource: str, *, region: bool = True, account: bool = True, place: str | None = None
    ) -> str:
        """Return the ARN of ``resource``, for services whose API does not return it. ``place`` is another region."""
        here = place or self.region
        return ":".join(["arn", PARTITION, service, here if region else "", self.account if account else "", resource])

    def environment(self) -> dict[str, str]:
        """Return the environment variables that direct any AWS client to the emulator, and only there."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": self.region,
            # Both spellings, because lower case wins.
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


def forget_environment() -> None:
    """Remove the developer's AWS settings from this process, so that nothing here can reach a real account."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
