"""Probing a new version: what counts as an answer, and what as a failure. The end-to-end tests probe real ones."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from admin.release.prober import ROUNDS, ProbeFailed, Prober
from admin.release.probes import PROBES

NAMES = ("stack-mcp", "stack-oauth")
KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key"
DENIED = {"policyDocument": {"Statement": [{"Effect": "Deny"}]}}
ERROR = {"errorType": "Runtime.ImportModuleError", "errorMessage": "No module named 'x'\n\x1b[31m"}
# A good answer to each event of a function.
GOOD: dict[str, list[Any]] = {
    "mcp": [{"statusCode": 200}, {"statusCode": 404}],
    "oauth": [{"statusCode": 200}, {"statusCode": 401}],
    "login": [{"statusCode": 404}],
    "authorizer": [DENIED],
    "tool": [{"result": {"content": [], "isError": True}}],
    "worker": [None],
    "rotation": [None],
}


@pytest.fixture
def answers(aws: None) -> Iterator[Stubber]:
    with Stubber(boto3.client("lambda")) as stubber:
        yield stubber


def expect(answers: Stubber, kind: str) -> Prober:
    """Expect what comes before the first event, and return the prober."""
    configuration = {"State": "Active", "LastUpdateStatus": "Successful", "Handler": f"runtime.handlers.{kind}.handler"}
    version = {"FunctionName": "stack-mcp", "Qualifier": "4"}
    for _ in range(2):
        answers.add_response("get_function_configuration", configuration, version)
    if kind in PROBES:
        answers.add_response("get_function_configuration", {}, {"FunctionName": "stack-mcp"})
        variables = {"Environment": {"Variables": {"SIGNING_KEY_ARN": KEY}}}
        answers.add_response("get_function_configuration", variables, {"FunctionName": "stack-oauth"})
    return Prober(answers.client, NAMES)


def answer(answers: Stubber, value: Any, error: str | None = None) -> None:
    """Answer the next event."""
    text = json.dumps(value).encode()
    response: dict[str, Any] = {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(text), len(text))}
    response |= {"FunctionError": error} if error else {}
    answers.add_response("invoke", response, {"FunctionName": "stack-mcp", "Qualifier": "4", "Payload": ANY})


@pytest.mark.parametrize("kind", PROBES)
def test_a_version_that_answers_well_passes_each_event_twice(answers: Stubber, kind: str) -> None:
    prober = expect(answers, kind)
    for _ in range(ROUNDS):
        for value in GOOD[kind]:
            answer(answers, value)
    prober.probe("stack-mcp", "4")
    answers.assert_no_pending_responses()


def test_a_version_that_fails_at_import_is_named_with_its_error_and_nothing_that_steers_a_terminal(
    answers: Stubber,
) -> None:
    prober = expect(answers, "mcp")
    answer(answers, ERROR, "Unhandled")
    with pytest.raises(ProbeFailed) as failed:
        prober.probe("stack-mcp", "4")
    assert str(failed.value) == (
        "asked for server/discover, it failed: Runtime.ImportModuleError: No module named 'x'  [31m"
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [("mcp", {"statusCode": 500}), ("mcp", None), ("oauth", {"statusCode": 404}), ("login", {"statusCode": 502})],
)
def test_another_answer_fails_the_probe(answers: Stubber, kind: str, value: Any) -> None:
    prober = expect(answers, kind)
    answer(answers, value)
    with pytest.raises(ProbeFailed, match="it answered"):
        prober.probe("stack-mcp", "4")


def test_a_version_whose_second_call_fails_does_not_pass(answers: Stubber) -> None:
    prober = expect(answers, "worker")
    answer(answers, None)
    answer(answers, ERROR, "Unhandled")
    with pytest.raises(ProbeFailed, match="a task that does not exist"):
        prober.probe("stack-mcp", "4")


def test_a_denial_may_be_an_exception(answers: Stubber) -> None:
    """Where the API has a policy of its own, the authorizer raises what API Gateway turns into its 401."""
    prober = expect(answers, "authorizer")
    for _ in range(ROUNDS):
        answer(answers, {"errorType": "Unauthorized", "errorMessage": "Unauthorized"}, "Unhandled")
    prober.probe("stack-mcp", "4")


def test_an_authorizer_that_allows_an_invented_token_does_not_pass(answers: Stubber) -> None:
    prober = expect(answers, "authorizer")
    answer(answers, {"policyDocument": {"Statement": [{"Effect": "Allow"}]}})
    with pytest.raises(ProbeFailed):
        prober.probe("stack-mcp", "4")


def test_a_function_without_a_probe_is_not_released_blindly(answers: Stubber) -> None:
    prober = expect(answers, "other")
    with pytest.raises(ProbeFailed, match="no probe for the handler module other"):
        prober.probe("stack-mcp", "4")
