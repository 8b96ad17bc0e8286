"""Put the preview of a stack on its pull request, in place of the one of the commit before.

It is for a runner without the packages of this project, so it uses the standard library alone. The environment has what
it needs: GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN as GitHub names them, PULL_REQUEST (its number), STACK and
TEXT.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Mapping
from typing import Any

# Whose comments may be replaced: anybody can write the mark into theirs.
AUTHOR = "github-actions[bot]"
PAGE = 100


def put_comment(environment: Mapping[str, str]) -> None:
    """Make the comment, or replace it. Raise ``urllib.error.URLError`` if GitHub refuses."""
    mark = f"<!-- preview of {environment['STACK']} -->"
    issues = f"{environment['GITHUB_API_URL']}/repos/{environment['GITHUB_REPOSITORY']}/issues"
    token = environment["GITHUB_TOKEN"]
    thread = f"{issues}/{environment['PULL_REQUEST']}/comments"
    text = environment["TEXT"] or f"### Preview of {environment['STACK']}: failed before it began"
    body = {"body": f"{mark}\n{text}"}
    found = _find(thread, token, mark)
    if found is None:
        _send("POST", thread, token, body)
    else:
        _send("PATCH", f"{issues}/comments/{found}", token, body)


def _find(thread: str, token: str, mark: str) -> int | None:
    """Return the id of the comment that has ``mark``."""
    page = 1
    while comments := _send("GET", f"{thread}?per_page={PAGE}&page={page}", token):
        for comment in comments:
            if comment["user"]["login"] == AUTHOR and comment["body"].startswith(mark):
                return int(comment["id"])
        page += 1
    return None


def _send(method: str, url: str, token: str, body: Mapping[str, str] | None = None) -> Any:
    headers = {"Accept": "application/vnd.github+json", "Authorization": f"Bearer {token}"}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310  # GitHub sets the URL of its API
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # nosec B310
        return json.load(response)


if __name__ == "__main__":
    put_comment(os.environ)
    sys.stdout.write("The preview is on the pull request\n")
