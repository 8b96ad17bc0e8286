"""The Python and the processor of the functions, and the wheels that run there."""

import sys
from dataclasses import dataclass
from typing import Self

import pulumi
from packaging.markers import default_environment

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# The minor version of glibc 2: Python 3.11 runs on Amazon Linux 2, every later one on Amazon Linux 2023.
OLDER_GLIBC = 26
NEWER_GLIBC = 34
# The oldest glibc that wheels are built for (PEP 600).
OLDEST_GLIBC = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A Python version such as ``3.13``, and ``arm64`` or ``x86_64``."""

    python: str
    architecture: str

    @classmethod
    def current(cls, architecture: str) -> Self:
        """Return the Python that runs this program, on ``architecture``."""
        return cls(f"{sys.version_info.major}.{sys.version_info.minor}", architecture)

    @classmethod
    def require(cls, python: str, architecture: str) -> Self:
        """Return ``python`` on ``architecture``. Raise ``pulumi.RunError`` unless this program runs on ``python``.

        Only the same Python can compile for it, and evaluate what a library requires there.
        """
        current = cls.current(architecture)
        if current.python != python:
            raise pulumi.RunError(
                f"pythonVersion is {python}, but this program runs on Python {current.python}. Make its environment "
                f"again with: python{python} -m venv --clear .venv && .venv/bin/python -m pip install -r "
                f"requirements.txt. Or set pythonVersion to {current.python}."
            )
        return current

    @property
    def runtime(self) -> str:
        """The name of the runtime in Lambda."""
        return f"python{self.python}"

    @property
    def glibc(self) -> int:
        """The minor version of the C library, glibc 2."""
        return OLDER_GLIBC if self.python == "3.11" else NEWER_GLIBC

    @property
    def platforms(self) -> list[str]:
        """The platform tags of the wheels that run there. pip needs each of them."""
        tags = ["manylinux2014", *(f"manylinux_2_{minor}" for minor in range(OLDEST_GLIBC, self.glibc + 1))]
        return [f"{tag}_{MACHINES[self.architecture]}" for tag in tags]

    def markers(self, extra: str) -> dict[str, str]:
        """Return the environment for evaluating requirements (PEP 508)."""
        here = {name: str(value) for name, value in default_environment().items()}
        version = here["python_full_version"] if here["python_version"] == self.python else f"{self.python}.0"
        return {
            **here,
            "python_version": self.python,
            "python_full_version": version,
            "os_name": "posix",
            "platform_machine": MACHINES[self.architecture],
            "platform_system": "Linux",
            "sys_platform": "linux",
            "extra": extra,
        }
