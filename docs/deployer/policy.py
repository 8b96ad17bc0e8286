"""The policies for who deploys: ``docs/deployer-policy.json`` and ``docs/deployer-policy-options.json``."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docs.deployer.row import Need, Row, merged
from docs.deployer.rows import ROWS

DOCS = Path(__file__).resolve().parent.parent
# For the stacks dev and prod as they are shipped, and for what other settings add.
STANDARD, OPTIONS = DOCS / "deployer-policy.json", DOCS / "deployer-policy-options.json"
# IAM, quotas: the characters of a managed policy, without white space.
LONGEST = 6_144


def policies(rows: Mapping[str, Row] = ROWS) -> dict[Path, str]:
    """Return the content of each file."""
    standard = [each for row in rows.values() for each in row.always]
    options = [each for row in rows.values() for each in row.by_setting]
    return {STANDARD: _text(standard), OPTIONS: _text(options)}


def length(policy: str) -> int:
    """Return how long a policy is as IAM counts it."""
    return len("".join(policy.split()))


def write_policies() -> None:
    """Write both files."""
    for path, text in policies().items():
        path.write_text(text)


def _text(needs: Iterable[Need]) -> str:
    document: dict[str, Any] = {"Version": "2012-10-17", "Statement": merged(iter(needs))}
    return json.dumps(document, indent=2) + "\n"
