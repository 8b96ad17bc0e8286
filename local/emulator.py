"""Starts MiniStack. ``local.servers`` runs this as a file, because it must not import modules of this repository.

MiniStack runs functions with ``sys.executable``, which can import everything that is installed here. So the first
argument replaces it with another interpreter.
"""

import runpy
import sys

if __name__ == "__main__":
    sys.executable = sys.argv.pop(1)
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
