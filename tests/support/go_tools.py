"""Programs in Go that tests run: each built once, in the version that a go.mod pins."""

import fcntl
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.report import say


class GoToolMissingError(Exception):
    """The program is not built yet, and cannot be. The text says what to do."""


@dataclass(frozen=True)
class GoTool:
    """A program that the ``go.mod`` in ``module`` pins: the package ``command`` below ``package``.

    ``folder`` is its name below the cache. ``flags`` are those of the linker, with ``{version}`` for the version.
    ``toolchain`` is the Go that builds it. ``need`` ends the sentence that says what to install where Go is missing.
    """

    name: str
    module: Path
    package: str
    command: str
    folder: str
    toolchain: str
    need: str
    flags: str = "-s -w"

    def version(self) -> str:
        """Return the version that go.mod pins. Raise GoToolMissingError."""
        found = re.search(rf"{self.package} v(\S+)", (self.module / "go.mod").read_text())
        if found is None:
            raise GoToolMissingError(f"{self.module.name}/go.mod does not name {self.package}")
        return found[1]

    def build(self) -> Path:
        """Return the directory whose ``bin`` has the program. Build it if it is not there yet.

        Raise GoToolMissingError.
        """
        version = self.version()
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        directory = cache / "remote-mcp" / self.folder / version
        binary = directory / "bin" / self.name
        binary.parent.mkdir(parents=True, exist_ok=True)
        with (directory / "lock").open("w") as lock:
            # A second run waits for the first one instead of building too.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not binary.exists():
                self._run_go(binary, version)
        return directory

    def _run_go(self, binary: Path, version: str) -> None:
        if not shutil.which("go"):
            raise GoToolMissingError(self.need)
        say(f"Building {self.name} {version} once, which takes some minutes, into {binary.parent}")
        draft = binary.with_suffix(".new")
        command = ["go", "build", f"-ldflags={self.flags.format(version=version)}", "-o", str(draft)]
        built = subprocess.run(
            [*command, f"{self.package}/{self.command}"],
            cwd=self.module,
            env={**os.environ, "GOTOOLCHAIN": self.toolchain},
            check=False,
        )
        if built.returncode:
            raise GoToolMissingError(f"Go could not build {self.name}; its message is above")
        draft.replace(binary)
