"""``add`` on this server."""

import os
import sys

from runtime.authoring import App, tool


@tool
def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


for number in range(1, int(os.environ.get("TOOLS", "1"))):
    globals()[f"add_{number}"] = tool(name=f"add_{number}")(add.function)

app = App(modules=[sys.modules[__name__]])
