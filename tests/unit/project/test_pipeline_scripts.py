"""What the pipeline writes about a preview: the summary of the run, and the comment on the pull request."""

import os
from pathlib import Path

import pytest

from scripts.pipeline import comment, report
from tests.engine.github import Comments, serve_comments

PRINTED = """Previewing update (dev):
    ~ aws:lambda/function:Function: (update)
        [id=remote-mcp-dev-mcp-0123456]
        [urn=urn:pulumi:dev::remote-mcp::remote-mcp:aws:Function$aws:lambda/function:Function::remote-mcp-dev-mcp]
      ~ timeout: 10 => 20
    +-aws:apigateway/deployment:Deployment: (replace)
        [id=abc]
        [urn=urn:pulumi:dev::remote-mcp::remote-mcp:aws:Api$aws:apigateway/deployment:Deployment::remote-mcp-dev-api-deployment]

Resources:
    ~ 1 to update
    264 unchanged

"""


def test_the_heading_says_what_would_change() -> None:
    text = report.report("Preview of dev", 0, PRINTED)
    assert text.splitlines()[0] == "### Preview of dev: ~ 1 to update, 264 unchanged"


def test_each_change_has_a_line_before_the_details() -> None:
    text = report.report("Preview of dev", 0, PRINTED)
    lines = text.partition("<details>")[0].splitlines()
    assert "update aws:lambda/function:Function remote-mcp-dev-mcp" in lines
    assert "replace aws:apigateway/deployment:Deployment remote-mcp-dev-api-deployment" in lines


def test_the_heading_says_that_it_failed() -> None:
    text = report.report("Preview of dev", 255, "error: no stack named 'dev' found\n")
    assert text.splitlines()[0] == "### Preview of dev: failed"
    assert "error: no stack named 'dev' found" in text


def test_what_is_printed_cannot_leave_its_block() -> None:
    text = report.report("Preview of dev", 0, "description: ````\n</details>\n@everybody\n")
    opening, closing = [line for line in text.splitlines() if line.startswith("`````")]
    assert (opening, closing) == ("`````diff", "`````")


def test_a_long_preview_is_cut_to_what_github_takes() -> None:
    text = report.report("Preview of dev", 0, "+ created\n" * 20_000)
    assert len(text) < 65_536
    assert "... the log of the run has the rest" in text


def test_signs_come_first_so_that_github_colours_the_lines() -> None:
    text = report.report("Preview of dev", 0, "    + created\n    ~ updated\n    - deleted\n")
    assert {"+     created", "!     updated", "-     deleted"} <= set(text.splitlines())


def test_what_is_printed_sets_no_other_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / name))
    report.write("text\nEOF\nother=value")
    first, *value, last = (tmp_path / "GITHUB_OUTPUT").read_text().splitlines()
    assert first == f"text<<{last}"
    assert value == ["text", "EOF", "other=value"]
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == "text\nEOF\nother=value"


def test_elsewhere_than_at_github_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    report.write("text")


def environment(comments: Comments, **changes: str) -> dict[str, str]:
    return {
        **os.environ,
        "GITHUB_API_URL": comments.url,
        "GITHUB_REPOSITORY": "acme/tools",
        "GITHUB_TOKEN": comments.token,
        "PULL_REQUEST": "7",
        "STACK": "dev",
        "TEXT": "### Preview of dev: no changes",
        **changes,
    }


def test_each_stack_has_one_comment_wherever_it_is_in_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve_comments() as comments:
        for number in range(comment.PAGE):
            comments.add("ada", f"remark {number}")
        for stack in ("dev", "prod", "dev"):
            comment.put_comment(environment(comments, STACK=stack))
    assert comments.requests == [
        "POST /repos/acme/tools/issues/7/comments",
        "POST /repos/acme/tools/issues/7/comments",
        f"PATCH /repos/acme/tools/issues/comments/{comment.PAGE + 1}",
    ]


def test_a_comment_of_somebody_else_is_never_replaced() -> None:
    with serve_comments() as comments:
        comments.add("mallory", "<!-- preview of dev -->\nmine")
        comment.put_comment(environment(comments))
    assert [found["user"]["login"] for found in comments.comments] == ["mallory", "github-actions[bot]"]


def test_without_a_preview_the_comment_says_that_there_is_none() -> None:
    with serve_comments() as comments:
        comment.put_comment(environment(comments, TEXT=""))
    assert "### Preview of dev: failed before it began" in comments.comments[0]["body"]
