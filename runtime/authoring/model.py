"""Types that another library than msgspec checks and converts."""

from typing import Any, Protocol


class Model(Protocol):
    """A type that another library checks and converts."""

    @property
    def is_required(self) -> bool:
        """Whether what looks like the default of a parameter states none."""

    def defaults(self, name: str) -> dict[str, Any]:
        """Return the default to pass for a missing argument, by its name, if Python has none."""

    def schema(self, mode: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the JSON Schema of the type, and the definitions that it refers to."""

    def convert(self, name: str, value: Any) -> Any:
        """Return the value in the type. Raise ``SchemaViolation``."""
