"""Asking clients before 2026-07-28, with the same tools."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.conftest import Clock
from tests.unit.mcp.asking import ASKING, CAN, MODEL, accept, runs
from tests.unit.mcp.conftest import Server, caller, events, result, text


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    runs.clear()
    return serve(*ASKING)


class TestLegacy:
    """2025-11-25: requests of the server on the stream of a POST, answers as POSTs, resumption (SEP-1699)."""

    def begin(self, server: Server, name: str = "greet", **more: Any) -> tuple[str, list[dict[str, Any]]]:
        """Call a tool; the id to resume from, and the questions."""
        headers = more.pop("headers", None) or server.session(CAN)
        sent = events(server.legacy("tools/call", {"name": name}, id=7, headers=headers, **more))
        assert sent[0]["data"] is None
        assert int(sent[0]["retry"]) > 0
        questions = [event["data"] for event in sent[1:] if "id" in event["data"]]
        return sent[-1]["id"], questions

    def reply(self, server: Server, question: dict[str, Any], answer: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": question["id"], **({"result": answer} if "error" not in answer else answer)}
        return server.post(body, more.pop("authorizer", None), **more)

    def resume(self, server: Server, last: str, **more: Any) -> list[dict[str, Any]]:
        return events(server.get(**{"Last-Event-ID": last}, **more))

    def test_the_same_tool_asks_on_its_stream_and_answers_on_the_resumed_one(self, server: Server) -> None:
        last, questions = self.begin(server)
        assert questions[0]["method"] == "elicitation/create"
        waiting = self.resume(server, last)
        assert [event["data"] for event in waiting] == [None]
        assert self.reply(server, questions[0], accept(name="Ada"))["statusCode"] == 202
        (answer,) = self.resume(server, last)
        assert answer["data"]["id"] == 7
        assert answer["data"]["result"]["content"][0]["text"] == "Hello, Ada!"
        assert self.resume(server, last) == [answer]
        assert runs == ["greet", "greet"]

    def test_several_questions_wait_for_all_their_answers(self, server: Server) -> None:
        last, questions = self.begin(server, "gather")
        answers = {"elicitation/create": accept(name="Ada"), "sampling/createMessage": MODEL}
        for question in questions[:2]:
            self.reply(server, question, answers[question["method"]])
        assert self.resume(server, last)[0]["data"] is None
        self.reply(server, questions[2], {"roots": [{"uri": "file:///a"}]})
        assert self.resume(server, last)[-1]["data"]["result"]["content"][0]["text"] == "Ada hi file:///a"

    def test_a_second_round_goes_out_on_the_resumed_stream(self, server: Server) -> None:
        last, questions = self.begin(server, "interview")
        self.reply(server, questions[0], accept(name="Ada"))
        second = self.resume(server, last)
        assert second[-1]["data"]["params"]["message"] == "Color?"
        self.reply(server, second[-1]["data"], accept(color="blue"))
        final = self.resume(server, second[-1]["id"])
        assert final[-1]["data"]["result"]["content"][0]["text"] == "{'name': 'Ada'} {'color': 'blue'}"

    def test_an_error_for_an_answer_reaches_the_tool(self, server: Server) -> None:
        last, questions = self.begin(server, "careful")
        self.reply(server, questions[0], {"error": {"code": -1, "message": "no model"}})
        answer = self.resume(server, last)[-1]["data"]["result"]
        assert answer == {"content": [{"type": "text", "text": "refused: no model"}], "isError": True}

    def test_a_pause_ends_the_stream_and_goes_on_when_the_client_is_back(self, server: Server) -> None:
        last, questions = self.begin(server, "patient")
        assert questions == []
        assert self.resume(server, last)[-1]["data"]["result"]["content"][0]["text"] == "done"

    def test_nobody_else_can_answer_or_resume(self, server: Server) -> None:
        last, questions = self.begin(server)
        assert self.reply(server, questions[0], accept(name="Eve"), authorizer=caller("eve"))["statusCode"] == 400
        assert server.get(caller("eve"), **{"Last-Event-ID": last})["statusCode"] == 404
        self.reply(server, questions[0], accept(name="Ada"))
        assert self.reply(server, questions[0], accept(name="Eve"))["statusCode"] == 400
        assert self.resume(server, last)[-1]["data"]["result"]["content"][0]["text"] == "Hello, Ada!"

    def test_an_exchange_ends_with_its_time(self, server: Server, clock: Clock) -> None:
        last, questions = self.begin(server)
        clock.now += 3600
        assert self.reply(server, questions[0], accept(name="Ada"))["statusCode"] == 400
        assert server.get(**{"Last-Event-ID": last})["statusCode"] == 404

    def test_progress_is_sent_once_over_all_runs(self, server: Server) -> None:
        params = {"name": "greet", "_meta": {"progressToken": 1}}
        sent = events(server.legacy("tools/call", params, headers=server.session(CAN)))
        assert [event["data"].get("method") for event in sent[1:]] == ["notifications/progress", "elicitation/create"]
        self.reply(server, sent[-1]["data"], accept(name="Ada"))
        rest = self.resume(server, sent[-1]["id"])
        assert [event["data"].get("method") for event in rest] == ["notifications/progress", None]
        assert rest[0]["data"]["params"]["progress"] == 2

    def test_a_client_without_streams_is_told_that_it_cannot_be_asked(self, server: Server) -> None:
        headers = {"Accept": "application/json", **server.session(CAN)}
        answer = server.legacy("tools/call", {"name": "greet"}, headers=headers)
        assert result(answer)["isError"] is True
        assert "text/event-stream" in text(answer)

    def test_the_session_remembers_what_the_client_can_be_asked(self, server: Server) -> None:
        """2025-11-25, Session Management: the id is the capabilities, signed."""
        session = server.session({"sampling": {}})
        assert all("!" <= char <= "~" for char in session["Mcp-Session-Id"])
        assert result(server.legacy("tools/call", {"name": "greet"}, headers=session))["isError"] is True
        assert self.begin(server, "careful", headers=session)[1]

    def test_a_client_that_declared_nothing_is_asked_nothing(self, server: Server) -> None:
        """2025-11-25, Lifecycle, Operation: "Only use capabilities that were successfully negotiated"."""
        for headers in (server.session({}), {}):
            answer = server.legacy("tools/call", {"name": "greet"}, headers=headers)
            assert result(answer)["isError"] is True
            assert "does not have" in text(answer)
            asked = server.legacy("prompts/get", {"name": "tailored"}, headers=headers)["json"]["error"]
            assert (asked["code"], asked["data"]) == (-32021, {"requiredCapabilities": {"elicitation": {"form": {}}}})

    @pytest.mark.parametrize("session", ["made-up", "a.b", "x" * 3000])
    def test_a_session_that_is_not_this_clients_is_404(self, server: Server, session: str) -> None:
        """2025-11-25, Session Management 3 and 4: the client then starts a new one."""
        assert server.legacy("ping", headers={"Mcp-Session-Id": session})["statusCode"] == 404
        foreign = server.session({"sampling": {}}, caller("eve"))
        assert server.legacy("ping", headers=foreign)["statusCode"] == 404

    def test_a_request_that_is_too_large_to_keep_is_refused(self, server: Server) -> None:
        large = {"name": "greet", "arguments": {"greeting": "x" * 500_000}}
        assert server.legacy("tools/call", large, headers=server.session(CAN))["json"]["error"]["code"] == -32602
        _, questions = self.begin(server)
        assert self.reply(server, questions[0], accept(name="x" * 500_000))["statusCode"] == 400
