"""GitHub, as far as the pipeline talks to it: tokens for jobs, and comments on a pull request."""

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from examples.deployer.trust import AUDIENCE, HOST
from local.aws import Aws
from tests.engine.provider.servicer import Servicer


class JobAws(Aws):
    """Clients with the credentials of a job, on the emulator of ``owner``."""

    def __init__(self, owner: Aws, given: Mapping[str, str]) -> None:
        super().__init__(owner.port, owner.region)
        self._session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=owner.region
        )


@dataclass
class TokenIssuer:
    """Gives each job a token with its claims, and takes a role with it as configure-aws-credentials does.

    ``provider`` is that of Pulumi, which works with the credentials of the job, too.
    """

    aws: Aws
    provider: Servicer
    claims: dict[str, str] = field(default_factory=dict)

    def claim(self, sub: str, ref: str) -> None:
        self.claims = {"iss": f"https://{HOST}", "aud": AUDIENCE, "sub": sub, "ref": ref}

    def take_role(self, inputs: Mapping[str, Any]) -> dict[str, str]:
        """Return the variables with the credentials of ``role-to-assume``. Raise ``ClientError`` if STS refuses."""
        sts = boto3.client(
            "sts",
            region_name=inputs["aws-region"],
            endpoint_url=f"http://127.0.0.1:{self.aws.port}",
            config=Config(signature_version=UNSIGNED, proxies={}),
        )
        given = sts.assume_role_with_web_identity(
            RoleArn=inputs["role-to-assume"],
            RoleSessionName=inputs["role-session-name"],
            WebIdentityToken=_token(self.claims),
        )["Credentials"]
        self.provider.work_for(JobAws(self.aws, given))
        return {
            "AWS_REGION": inputs["aws-region"],
            "AWS_DEFAULT_REGION": inputs["aws-region"],
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }


def _token(claims: Mapping[str, str]) -> str:
    """Return a token with ``claims``. The emulator does not check signatures."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "signature"])


@dataclass
class Comments:
    """The comments of all pull requests, and the requests that changed them, as ``POST PATH``."""

    url: str = ""
    token: str = "token-of-the-job"
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def add(self, login: str, body: str) -> dict[str, Any]:
        comment = {"id": len(self.comments) + 1, "user": {"login": login}, "body": body}
        self.comments.append(comment)
        return comment


@contextmanager
def serve_comments() -> Iterator[Comments]:
    """Serve GitHub's API for comments while in the context."""
    comments = Comments()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = re.fullmatch(r"/repos/acme/tools/issues/7/comments\?per_page=(\d+)&page=(\d+)", self.path)
            size, page = (int(part) for part in found.groups()) if found else (0, 1)
            self._answer(200 if found else 404, comments.comments[size * (page - 1) : size * page])

        def do_POST(self) -> None:
            self._change(201, lambda body: comments.add("github-actions[bot]", body))

        def do_PATCH(self) -> None:
            number = int(self.path.rpartition("/")[2])
            self._change(200, lambda body: comments.comments[number - 1].update(body=body))

        def _change(self, status: int, change: Any) -> None:
            comments.requests.append(f"{self.command} {self.path}")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            change(body["body"])
            self._answer(status, {})

        def _answer(self, status: int, content: Any) -> None:
            if self.headers["Authorization"] != f"Bearer {comments.token}":
                status, content = 401, {}
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing: the test looks at the requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    comments.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield comments
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
