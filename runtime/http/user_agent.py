"""The ``User-Agent`` of requests to other servers (RFC 9110 10.1.5): some refuse requests without one."""

from typing import Final

USER_AGENT: Final = "remote-mcp/1.0"
