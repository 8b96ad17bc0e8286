"""The secrets of the tools, as an operator sets them."""

import io
import time
from collections.abc import Callable

import boto3
import pytest

from admin.__main__ import main
from admin.app_secrets import ELSEWHERE, MOST_BYTES
from tests.support.aws import audit_events, create_audit_log
from tests.unit.admin.conftest import OPERATOR

KEY = "-----BEGIN KEY-----\nabc\n-----END KEY-----"
Set = Callable[..., int]


@pytest.fixture
def arn(aws: None) -> str:
    create_audit_log(time.time)
    return str(boto3.client("secretsmanager").create_secret(Name="token")["ARN"])


@pytest.fixture
def give(arn: str, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set a secret of a stack that makes one, called TOKEN, to what is on standard input."""

    def run(text: str, name: str = "TOKEN", *, terminal: bool = False) -> int:
        source = io.StringIO(text)
        monkeypatch.setattr(source, "isatty", lambda: terminal)
        monkeypatch.setattr("sys.stdin", source)
        return main(["set-secret", name], {"audit_log": "audit", "app_secrets": {"TOKEN": arn}})

    return run


def value_of(arn: str) -> str:
    return str(boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("hush", "hush"),
        ("hush\n", "hush"),
        ("hush\r\n", "hush"),
        ("hush\n\n", "hush\n"),
        (" hush ", " hush "),
        (f"{KEY}\n", KEY),
        ('{"a": "hüsh"}\n', '{"a": "hüsh"}'),
    ],
)
def test_a_value_is_kept_as_it_is_but_for_the_line_break_at_its_end(
    given: str, kept: str, give: Set, arn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert give(given) == 0
    assert value_of(arn) == kept
    shown = capsys.readouterr()
    assert ("note:" in shown.err) == (kept != kept.strip())
    assert "hush" not in shown.out + shown.err
    [event] = audit_events()
    assert (event["event"], event["secret"], event["operator"]) == ("app_secret_set", "TOKEN", OPERATOR)


@pytest.mark.parametrize("given", ["", "\n", " \n", "x" * (MOST_BYTES + 1)])
def test_no_value_or_one_that_is_too_long_is_refused_before_anything_happens(
    given: str, give: Set, capsys: pytest.CaptureFixture[str]
) -> None:
    assert give(given) == 1
    assert capsys.readouterr().err.startswith("error: nothing was changed: ")
    assert audit_events() == []


def test_a_terminal_asks_for_the_value_and_does_not_show_it(
    give: Set, arn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return "typed"

    monkeypatch.setattr("getpass.getpass", ask)
    assert give("", terminal=True) == 0
    assert (asked, value_of(arn)) == (["Value of TOKEN: "], "typed")


def test_a_secret_that_the_stack_does_not_make_is_refused_and_those_that_it_makes_are_named(
    give: Set, capsys: pytest.CaptureFixture[str]
) -> None:
    assert give("hush", "OTHER") == 1
    assert capsys.readouterr().err == f"error: the stack makes no secret OTHER; it makes TOKEN; {ELSEWHERE}\n"
    assert audit_events() == []


def test_the_arn_stands_for_the_stack(arn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hush\n"))
    assert main(["--audit-log", "audit", "set-secret", "TOKEN", "--arn", arn]) == 0
    assert value_of(arn) == "hush"


def test_a_secret_that_is_gone_is_a_sentence_and_the_audit_log_says_that_it_failed(
    arn: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hush\n"))
    assert main(["--audit-log", "audit", "set-secret", "TOKEN", "--arn", f"{arn}x"]) == 1
    assert capsys.readouterr().err.startswith("error: cannot use the secret: ")
    assert [event["event"] for event in audit_events()] == ["app_secret_set", "command_failed"]


def test_the_list_says_which_secrets_have_no_value(give: Set, arn: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = boto3.client("secretsmanager").create_secret(Name="other")["ARN"]
    give("hush")
    capsys.readouterr()
    assert main(["list-secrets"], {"app_secrets": {"TOKEN": arn, "B": other}}) == 0
    assert capsys.readouterr().out.splitlines() == [
        "B      has no value; set it: python -m admin set-secret B",
        "TOKEN  has a value",
    ]


def test_a_stack_without_secrets_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list-secrets"], {"url": "https://mcp.example.com"}) == 0
    assert capsys.readouterr() == ("", "The stack makes no secrets.\n")
