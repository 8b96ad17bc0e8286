"""The licence of a distribution, as its metadata states it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What projects write into the free text of ``License``, which is older than SPDX expressions (PEP 639).
SPDX = {
    "apache license 2.0": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "bsd-2-clause": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "isc": "ISC",
    "mit": "MIT",
    "mit license": "MIT",
}
CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Licence:
    """An SPDX expression, or else the names that the project gives to its licences. Both may be missing."""

    expression: str | None
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.expression or ", ".join(self.names) or "not stated"


def licence_of(metadata: Mapping[str, Any]) -> Licence:
    """Return the licence in ``metadata``, which has the keys of ``packaging.metadata.parse_email``. Guess nothing."""
    expression, text = metadata.get("license_expression"), metadata.get("license", "").strip()
    if expression or text.lower() in SPDX:
        return Licence(expression or SPDX[text.lower()])
    classifiers = (each for each in metadata.get("classifiers", []) if each.startswith(CLASSIFIER))
    names = tuple(classifier.rpartition(" :: ")[2] for classifier in classifiers)
    # Some projects put the whole text of their licence there.
    return Licence(None, names or tuple(text.splitlines()[:1]))
