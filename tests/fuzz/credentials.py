"""The clients whose credentials made-up requests carry."""

from dataclasses import dataclass, field
from typing import Any

import requests
from schemathesis import Response

TIMEOUT = 60


@dataclass
class Credentials:
    """A client that gets tokens, and one that is read, replaced and deleted. Both are real."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    client: dict[str, Any] = field(init=False)
    managed: dict[str, Any] = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.client, self.managed = self._register(), self._register()
        form = {"grant_type": "client_credentials"}
        answer = self.session.post(f"{self.url}/token", data=form, auth=self.basic, timeout=TIMEOUT)
        answer.raise_for_status()
        self.token = answer.json()["access_token"]

    @property
    def basic(self) -> tuple[str, str]:
        """What the client authenticates with."""
        return self.client["client_id"], self.client["client_secret"]

    def saw(self, method: str, response: Response) -> None:
        """Take note of an answer about the managed client: its token has changed, or it is gone."""
        if method == "DELETE" and response.status_code == requests.codes.no_content:
            self.managed = self._register()
        elif method == "PUT" and response.status_code == requests.codes.ok:
            self.managed = response.json()

    def _register(self) -> dict[str, Any]:
        asked = {"grant_types": ["client_credentials"]}
        answer = self.session.post(f"{self.url}/dcr", json=asked, timeout=TIMEOUT)
        answer.raise_for_status()
        return dict(answer.json())
