"""The ``User-Agent`` of requests to other servers (RFC 9110 10.1.5): some refuse requests without one."""

from typing import Final

from runtime.version import VERSION

USER_AGENT: Final = f"remote-mcp/{VERSION}"
