"""The Python and the processor of the functions, and the wheels that run there."""

import sys
from dataclasses import dataclass
from typing import Self

import pulumi
from packaging.markers import default_environment

LAMBDA_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
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
        """Return the current Python on ``architecture``: only the same Python can compile for itself.

        Raise ``pulumi.RunError`` if Lambda does not offer this version.
        """
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        if python not in LAMBDA_PYTHONS:
            raise pulumi.RunError(
                f"The functions run on the same Python as this program, and Lambda has no Python {python}; "
                f"allowed: {', '.join(LAMBDA_PYTHONS)}. Create the virtual environment with one of them."
            )
        return cls(python, architecture)

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
        return {
            **{name: str(value) for name, value in default_environment().items()},
            "os_name": "posix",
            "platform_machine": MACHINES[self.architecture],
            "platform_system": "Linux",
            "sys_platform": "linux",
            "extra": extra,
        }
