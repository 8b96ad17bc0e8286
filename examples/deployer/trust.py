"""Who may take a role: the trust policies for jobs of GitHub Actions.

A job gets a token from GitHub whose claim ``sub`` says which repository it is of, and what for:

* ``<subject>:environment:<name>`` for a job with an environment, whatever started it,
* ``<subject>:pull_request`` for another job of a pull request,
* ``<subject>:ref:refs/heads/<branch>`` for another job of a branch.

https://docs.github.com/actions/reference/security/oidc
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

HOST = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
# repo:OWNER/NAME, or since July 2026 with the ids of both: repo:OWNER@ID/NAME@ID. No pattern, and no colon.
_SUBJECT = re.compile(r"repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?")

Policy = dict[str, Any]


def check_subject(subject: str) -> str:
    """Return the beginning of the claim ``sub``. Raise ValueError if it does not name one repository."""
    found = _SUBJECT.fullmatch(subject)
    if found is None or bool(found[1]) != bool(found[2]):
        raise ValueError(
            "subject must be repo:OWNER/NAME, or repo:OWNER@ID/NAME@ID for a repository with immutable ids"
        )
    return subject


def trust_of_update(provider: str, subject: str, environment: str, branch: str | None) -> Policy:
    """Return the policy for the job that updates a stack: of its environment, and of no branch but ``branch``.

    GitHub guards the environment: who approves, and which branches. ``branch`` holds where somebody forgot the second.
    ``None`` is for partitions where STS does not know the claim ``ref``.
    """
    more = {"ref": f"refs/heads/{branch}"} if branch else {}
    return _trust(provider, {"sub": f"{subject}:environment:{environment}", **more})


def trust_of_preview(provider: str, subject: str, branch: str) -> Policy:
    """Return the policy for jobs that look: those of pull requests and of ``branch``, without an environment."""
    return _trust(provider, {"sub": [f"{subject}:pull_request", f"{subject}:ref:refs/heads/{branch}"]})


def _trust(provider: str, claims: Mapping[str, str | Sequence[str]]) -> Policy:
    conditions = {f"{HOST}:aud": AUDIENCE, **{f"{HOST}:{claim}": value for claim, value in claims.items()}}
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": provider},
        # Never StringLike: a pattern that is too wide lets others in.
        "Condition": {"StringEquals": conditions},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
