"""Stands for a ticket service that a company has: an HTTP API in memory, with a key."""

import hmac
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "example-key-of-tickets"
PORT = 8790
PAGE = 2


class Problem(Exception):
    """A request that the service refuses (RFC 9457)."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Service(ThreadingHTTPServer):
    """The service on a port of this machine, with three tickets."""

    def __init__(self, port: int = PORT) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        titles = ("Disk is full", "Renew the certificate", "Printer is on fire")
        self.tickets = [
            {"number": number, "team": "ops", "title": title, "state": "open", "assignee": None}
            for number, title in enumerate(titles, 1)
        ]


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self._respond(self._find_ticket if self._number() else self._list)

    def do_POST(self) -> None:
        self._respond(self._open)

    def do_PATCH(self) -> None:
        self._respond(self._change)

    def _respond(self, act: Any) -> None:
        headers: dict[str, str] = {}
        try:
            self._check_key()
            status, answer = (201 if self.command == "POST" else 200), act(headers)
        except Problem as problem:
            status, answer = problem.status, {"detail": str(problem)}
            headers["Content-Type"] = "application/problem+json"
        body = json.dumps(answer).encode()
        self.send_response(status)
        headers = {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _check_key(self) -> None:
        if not hmac.compare_digest(self.headers.get("X-Api-Key", ""), KEY):
            raise Problem(401, "The key is not valid.")

    def _list(self, headers: dict[str, str]) -> Any:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        page = int(query.pop("page", "1"))
        found = [one for one in self.server.tickets if all(one.get(name) == value for name, value in query.items())]
        if len(found) > page * PAGE:
            headers["Link"] = f'</tickets?team={query.get("team", "")}&page={page + 1}>; rel="next"'
        return {"tickets": found[(page - 1) * PAGE : page * PAGE]}

    def _open(self, _headers: dict[str, str]) -> Any:
        ticket = {"number": len(self.server.tickets) + 1, "state": "open", "assignee": None, **self._body()}
        self.server.tickets.append(ticket)
        return ticket

    def _find_ticket(self, _headers: dict[str, str]) -> Any:
        number = self._number()
        if not 0 < number <= len(self.server.tickets):
            raise Problem(404, "There is no such ticket.")
        return self.server.tickets[number - 1]

    def _change(self, headers: dict[str, str]) -> Any:
        ticket = self._find_ticket(headers)
        ticket.update(self._body())
        return ticket

    def _number(self) -> int:
        match = re.fullmatch(r"/tickets/([0-9]{1,6})", urlsplit(self.path).path)
        return int(match[1]) if match else 0

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        return body


if __name__ == "__main__":
    with Service() as service:
        sys.stderr.write(f"The ticket service answers on http://127.0.0.1:{service.server_address[1]}\n")
        service.serve_forever()
