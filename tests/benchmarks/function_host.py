"""Stands in for Lambda: a process that answers invocations of one function over HTTP.

Run as ``python -I -S -B function_host.py <file descriptor> <package> <handler>``. It writes its port there once the
function is imported. It takes the place of Lambda's own service, whose time this does not measure.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class LambdaContext:
    """What Lambda tells a function beside the event."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is cut off."""
        return 20_000


def main(ready: str, package: str, handler: str) -> None:
    """Serve until the process is ended."""
    sys.path.insert(0, package)
    module, _, name = handler.rpartition(".")
    handle: Any = getattr(__import__(module, fromlist=[name]), name)

    class Invocation(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One write for each answer: two would wait for each other's acknowledgement.
        wbufsize = -1

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(handle(event, LambdaContext())).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the library's
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Invocation)
    os.write(int(ready), f"{server.server_port}\n".encode())
    server.serve_forever()


main(*sys.argv[1:])
