"""How the values of an app get to its tools, and what the caller, the log and the operator see where they do not."""

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from runtime import redaction
from runtime.authoring import Secret, Settings, ToolError, prompt, resource, secret, tool
from runtime.authoring.secrets import Source, use_source
from runtime.handlers import app_values
from runtime.http import telemetry
from tests.memory.app_secrets import MemoryAppSecrets
from tests.unit.mcp.conftest import Server, result, text

VALUE = 'tok"en+wi\\th/all kinds of signs'


class Tickets(Settings):
    """What the tools below need."""

    tickets_url: str
    tickets_token: Secret[str]


calls: list[str] = []


@tool
def typed(settings: Tickets) -> str:
    """Use settings."""
    calls.append("typed")
    return settings.tickets_url


@tool
def plain() -> str:
    """Use a secret."""
    return str(len(secret("TICKETS_TOKEN")))


@tool
def leak(how: str) -> str:
    """Fail with the secret in the error."""
    message = f"GET https://a.example/?token={secret('TICKETS_TOKEN')} failed"
    if how == "log":
        logging.getLogger("of.the.author").warning(message, extra={"url": [message]})
        return "logged"
    raise ToolError(message) if how == "told" else RuntimeError(message)


@prompt
def ask(settings: Tickets) -> str:
    """Use settings."""
    return settings.tickets_url


@resource("tickets://all")
def everything(settings: Tickets) -> str:
    """Use settings."""
    return settings.tickets_url


ASKS = [
    ("tools/call", {"name": "typed", "arguments": {}}),
    ("prompts/get", {"name": "ask"}),
    ("resources/read", {"uri": "tickets://all"}),
]


@pytest.fixture
def store() -> Iterator[MemoryAppSecrets]:
    """Let the tools of this process read from a store in which the secret has a value, and forget it afterwards."""
    store = MemoryAppSecrets({"TICKETS_TOKEN": VALUE})
    use_source(Source({"TICKETS_URL": "https://a.example"}, lambda name: app_values.read_secret(store, name)))
    yield store
    use_source(None)
    redaction.forget()


@pytest.fixture
def server(serve: Callable[..., Server], store: MemoryAppSecrets) -> Server:
    calls.clear()
    return serve(typed, plain, leak, ask, everything)


@contextlib.contextmanager
def logging_as_functions_do() -> Iterator[None]:
    """Print each line of the log as JSON."""
    handlers = logging.root.handlers[:]
    telemetry.configure("INFO")
    yield
    logging.root.handlers[:] = handlers
    logging.getLogger("runtime").setLevel(logging.NOTSET)


def call(server: Server, name: str, **arguments: str) -> str:
    return text(server.modern("tools/call", {"name": name, "arguments": arguments}))


def said(answer: dict[str, Any]) -> str:
    """Return what a client reads of a failure."""
    return str(answer["json"]["error"]["message"]) if "error" in answer["json"] else text(answer)


def test_a_tool_gets_its_settings_and_its_secret(server: Server) -> None:
    assert call(server, "typed") == "https://a.example"
    assert call(server, "plain") == str(len(VALUE))


@pytest.mark.parametrize(("method", "params"), ASKS)
def test_a_secret_without_a_value_is_an_error_before_the_function_runs(
    method: str, params: dict[str, Any], server: Server, store: MemoryAppSecrets, capsys: pytest.CaptureFixture[str]
) -> None:
    store.values["TICKETS_TOKEN"] = None
    with logging_as_functions_do():
        answer = server.modern(method, params)
    reason = "the secret TICKETS_TOKEN has no value; an operator sets it: python -m admin set-secret TICKETS_TOKEN"
    assert reason in said(answer)
    assert calls == []
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["reason"] for line in lines if line["level"] == "ERROR"] == [reason]


def test_what_cannot_be_called_is_listed_nevertheless(server: Server, store: MemoryAppSecrets) -> None:
    store.values.clear()
    assert len(result(server.modern("tools/list"))["tools"]) == 3
    assert "is not one of this function" in call(server, "plain")


def test_an_outage_is_an_error_without_what_aws_said_which_the_log_has(
    server: Server, store: MemoryAppSecrets, caplog: pytest.LogCaptureFixture
) -> None:
    store.is_off = True
    assert "cannot be read now" in call(server, "typed")
    assert [record.reason for record in caplog.records if record.message == "secret not read"] == [  # type: ignore[attr-defined]
        "StoreUnavailable: None"
    ]


@pytest.mark.parametrize("how", ["told", "raised", "log"])
def test_a_secret_in_an_error_or_in_a_line_is_replaced(
    how: str, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_as_functions_do():
        answer = server.modern("tools/call", {"name": "leak", "arguments": {"how": how}})
    printed = capsys.readouterr().out
    for shown in (answer["body"], printed):
        assert VALUE not in shown
        assert json.dumps(VALUE)[1:-1] not in shown
        assert "wi" not in shown.replace("with", "")
    assert ("[redacted]" in said(answer)) == (how == "told")
    assert ("[redacted]" in printed) == (how != "told")
    assert all(json.loads(line) for line in printed.splitlines())


def test_a_function_without_secrets_reads_none_and_knows_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_values, "_store", lambda: pytest.fail("nobody has asked for a secret"))
    monkeypatch.delenv("SECRETS", raising=False)
    app_values.provide_values()
    assert use_source(None) is not None
    assert not redaction.is_hiding()


def test_the_functions_read_what_their_environment_names(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("ssm").put_parameter(Name="/a", Value='{"b": "hush-hush"}', Type="SecureString")
    place = "arn:aws:ssm:eu-central-1:123456789012:parameter/a"
    monkeypatch.setenv("SECRETS", json.dumps({"WHOLE": place, "PART": [place, "b"]}))
    app_values.provide_values()
    try:
        assert [secret(name) for name in ("WHOLE", "PART")] == ['{"b": "hush-hush"}', "hush-hush"]
    finally:
        use_source(None)
        redaction.forget()


def test_parts_of_a_secret_that_is_json_are_replaced_too() -> None:
    redaction.hide('{"username": "root", "password": "p@ss word"}')
    try:
        assert redaction.redact("postgres://root:p%40ss%20word@db") == "postgres://root:[redacted]@db"
        assert redaction.redact("p%40ss+word, p@ss word") == "[redacted], [redacted]"
    finally:
        redaction.forget()
