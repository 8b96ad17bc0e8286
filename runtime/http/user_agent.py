"""What this server calls itself where it asks another one (RFC 9110 10.1.5): some turn away whoever does not say."""

from typing import Final

USER_AGENT: Final = "remote-mcp/1.0"
