"""What the roles may do: the policies of ``docs``, narrowed to one stack, and its state."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
# IAM, quotas: the characters of a managed policy, without white space.
LONGEST = 6_144
# How the names of resources start in the policies of ``docs``.
_PREFIX = "remote-mcp-"
_READS = ("Describe", "Get", "List")

Statement = dict[str, Any]


@dataclass(frozen=True)
class State:
    """Where Pulumi keeps the state: an S3 bucket, and the KMS key that encrypts it and the secrets in it."""

    bucket: str
    key_arn: str | None


@dataclass(frozen=True)
class OfStack:
    """The permissions for one stack. ``state`` is ``None`` if Pulumi Cloud keeps it."""

    project: str
    stack: str
    with_options: bool
    state: State | None

    def update(self) -> list[Statement]:
        """Return what it takes to update the stack: only what bears its name, where AWS lets a policy name it."""
        return [*self._resources(), *self._release(), *self._objects(write=True)]

    def preview(self) -> list[Statement]:
        """Return what it takes to compare the stack with AWS. None of it reads data or secrets of users."""
        reading = [
            {**statement, "Action": reads}
            for statement in self._resources()
            if (reads := [action for action in statement["Action"] if _only_reads(action)])
        ]
        return [*reading, *self._objects(write=False)]

    def _resources(self) -> list[Statement]:
        files = ["deployer-policy.json", *(["deployer-policy-options.json"] if self.with_options else [])]
        texts = [(DOCS / name).read_text().replace(_PREFIX, f"{self.project}-{self.stack}-") for name in files]
        return [statement for text in texts for statement in json.loads(text)["Statement"]]

    def _release(self) -> list[Statement]:
        """Return what ``python -m admin release`` and ``prune-versions`` need beside the policies of ``docs``."""
        functions = f"arn:aws:lambda:*:*:function:{self.project}-{self.stack}-*"
        return [
            _allow(["lambda:DeleteFunction", "lambda:InvokeFunction", "lambda:ListAliases"], functions),
            _allow(["cloudwatch:GetMetricData"], "*"),
        ]

    def _objects(self, *, write: bool) -> list[Statement]:
        """Return access to the state of this stack, and of no other in the bucket."""
        if self.state is None:
            return []
        bucket = f"arn:aws:s3:::{self.state.bucket}"
        name = f"{self.project}/{self.stack}"
        own = [f"{bucket}/.pulumi/{folder}/{name}/*" for folder in ("backups", "history", "locks/organization")]
        own.append(f"{bucket}/.pulumi/stacks/{name}.*")
        found = [
            _allow(["s3:ListBucket"], bucket),
            _allow(["s3:GetObject"], f"{bucket}/.pulumi/meta.yaml*", *own),
        ]
        if write:
            found.append(_allow(["s3:DeleteObject", "s3:PutObject"], *own))
        if self.state.key_arn:
            writing = ["kms:Encrypt", "kms:GenerateDataKey"] if write else []
            found.append(_allow(["kms:Decrypt", *writing], self.state.key_arn))
        return found


def documents(statements: Iterable[Statement]) -> list[str]:
    """Return policies with all the statements, each short enough for IAM."""
    parts: list[list[Statement]] = [[]]
    for statement in statements:
        if parts[-1] and len(_document([*parts[-1], statement])) > LONGEST:
            parts.append([])
        parts[-1].append(statement)
    return [_document(part) for part in parts]


def _only_reads(action: str) -> bool:
    service, _, name = action.partition(":")
    return name == "GET" if service == "apigateway" else name.startswith(_READS)


def _document(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def _allow(actions: Sequence[str], *resources: str) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
