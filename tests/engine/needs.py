"""What an app may need that changes only the functions that run its tools."""

from components.needs import Needs


def declare(needs: Needs) -> None:
    needs.environment("GREETING", needs.config("greeting"))
