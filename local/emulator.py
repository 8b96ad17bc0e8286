"""Starts MiniStack. It is run as a file by ``local.servers``, since there modules of this repository are out of reach.

MiniStack runs functions with its own interpreter, ``sys.executable``, which has everything in reach that is installed
here. So the first argument takes its place.
"""

import runpy
import sys

if __name__ == "__main__":
    sys.executable = sys.argv.pop(1)
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
