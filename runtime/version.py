"""The version of this project: the last release that is in it (Semantic Versioning 2.0.0)."""

from typing import Final

VERSION: Final = "1.0.0"
