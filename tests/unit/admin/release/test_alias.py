"""The requests to Lambda that move an alias, and what they answer."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from admin.release.alias import Aliases, MovedByAnother, Standing
from admin.release.note import DONE, OPEN, TAKEN_BACK, Note

NOTE = Note(OPEN, "2027-01-15T08:00:00Z", "4", "3")
STANDING = Standing("stack-mcp", "3", None, 0, None, "first")


def alias(version: str, weights: dict[str, float] | None = None, note: Note | None = None) -> dict[str, Any]:
    routing = {"RoutingConfig": {"AdditionalVersionWeights": weights}} if weights else {}
    return {"FunctionVersion": version, "RevisionId": "second", "Description": str(note or ""), **routing}


@pytest.mark.parametrize(
    ("share", "version", "weights"),
    [(0, "3", {}), (1, "3", {"4": 0.01}), (10, "3", {"4": 0.1}), (99, "3", {"4": 0.99}), (100, "4", {})],
)
def test_a_share_is_a_weight_of_the_new_version_until_it_gets_everything(
    aws: None, share: float, version: str, weights: dict[str, float]
) -> None:
    """Lambda, CreateAlias, RoutingConfig: a weight is the part of the requests that the second version gets."""
    client = boto3.client("lambda")
    with Stubber(client) as answers:
        answers.add_response(
            "update_alias",
            alias(version, weights, NOTE),
            {
                "FunctionName": "stack-mcp",
                "Name": "live",
                "FunctionVersion": version,
                "RoutingConfig": {"AdditionalVersionWeights": weights},
                "Description": "release 2027-01-15T08:00:00Z: version 4 after 3",
                "RevisionId": "first",
            },
        )
        moved = Aliases(client).move(STANDING, NOTE, share)
    assert (moved.share_of("4"), moved.share_of("3"), moved.share_of("2")) == (share, 100 - share, 0)
    assert (moved.note, moved.revision) == (NOTE, "second")


def test_an_alias_that_somebody_else_moved_is_left_alone(aws: None) -> None:
    client = boto3.client("lambda")
    with Stubber(client) as answers:
        answers.add_client_error(
            "update_alias", "PreconditionFailedException", "The RevisionId provided does not match"
        )
        with pytest.raises(MovedByAnother, match="stack-mcp"):
            Aliases(client).move(STANDING, NOTE, 10)


@pytest.mark.parametrize("state", [OPEN, DONE, TAKEN_BACK])
def test_a_note_is_read_as_it_was_written(state: str) -> None:
    note = Note(state, "2027-01-15T08:00:00Z", "12", "9")
    assert Note.parse(str(note)) == note
    assert len(str(note)) < 256


@pytest.mark.parametrize("text", ["", "Serves the tools", "release now: version 4", "released x: version a after b"])
def test_another_description_is_no_note(text: str) -> None:
    assert Note.parse(text) is None


def test_the_newest_version_is_the_greatest_number_and_not_the_last_text(aws: None) -> None:
    client = boto3.client("lambda")
    versions = [{"Version": version} for version in ("$LATEST", "9", "10")]
    with Stubber(client) as answers:
        answers.add_response("list_versions_by_function", {"Versions": versions})
        assert Aliases(client).newest_version("stack-mcp") == "10"
