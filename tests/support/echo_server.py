"""A server behind the edge that returns what it received."""

import json
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

# How many requests ``/wait`` waits for.
PARTIES = 8


class EchoHandler(BaseHTTPRequestHandler):
    """Answers with the request as JSON, two cookies and a challenge. ``/wait`` answers after PARTIES requests."""

    protocol_version = "HTTP/1.1"
    barrier = threading.Barrier(PARTIES)

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/dev/wait":
            self.barrier.wait(5)
        told = json.dumps(
            {"method": self.command, "path": self.path, "headers": self.headers.items(), "size": len(body)}
        ).encode()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Bearer resource_metadata="https://example.com", scope="mcp"')
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Connection", "x-secret-of-this-connection")
        self.send_header("X-Secret-Of-This-Connection", "1")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815 - the names the server looks for
    do_PROPFIND = answer  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        pass
