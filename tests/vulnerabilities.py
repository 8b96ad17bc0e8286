"""``python -m tests.vulnerabilities``: whether a pinned package is known to be vulnerable, as far as that can be asked.

The service that pip-audit asks may be out of reach, or be a mirror that knows packages and no vulnerabilities. Neither
may pass for a clean result, nor fail a build. So a release that is known to be vulnerable is asked about first.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from local.report import fail, say

ROOT = Path(__file__).resolve().parents[1]
# CVE-2018-18074.
KNOWN = "requests==2.19.1"
# The policy pack has an environment of its own, with other versions of the same packages.
PINNED = (ROOT / "requirements-dev.txt", ROOT / "policy" / "requirements.txt")
TIMEOUT_SECONDS = 15


class Verdict(NamedTuple):
    """What pip-audit's report comes to; whether it fails the build."""

    text: str
    failed: bool


def main() -> int:
    """The exit status: 1 when a package is known to be vulnerable."""
    with tempfile.TemporaryDirectory() as place:
        known = Path(place, "known.txt")
        known.write_text(f"{KNOWN}\n")
        reached = answers(_report(known))
    verdict = of_report(_report_of_all(PINNED) if reached else None)
    (fail if verdict.failed else say)(verdict.text)
    return int(verdict.failed)


def answers(report: Mapping[str, Any] | None) -> bool:
    """Whether the service that gave this report about ``KNOWN`` tells of vulnerabilities."""
    return report is not None and any(package.get("vulns") for package in report["dependencies"])


def of_report(report: Mapping[str, Any] | None) -> Verdict:
    """The verdict on a report about the pinned packages; on ``None`` where none could be had."""
    if report is None:
        return Verdict(
            "pip-audit: NOT AUDITED, no service that knows vulnerabilities can be reached from here", failed=False
        )
    packages = report["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, fixed in {fixes(vulnerability)}"
        for package in packages
        for vulnerability in package.get("vulns", [])
    ]
    lines = [f"pip-audit: {len(packages) - len(skipped)} packages audited, {len(found)} known vulnerabilities", *found]
    if skipped:
        lines.append(f"pip-audit: NOT AUDITED, unknown to the service: {', '.join(sorted(skipped))}")
    return Verdict("\n".join(lines), failed=bool(found))


def fixes(vulnerability: Mapping[str, Any]) -> str:
    """The releases in which a vulnerability is fixed."""
    return " or ".join(vulnerability["fix_versions"]) or "no release yet"


def _report_of_all(files: Iterable[Path]) -> Mapping[str, Any] | None:
    """One report on the packages of several files; ``None`` when it could not ask about one of them."""
    reports = [_report(requirements) for requirements in files]
    asked = [report for report in reports if report is not None]
    if len(asked) < len(reports):
        return None
    return {"dependencies": [package for report in asked for package in report["dependencies"]]}


def _report(requirements: Path) -> Mapping[str, Any] | None:
    """What pip-audit reports of pinned packages; ``None`` when it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--no-deps", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", str(TIMEOUT_SECONDS)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)  # type: ignore[no-any-return]
    except ValueError:
        return None


if __name__ == "__main__":
    sys.exit(main())
