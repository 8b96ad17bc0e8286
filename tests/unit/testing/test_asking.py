"""Questions and their answers, in both eras and in tasks."""

from typing import Any

import pytest

from runtime.authoring import Context, Elicitation, Root, ToolError, tool
from runtime.authoring.asking import Completion
from runtime.testing import RequestError, ToolFailed, UnansweredQuestion, UnusableAnswer, client
from tests.unit.mcp import asking
from tests.unit.mcp.conftest import app_of

ERAS = ["2026-07-28", "2025-11-25"]
APP = app_of(*asking.ASKING)
NAME = {"name": "Ada"}


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    "answers",
    [
        {"user_name": NAME},
        {"What is your name?": NAME},
        {"elicitation/create": Elicitation("accept", NAME)},
        lambda asked: NAME if asked.key == "user_name" else None,
    ],
    ids=["by key", "by message", "by method", "by a function"],
)
def test_the_test_answers(era: str, answers: Any) -> None:
    with client(APP, protocol_version=era, answers=answers) as c:
        assert c.call_tool("greet").text == "Hello, Ada!"
    [asked] = c.questions
    assert (asked.key, asked.message, asked.schema) == ("user_name", "What is your name?", asking.NAME)
    # What an earlier run of the tool has sent is not sent again.
    assert [step.progress for step in c.progress] == [1, 2]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_user_may_say_no(era: str, action: str) -> None:
    with client(APP, protocol_version=era, answers={"user_name": action}) as c:
        assert c.call_tool("greet").text == f"No name: {action}"


@pytest.mark.parametrize("era", ERAS)
def test_models_and_roots_are_answered_too(era: str) -> None:
    model = Completion("assistant", [{"type": "text", "text": "hi"}], "m", "endTurn")
    for answer in ("hi", model, asking.MODEL):
        answers = {"name": NAME, "model": answer, "roots": ["file:///work"]}
        with client(APP, protocol_version=era, answers=answers) as c:
            assert c.call_tool("gather").text == "Ada hi file:///work"
    with client(APP, protocol_version=era, answers={**answers, "roots": [Root("file:///a", "a")]}) as c:
        assert c.call_tool("gather").text == "Ada hi file:///a"


@pytest.mark.parametrize("era", ERAS)
def test_one_question_after_the_other_and_a_pause(era: str) -> None:
    answers = {"step1": NAME, "step2": {"color": "red"}}
    with client(APP, protocol_version=era, answers=answers) as c:
        assert c.call_tool("interview").text == "{'name': 'Ada'} {'color': 'red'}"
        assert c.call_tool("patient").text == "done"
    assert [asked.key for asked in c.questions] == ["step1", "step2"]


@pytest.mark.parametrize("era", ERAS)
def test_prompts_and_resources_ask_as_well(era: str) -> None:
    with client(APP, protocol_version=era, answers={"user_context": NAME, "who": NAME}) as c:
        assert c.get_prompt("tailored").text == str(NAME)
        assert c.read_resource("test://personal").text == str(NAME)


@pytest.mark.parametrize("era", ERAS)
def test_a_forgotten_answer_is_named(era: str) -> None:
    with client(APP, protocol_version=era) as c, pytest.raises(UnansweredQuestion, match=r"'user_name' \(What is"):
        c.call_tool("greet")


@pytest.mark.parametrize("era", ERAS)
def test_an_answer_that_does_not_match_its_form_is_named_instead_of_asked_for_for_ever(era: str) -> None:
    wrong = client(APP, protocol_version=era, answers={"user_name": {"name": 7}})
    with wrong as c, pytest.raises(UnusableAnswer, match="does not match the form"):
        c.call_tool("greet")


def test_an_answer_of_a_wrong_kind_is_named() -> None:
    with client(APP, answers={"user_name": 7}) as c, pytest.raises(UnusableAnswer, match="int answers no elicitation"):
        c.call_tool("greet")


def test_a_client_of_an_earlier_revision_may_answer_with_an_error() -> None:
    answers = {"sampling/createMessage": RuntimeError("no model")}
    earlier = client(APP, protocol_version="2025-11-25", answers=answers)
    with earlier as c, pytest.raises(ToolFailed, match="refused: no model"):
        c.call_tool("careful")
    with client(APP, answers=answers) as c, pytest.raises(UnusableAnswer, match="has no error"):
        c.call_tool("careful")


@pytest.mark.parametrize(
    ("era", "error", "reason"),
    [("2026-07-28", RequestError, "missing required client capability"), ("2025-11-25", ToolFailed, "capability")],
)
def test_a_client_without_the_capability_is_not_asked(era: str, error: type[Exception], reason: str) -> None:
    with client(APP, protocol_version=era, capabilities={}) as c, pytest.raises(error, match=reason):
        c.call_tool("greet")
    assert c.questions == []


OK = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
runs: list[str] = []


@tool(task="optional")
def confirm(context: Context) -> str:
    """Ask twice, and wait in between."""
    runs.append("confirm")
    first = context.elicit("Sure?", OK, key="sure").content
    context.pause()
    second = context.elicit("Really?", OK, key="really").content
    return f"{first} {second}"


@tool(task="required")
def lengthy(*, fail: bool = False) -> str:
    """Take long."""
    if fail:
        raise ToolError("gave up")
    return "done"


@tool(task="optional", detaches=True)
def departing(context: Context) -> str:
    """Ask in the request, and go on in a task."""
    context.elicit("Go?", OK, key="go")
    context.detach()
    return "arrived"


TASKS = app_of(confirm, lengthy, departing, *asking.ASKING)
YES, NO = {"ok": True}, {"ok": False}


def test_a_task_runs_to_its_end() -> None:
    with client(TASKS, answers={"sure": YES, "really": NO, "go": YES}) as c:
        assert c.call_tool("lengthy").text == "done"
        assert c.call_tool("confirm").text == f"{YES} {NO}"
        assert c.call_tool("departing").text == "arrived"
        with pytest.raises(ToolError, match="gave up"):
            c.call_tool("lengthy", fail=True)
    assert [asked.key for asked in c.questions] == ["sure", "really", "go"]


def test_a_task_runs_step_by_step() -> None:
    with client(TASKS) as c:
        runs.clear()
        task = c.start_tool("confirm")
        assert (task.status, runs, task.questions) == ("working", [], [])
        assert task.run().status == "input_required"
        assert [(asked.key, asked.message) for asked in task.questions] == [("sure", "Sure?")]
        # An answer that does not match its form is asked for again, under another name and with the same key.
        assert task.answer({"sure": {"ok": "?"}}).run().questions[0].key == "sure"
        task.answer({"sure": YES}).run().answer({"Really?": YES})
        assert task.run().status == "completed"
        assert task.result().text == f"{YES} {YES}"


def test_a_task_can_be_cancelled() -> None:
    with client(TASKS) as c:
        task = c.start_tool("lengthy").cancel()
        assert task.run().status == "cancelled"
        with pytest.raises(RequestError, match="was cancelled"):
            task.result()


def test_an_answer_that_no_task_takes_is_named() -> None:
    with client(TASKS, answers={"sure": {"ok": "?"}}) as c:
        with pytest.raises(UnusableAnswer, match="does not match the form"):
            c.call_tool("confirm")
        task = c.start_tool("confirm").run()
        with pytest.raises(UnusableAnswer, match="has no error"):
            task.answer(lambda asked: RuntimeError("no"))


def test_a_tool_that_answers_at_once_is_no_task() -> None:
    with client(TASKS) as c, pytest.raises(TypeError, match="does not run as a task"):
        c.start_tool("patient")


def test_a_client_without_tasks_gets_what_others_get() -> None:
    with client(TASKS, capabilities={}) as c, pytest.raises(RequestError, match="capability"):
        c.call_tool("lengthy")
    with client(TASKS, protocol_version="2025-11-25", answers={"sure": YES, "really": YES}) as c:
        assert c.call_tool("confirm").text == f"{YES} {YES}"
