"""Tests that tags that AWS would refuse are refused before anything is made."""

import json

import pytest

from tests.infra.configuration import load, refusal


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ({"Project": "x"}, "tags has the key 'Project', and this project has 'project'; allowed: keys that differ"),
        ({"STACK": "x"}, "tags has the key 'STACK', and this project has 'stack'"),
        ({"Team": "x", "team": "y"}, "tags has the key 'team', and tags has 'Team'"),
        ({"AWS:x": "y"}, "No name starts with aws:, in upper or lower case"),
        ({"a,b": "x"}, "tags has ',' in the key 'a,b'; allowed: letters, digits, spaces and"),
        ({"team": "a;b&c"}, "tags has '&' ';' in the value of 'team'; allowed"),
        ({"team": "a\tb"}, r"tags has '\t' in the value of 'team'"),
    ],
)
def test_a_tag_that_iam_refuses_is_named_with_what_is_allowed(tags: dict[str, str], allowed: str) -> None:
    assert allowed in refusal({"tags": json.dumps(tags)})


def test_a_tag_may_have_all_that_iam_allows() -> None:
    tags = {"größe.ключ:/=+-@_ 1": "値 0", "k" * 128: "v" * 256, "empty": "", "awsome": "aws:x"}
    assert load({"tags": json.dumps(tags)}).tags == tags


def test_the_project_s_own_tags_may_have_another_value() -> None:
    assert load({"tags": '{"project": "billing"}'}).tags == {"project": "billing"}


@pytest.mark.parametrize(
    ("defaults", "allowed"),
    [
        ({"Project": "x"}, "aws:defaultTags has the key 'Project', and this project has 'project'"),
        ({"TEAM": "x"}, "aws:defaultTags has the key 'TEAM', and tags has 'team'"),
        ({"Aws:x": "y"}, "aws:defaultTags has the key 'Aws:x'; allowed"),
        ({"a*": "y"}, "aws:defaultTags has '*' in the key 'a*'; allowed"),
        ({"k" * 129: "y"}, "aws:defaultTags has a key of 129 characters"),
        ({"key": "v" * 257}, "aws:defaultTags has a value of 257 characters for 'key'; allowed: at most 256"),
        ({f"k{number}": "v" for number in range(48)}, "make 51 tags with project and stack; allowed: at most 50"),
    ],
)
def test_the_tags_of_the_provider_obey_the_same_rules(defaults: dict[str, str], allowed: str) -> None:
    config = {"tags": '{"team": "x"}', "aws:defaultTags": json.dumps({"tags": defaults})}
    assert allowed in refusal(config)


def test_a_tag_of_the_provider_with_the_same_key_is_left_out_by_it() -> None:
    config = {"tags": '{"team": "x"}', "aws:defaultTags": '{"tags": {"team": "y", "project": "z", "cost": "1"}}'}
    assert load(config).tags == {"team": "x"}


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"tags": []}', '{"tags": {"a": 1}}', "{}"])
def test_provider_tags_of_another_shape_are_left_to_the_provider(text: str) -> None:
    assert load({"aws:defaultTags": text}).tags == {}
