"""A browser with nobody logged in, whose forms made-up requests carry, and the client that it is sent by."""

import html
import re
from dataclasses import dataclass

import requests

from runtime.oauth.credentials import new_credential
from tests.fuzz.credentials import TIMEOUT

REDIRECT_URI = "https://client.example/callback"
# RFC 7636 appendix B.
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BROWSER = {"Cookie": f"__Host-browser={new_credential()}"}
FIELD = re.compile(r'name="(request|proof)" value="([^"]+)"')


@dataclass
class User:
    """Somebody before the pages of a server."""

    url: str
    session: requests.Session
    client_id: str
    secret: str

    @classmethod
    def before(cls, url: str, session: requests.Session) -> "User":
        """With a new client, to which users can grant something."""
        asked = {"grant_types": ["authorization_code"], "redirect_uris": [REDIRECT_URI]}
        answer = session.post(f"{url}/dcr", json=asked, timeout=TIMEOUT)
        answer.raise_for_status()
        client = answer.json()
        return cls(url, session, client["client_id"], client["client_secret"])

    @property
    def request(self) -> dict[str, str]:
        """An authorization request in which nothing is wrong."""
        return {
            "client_id": self.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }

    def signed_request(self) -> str:
        """What the form of the consent page carries."""
        return self._field("/authorize", self.request)

    def proof(self) -> str:
        """What the form of the account page carries."""
        return self._field("/account", {})

    def _field(self, path: str, query: dict[str, str]) -> str:
        page = self.session.get(self.url + path, params=query, headers=BROWSER, timeout=TIMEOUT)
        page.raise_for_status()
        found = FIELD.search(page.text)
        assert found, path
        return html.unescape(found.group(2))
