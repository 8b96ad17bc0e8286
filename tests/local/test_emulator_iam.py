"""Tests of the keys that ``local.emulator_iam`` finds in a request to DynamoDB."""

from typing import Any

import pytest

from local.emulator_iam import leading_keys

KEY = {"pk": {"S": "client#1"}}
OTHER = {"pk": {"S": "grant#1"}}


def attribute_of(table: str) -> str | None:
    return {"store": "pk"}.get(table)


@pytest.mark.parametrize(
    ("request_body", "keys"),
    [
        ({"TableName": "store", "Key": KEY}, ["client#1"]),
        ({"TableName": "store", "Item": {"other": {"S": "x"}, **KEY}}, ["client#1"]),
        ({"TableName": "arn:aws:dynamodb:eu-central-1:000000000000:table/store", "Key": KEY}, ["client#1"]),
        ({"TableName": "unknown", "Key": KEY}, []),
        ({"TableName": "store"}, []),
        (
            {
                "TransactItems": [
                    {"Put": {"TableName": "store", "Item": KEY}},
                    {"Update": {"TableName": "store", "Key": OTHER}},
                ]
            },
            ["client#1", "grant#1"],
        ),
        ({"RequestItems": {"store": {"Keys": [KEY, OTHER]}}}, ["client#1", "grant#1"]),
        (
            {"RequestItems": {"store": [{"DeleteRequest": {"Key": KEY}}, {"PutRequest": {"Item": OTHER}}]}},
            ["client#1", "grant#1"],
        ),
    ],
    ids=["get", "put", "arn", "unknown", "scan", "transaction", "batch-get", "batch-write"],
)
def test_the_keys_of_all_items_of_a_request_are_found(request_body: dict[str, Any], keys: list[str]) -> None:
    assert leading_keys(request_body, attribute_of) == keys
