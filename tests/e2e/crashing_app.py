"""An app that can be imported and lists its tools, and whose tool ends the process of its function."""

import os
import sys

from runtime.authoring import App, tool


@tool
def crash() -> str:
    """End the process."""
    os._exit(1)


app = App(modules=[sys.modules[__name__]])
