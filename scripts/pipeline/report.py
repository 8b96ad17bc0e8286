"""Turn what a command printed into Markdown for the run and the pull request: ``report.py TITLE STATUS <printed``.

It is for a runner without the packages of this project, so it uses the standard library alone.
"""

import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

# GitHub takes comments of 65,536 characters. The rest is for what is around the texts.
LONGEST = 60_000
# A step of the engine, such as "    + aws:iam/role:Role: (create)", and below it the resource's name.
_STEP = re.compile(r"^ +[^\w\s]+ ?(?P<type>\w[\w-]*:[\w./-]+:\w+): \((?P<verb>[\w-]+)\)")
_NAME = re.compile(r"^ +\[urn=.*::(?P<name>[^:]+)\]$")


def report(title: str, status: int, printed: str) -> str:
    """Return the Markdown. ``status`` is the exit status of the command, and ``printed`` what it printed."""
    changes = printed.rpartition("\nResources:\n")[2].split("\n\n")[0] if "\nResources:\n" in printed else ""
    counts = ", ".join(line.strip() for line in changes.splitlines() if line.strip())
    verdict = "failed" if status else counts or "no changes"
    steps = _cut("\n".join(_steps(printed)), LONGEST // 2)
    parts = [f"### {title}: {verdict}", "", *(_block(steps, "") if steps else [])]
    details = _block(_for_diff(_cut(printed, LONGEST - len(steps))), "diff")
    return "\n".join([*parts, "<details><summary>Details</summary>", "", *details, "</details>", ""])


def _steps(printed: str) -> Iterator[str]:
    """Return each change in a line: ``update aws:lambda/function:Function remote-mcp-dev-mcp``."""
    step = None
    for line in printed.splitlines():
        step = _STEP.match(line) or step
        name = _NAME.match(line)
        if step and name:
            # The stack itself changes with its outputs.
            if step["type"] != "pulumi:pulumi:Stack":
                yield f"{step['verb']} {step['type']} {name['name']}"
            step = None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}\n... the log of the run has the rest"


def _block(text: str, language: str) -> list[str]:
    """Return the lines of a block of code. It ends at a line with as many backticks as it starts with."""
    fence = "`" * max(3, 1 + max((len(found) for found in re.findall(r"`+", text)), default=0))
    return [fence + language, text, fence, ""]


def _for_diff(text: str) -> str:
    """Move the sign of a changed line to its beginning, where GitHub looks for it to colour the line."""
    return re.sub(
        r"^( +)([+~-]) ", lambda found: f"{'!' if found[2] == '~' else found[2]}{found[1]} ", text, flags=re.M
    )


def write(markdown: str) -> None:
    """Append ``markdown`` to the summary of the run, and set the output ``text``, where GitHub has files for them."""
    with Path(os.environ.get("GITHUB_STEP_SUMMARY", os.devnull)).open("a", encoding="utf-8") as summary:
        summary.write(markdown)
    # Nobody can know the delimiter, so what is printed cannot end the value and set other outputs.
    delimiter = secrets.token_hex(16)
    with Path(os.environ.get("GITHUB_OUTPUT", os.devnull)).open("a", encoding="utf-8") as outputs:
        outputs.write(f"text<<{delimiter}\n{markdown}\n{delimiter}\n")


if __name__ == "__main__":
    write(report(sys.argv[1], int(sys.argv[2]), sys.stdin.read()))
