"""What became of a scenario."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

# In nearly every scenario, and about the messages that it happens to exchange.
_OF_EVERY_SCENARIO: Final = "wire-schema-valid"


class Check(NamedTuple):
    """One check of a scenario; ``status`` is SUCCESS, FAILURE, WARNING, SKIPPED or INFO."""

    id: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The checks of one scenario at one revision. ``note`` is what a reader has to know."""

    scenario: str
    revision: str
    checks: Sequence[Check]
    note: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many checks have which status."""
        return Counter(check.status for check in self.checks)

    @property
    def problems(self) -> list[Check]:
        """The checks that fail the scenario: a warning does as much as a failure does."""
        return [check for check in self.checks if check.status in {"FAILURE", "WARNING"}]

    @property
    def verified(self) -> bool:
        """Whether anything was checked, and not only skipped or remarked on."""
        return any(check.status == "SUCCESS" and check.id != _OF_EVERY_SCENARIO for check in self.checks)

    @property
    def passed(self) -> bool:
        """Whether the server does what the scenario asks for."""
        return not self.problems and self.verified
