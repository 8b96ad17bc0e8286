"""The aliases of functions: which versions get requests, and moving them."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from admin.release.note import Note
from runtime.deployment import LIVE

EVERYTHING = 100


class MovedByAnother(Exception):
    """Somebody else changed the alias of ``function`` since it was read."""

    def __init__(self, function: str) -> None:
        super().__init__(function)
        self.function = function


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the alias of a function stands.

    ``version`` gets all requests but the ``share`` (percent) of ``candidate``. ``revision`` changes with each write.
    """

    function: str
    version: str
    candidate: str | None
    share: float
    note: Note | None
    revision: str

    def share_of(self, version: str) -> float:
        """Return how many percent of the requests a version gets."""
        if version == self.candidate:
            return self.share
        return EVERYTHING - self.share if version == self.version else 0

    def __str__(self) -> str:
        """Return what serves, as a part of a sentence."""
        if self.candidate is None:
            return f"version {self.version}"
        return f"version {self.version} ({EVERYTHING - self.share:g} %) and version {self.candidate} ({self.share:g} %)"


class Aliases:
    """Reads and moves the aliases ``live``. ``functions`` is a client of Lambda, whose errors pass unchanged."""

    def __init__(self, functions: Any) -> None:
        self._functions = functions

    def read(self, function: str) -> Standing:
        """Return where the alias of a function stands."""
        return _standing(function, self._functions.get_alias(FunctionName=function, Name=LIVE))

    def newest_version(self, function: str) -> str:
        """Return the version that was published last. Lambda counts them, and uses no number twice."""
        pages = self._functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
        versions = [version["Version"] for page in pages for version in page["Versions"]]
        return str(max(int(version) for version in versions if version != "$LATEST"))

    def move(self, standing: Standing, note: Note, share: float) -> Standing:
        """Give the new version of a note ``share`` percent of the requests, and the old one the rest.

        Raise ``MovedByAnother`` if the alias is not as it was read.
        """
        new_alone = share >= EVERYTHING
        weights = {} if new_alone or share <= 0 else {note.new: round(share / EVERYTHING, 4)}
        try:
            alias = self._functions.update_alias(
                FunctionName=standing.function,
                Name=LIVE,
                FunctionVersion=note.new if new_alone else note.old,
                RoutingConfig={"AdditionalVersionWeights": weights},
                Description=str(note),
                RevisionId=standing.revision,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailedException":
                raise MovedByAnother(standing.function) from error
            raise
        return _standing(standing.function, alias)


def _standing(function: str, alias: dict[str, Any]) -> Standing:
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    # An alias shares requests between at most two versions.
    candidate, weight = next(iter(weights.items()), (None, 0.0))
    return Standing(
        function,
        alias["FunctionVersion"],
        candidate,
        round(weight * EVERYTHING, 2),
        Note.parse(alias.get("Description", "")),
        alias["RevisionId"],
    )
