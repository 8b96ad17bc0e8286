"""The page about the policy pack."""

import json
import re

from jsonschema import Draft7Validator

from docs.policy_table import PAGE, policy_page
from tests.infra.rules import BY_NAME


def test_the_page_lists_the_rules_and_their_settings() -> None:
    assert PAGE.read_text() == policy_page(), "run make docs"


def test_the_configuration_of_the_page_is_one_that_the_rules_allow() -> None:
    [text] = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for rule, own in json.loads(text).items():
        if isinstance(own, str):
            assert rule == "all" or rule in BY_NAME
            continue
        properties = {key: setting.schema for key, setting in BY_NAME[rule].settings.items()}
        Draft7Validator({"type": "object", "properties": properties, "additionalProperties": False}).validate(own)
