"""A Lambda function as a tool: what it is called with, and what a caller gets of its answers and failures."""

import base64
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec
import pytest

from runtime.authoring import Context, ToolError
from runtime.authoring.function_calls import REASONS, CallFailed, FunctionCall, use_functions
from runtime.authoring.secrets import Source, use_source
from runtime.authoring.tool import Tool
from runtime.mcp.tools import run_tool
from runtime.records.invocation import Reason
from tests.unit.authoring.lambda_tools import ARN, TOTAL, billing

Answer = Callable[[FunctionCall], bytes]


@pytest.fixture
def calls() -> list[FunctionCall]:
    return []


@pytest.fixture
def answer(calls: list[FunctionCall]) -> Iterator[Callable[[bytes | CallFailed], None]]:
    """Return what sets how every function answers. The calls are in ``calls``."""
    answers: list[bytes | CallFailed] = [b"null"]

    def call(made: FunctionCall) -> bytes:
        calls.append(made)
        if isinstance(answers[0], CallFailed):
            raise answers[0]
        return answers[0]

    before = use_functions(call)
    yield lambda given: answers.__setitem__(0, given)
    use_functions(before)


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    """Return the environment of the app."""
    found: dict[str, str] = {}
    before = use_source(Source(found, read=found.__getitem__))
    yield found
    use_source(before)


def context(seconds: float = 28.0, subject: str = "alice") -> Context:
    return Context(
        client_id="client-1",
        subject=subject,
        scopes=frozenset(),
        request_id="req-1",
        protocol_version="2026-07-28",
        remaining=lambda: seconds,
    )


def run(tool: Tool, arguments: dict[str, Any] | None = None, **caller: Any) -> Any:
    """Return the result of a call as the client gets it."""
    result = run_tool(tool, {"order": 1} if arguments is None else arguments, context(**caller))
    return json.loads(msgspec.json.encode(result))


def text_of(result: Any) -> tuple[bool, str]:
    return result["isError"], result["content"][0]["text"]


@pytest.mark.parametrize(
    ("options", "target", "region"),
    [
        ({}, "billing", None),
        ({"qualifier": "live"}, "billing:live", None),
        ({"function": ARN, "qualifier": "7"}, f"{ARN}:7", "us-east-1"),
        ({"function": None, "environment": "BILLING"}, "billing-prod:live", None),
    ],
)
def test_the_arguments_are_the_event_and_the_answer_is_the_result(
    options: dict[str, Any],
    target: str,
    region: str | None,
    answer: Callable[[bytes], None],
    calls: list[FunctionCall],
    variables: dict[str, str],
) -> None:
    variables["BILLING"] = "billing-prod:live"
    answer(b'{"total":9.5}')
    result = run(billing(output_schema=TOTAL, **options))
    assert result["structuredContent"] == {"total": 9.5}
    assert calls == [
        FunctionCall(target=target, region=region, payload=b'{"order":1}', client_context=None, seconds=26.0)
    ]


@pytest.mark.parametrize(("answered", "text"), [(b'"Paid"', "Paid"), (b"[1]", "[1]"), (b"null", "null")])
def test_without_an_output_schema_any_answer_is_text(
    answered: bytes, text: str, answer: Callable[[bytes], None]
) -> None:
    answer(answered)
    assert text_of(run(billing())) == (False, text)


def test_arguments_that_do_not_match_never_reach_the_function(
    answer: Callable[[bytes], None], calls: list[FunctionCall]
) -> None:
    assert text_of(run(billing(), {"order": "one"}))[0]
    assert calls == []


def test_an_argument_may_be_named_like_a_parameter_of_python(
    answer: Callable[[bytes], None], calls: list[FunctionCall]
) -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in ("context", "arguments", "self")}}
    run(billing(input_schema=schema), {"context": "a", "arguments": "b", "self": "c"})
    assert json.loads(calls[0].payload) == {"context": "a", "arguments": "b", "self": "c"}


@pytest.mark.parametrize("reason", REASONS)
def test_every_failure_is_a_result_that_says_what_happened_and_one_line_of_the_log(
    reason: str, answer: Callable[[CallFailed], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither has what the function said: it can quote a password. Its own log has it, under the invocation's id."""
    answer(CallFailed(reason, error_type="DbError", error_message="password=hunter2", invocation_id="inv-1"))
    with caplog.at_level(logging.ERROR):
        failed, text = text_of(run(billing()))
    assert (failed, text) == (True, f"The tool bill {REASONS[reason]} (request req-1)")
    [record] = caplog.records
    found = {name: vars(record)[name] for name in ("request_id", "tool", "function", "outcome", "error")}
    assert found == {
        "request_id": "req-1",
        "tool": "bill",
        "function": "billing",
        "outcome": reason,
        "error": "DbError",
    }
    assert vars(record)["invocation_id"] == "inv-1"
    assert record.exc_info is None
    assert "hunter2" not in caplog.text + str(vars(record))


def test_the_message_of_an_error_that_is_for_the_caller_is_the_result(answer: Callable[[CallFailed], None]) -> None:
    answer(CallFailed("crashed", error_type="OrderNotFound", error_message="There is no order 1." + "x" * 2000))
    failed, text = text_of(run(billing(shown_errors=["OrderNotFound"])))
    assert (failed, text[:22], len(text)) == (True, "There is no order 1.xx", 1000)


def test_an_answer_that_is_not_json_is_an_error(answer: Callable[[bytes], None]) -> None:
    answer(b"<html>")
    assert text_of(run(billing())) == (True, f"The tool bill {REASONS['not an answer']} (request req-1)")


def test_an_answer_that_the_output_schema_does_not_allow_says_where(
    answer: Callable[[bytes], None], caplog: pytest.LogCaptureFixture
) -> None:
    answer(b'{"total":"hunter2"}')
    failed, text = text_of(run(billing(output_schema=TOTAL)))
    assert failed
    assert "its output schema does not allow: /total: " in text
    assert "hunter2" not in text + caplog.text


def test_a_request_whose_time_is_over_calls_nothing(answer: Callable[[bytes], None], calls: list[FunctionCall]) -> None:
    assert text_of(run(billing(), seconds=2.2)) == (
        True,
        "The tool bill was not called: no time is left (request req-1)",
    )
    assert calls == []


@pytest.mark.parametrize("value", [None, "", "no such form"])
def test_a_variable_that_names_no_function_is_named_before_anything_is_called(
    value: str | None, answer: Callable[[bytes], None], calls: list[FunctionCall], variables: dict[str, str]
) -> None:
    if value is not None:
        variables["BILLING"] = value
    failed, text = text_of(run(billing(function=None, environment="BILLING")))
    assert failed
    assert text.startswith("The tool bill is not configured: the environment variable BILLING ")
    assert calls == []


def test_the_function_is_told_who_calls_if_it_asks_for_it(
    answer: Callable[[bytes], None], calls: list[FunctionCall]
) -> None:
    run(billing(pass_caller=True))
    assert json.loads(base64.b64decode(calls[0].client_context or "")) == {
        "custom": {"client_id": "client-1", "subject": "alice", "request_id": "req-1"}
    }
    assert text_of(run(billing(pass_caller=True), subject="a" * 3000))[0]
    assert len(calls) == 1


def test_a_function_can_make_the_event_from_arguments_and_context(
    answer: Callable[[bytes], None], calls: list[FunctionCall]
) -> None:
    answer(b'"Done"')
    tool = billing(payload=lambda arguments, context: {"Records": [{**arguments, "by": context.subject}]})
    assert text_of(run(tool)) == (False, "Done")
    assert json.loads(calls[0].payload) == {"Records": [{"order": 1, "by": "alice"}]}


def test_it_can_be_called_in_a_test_like_any_tool(answer: Callable[[bytes], None]) -> None:
    answer(b'{"total":1}')
    assert billing()({"order": 1}, context()) == {"total": 1}
    answer(CallFailed("busy"))  # type: ignore[arg-type]  # the fixture takes both
    with pytest.raises(ToolError, match="is busy"):
        billing()({"order": 1}, context())


def test_where_no_function_can_be_called_the_caller_learns_why() -> None:
    before = use_functions(None)
    assert text_of(run(billing())) == (
        True,
        "The tool bill is not configured: Lambda functions are called from a stack; a test gives them to its client",
    )
    use_functions(before)


def test_every_reason_of_a_failed_call_has_a_sentence() -> None:
    assert set(get_args(Reason)) < REASONS.keys()
