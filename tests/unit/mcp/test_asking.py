"""Asking the client: multi round-trip requests of 2026-07-28."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, tool
from tests.unit.conftest import Clock
from tests.unit.mcp.asking import ASKING, CAN, MODEL, NAME, accept, runs
from tests.unit.mcp.conftest import Server, caller, events, result, text


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    runs.clear()
    return serve(*ASKING)


class TestModern:
    """2026-07-28, Multi Round-Trip Requests."""

    def call(self, server: Server, name: str = "greet", **more: Any) -> dict[str, Any]:
        capabilities = more.pop("capabilities", CAN)
        authorizer = more.pop("authorizer", None)
        return server.modern("tools/call", {"name": name, **more}, capabilities=capabilities, authorizer=authorizer)

    def test_a_tool_that_asks_is_run_again_with_the_answer(self, server: Server) -> None:
        first = result(self.call(server))
        assert first["resultType"] == "input_required"
        assert first["inputRequests"]["user_name"] == {
            "method": "elicitation/create",
            "params": {"mode": "form", "message": "What is your name?", "requestedSchema": NAME},
        }
        answers = {"user_name": accept(name="Ada"), "unknown": accept(x=1)}
        second = self.call(server, inputResponses=answers, requestState=first["requestState"])
        assert text(second) == "Hello, Ada!"
        assert result(second)["resultType"] == "complete"
        assert runs == ["greet", "greet"]

    def test_answers_of_earlier_rounds_travel_in_the_state(self, server: Server) -> None:
        first = result(self.call(server, "interview"))
        answers = {"step1": accept(name="Ada")}
        second = result(self.call(server, "interview", inputResponses=answers, requestState=first["requestState"]))
        assert list(second["inputRequests"]) == ["step2"]
        assert second["requestState"] != first["requestState"]
        answers = {"step2": accept(color="blue")}
        third = self.call(server, "interview", inputResponses=answers, requestState=second["requestState"])
        assert text(third) == "{'name': 'Ada'} {'color': 'blue'}"

    def test_several_things_are_asked_at_once_and_only_what_is_missing_again(self, server: Server) -> None:
        first = result(self.call(server, "gather"))
        methods = [request["method"] for request in first["inputRequests"].values()]
        assert methods == ["elicitation/create", "sampling/createMessage", "roots/list"]
        answers: dict[str, Any] = {"name": accept(name="Ada"), "model": MODEL}
        second = result(self.call(server, "gather", inputResponses=answers, requestState=first["requestState"]))
        assert list(second["inputRequests"]) == ["roots"]
        answers = {"roots": {"roots": [{"uri": "file:///a"}]}}
        third = self.call(server, "gather", inputResponses=answers, requestState=second["requestState"])
        assert text(third) == "Ada hi file:///a"

    @pytest.mark.parametrize("answer", [{}, {"action": "yes"}, accept(), accept(name=5), {"action": "accept"}])
    def test_an_answer_of_the_wrong_form_is_asked_for_again(self, server: Server, answer: dict[str, Any]) -> None:
        again = result(self.call(server, inputResponses={"user_name": answer}))
        assert list(again["inputRequests"]) == ["user_name"]

    def test_declining_is_an_answer(self, server: Server) -> None:
        assert text(self.call(server, inputResponses={"user_name": {"action": "decline"}})) == "No name: decline"

    @pytest.mark.parametrize(
        "change", ["flip", "empty", "garbage", "other tool", "other arguments", "other client", "late"]
    )
    def test_a_state_that_was_not_made_for_this_request_is_refused(
        self, server: Server, clock: Clock, change: str
    ) -> None:
        """Server Requirements 4 and 5: integrity, principal, request, expiry."""
        state = result(self.call(server))["requestState"]
        more: dict[str, Any] = {"inputResponses": {"user_name": accept(name="Ada")}, "requestState": state}
        match change:
            case "flip":
                more["requestState"] = ("B" if state[0] == "A" else "A") + state[1:]
            case "empty":
                more["requestState"] = ""
            case "garbage":
                more["requestState"] = "\ud7ff.é"
            case "other tool":
                more["name"] = "gather"
            case "other arguments":
                more["arguments"] = {"greeting": "Bye"}
            case "other client":
                more["authorizer"] = caller("client-2")
            case "late":
                clock.now += 3601
        error = self.call(server, **more)["json"]["error"]
        assert error["code"] == -32602
        assert error["data"]["pointer"] == "/params/requestState"

    @pytest.mark.parametrize("capabilities", [{}, {"sampling": {}}, {"elicitation": {"url": {}}}])
    def test_what_the_client_cannot_be_asked_is_named(self, server: Server, capabilities: dict[str, Any]) -> None:
        answer = self.call(server, capabilities=capabilities)
        assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32021)
        assert answer["json"]["error"]["data"] == {"requiredCapabilities": {"elicitation": {"form": {}}}}

    @pytest.mark.parametrize("option", [{"tools": []}, {"toolChoice": {"mode": "none"}}])
    def test_a_model_with_tools_needs_a_client_that_offers_them(
        self, serve: Callable[..., Server], option: dict[str, Any]
    ) -> None:
        """2026-07-28, Sampling: tool-enabled requests MUST NOT go to clients without ``sampling.tools``."""

        @tool
        def agent(context: Context) -> str:
            """Ask a model that may use tools."""
            return context.sample("Hi", 5, **option).text

        server = serve(agent)
        error = self.call(server, "agent")["json"]["error"]
        assert error["data"] == {"requiredCapabilities": {"sampling": {"tools": {}}}}
        asked = result(self.call(server, "agent", capabilities={"sampling": {"tools": {}}}))
        assert list(asked["inputRequests"]) == ["question-1"]

    def test_prompts_and_resources_may_ask_too(self, server: Server) -> None:
        for method, params, key in (
            ("prompts/get", {"name": "tailored"}, "user_context"),
            ("resources/read", {"uri": "test://personal"}, "who"),
        ):
            first = result(server.modern(method, params, capabilities=CAN))
            assert list(first["inputRequests"]) == [key]
            retry = {**params, "inputResponses": {key: accept(name="Ada")}, "requestState": first["requestState"]}
            assert result(server.modern(method, retry, capabilities=CAN))["resultType"] == "complete"

    def test_a_pause_is_a_state_without_requests(self, server: Server) -> None:
        first = result(self.call(server, "patient"))
        assert "inputRequests" not in first
        assert text(self.call(server, "patient", requestState=first["requestState"])) == "done"

    def test_progress_of_an_earlier_run_is_not_sent_again(self, server: Server) -> None:
        meta: dict[str, Any] = {"_meta": {"progressToken": "p"}}
        first = events(self.call(server, **meta))
        assert [event["data"].get("method") for event in first] == ["notifications/progress", None]
        state = first[-1]["data"]["result"]["requestState"]
        answers = {"user_name": accept(name="Ada")}
        second = events(self.call(server, inputResponses=answers, requestState=state, **meta))
        assert [event["data"]["params"]["progress"] for event in second[:-1]] == [2]
