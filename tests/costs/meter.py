"""Counts AWS calls as AWS bills them: read and write units, reads of secrets, and what the audit log ingests."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

READ_UNIT, WRITE_UNIT = 4096, 1024
# What CloudWatch Logs adds to each event (API reference of PutLogEvents).
EVENT_BYTES = 26


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return the size of an item with typed attributes (DynamoDB Developer Guide, item sizes)."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(typed: Mapping[str, Any]) -> int:
    [(kind, value)] = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return math.ceil(len(value.lstrip("-")) / 2) + 1
    if kind == "L":
        return 3 + sum(1 + _value_bytes(member) for member in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_bytes(member) for name, member in value.items())
    assert kind in ("BOOL", "NULL"), kind
    return 1


class Meter:
    """Counts the calls that are made while it ``runs``. ``items`` has the largest item of each kind of record."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.items: dict[str, int] = {}
        self._call = BaseClient._make_api_call

    @contextmanager
    def runs(self) -> Iterator[Counter[str]]:
        """Count from here on, and yield the counts."""
        self.counts = Counter()

        def watch(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
            return self._count(client, operation, params)

        with mock.patch.object(BaseClient, "_make_api_call", watch):
            yield self.counts

    def _count(self, client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if operation == "Invoke":
            # There is no Lambda here: the caller runs the worker itself.
            self.counts["worker_starts"] += 1
            return {}
        try:
            answer = self._call(client, operation, params)
        except ClientError:
            # A write whose condition fails costs as much.
            self.counts["writes"] += operation in ("PutItem", "UpdateItem", "DeleteItem")
            self.counts["secret_reads"] += operation == "GetSecretValue"
            raise
        getattr(self, f"_count_{operation}")(client, params, answer)
        return answer

    def _read(self, item: Mapping[str, Any] | None) -> None:
        self.counts["reads"] += max(1, math.ceil(item_bytes(item or {}) / READ_UNIT))
        self.counts["table_requests"] += 1

    def _write(self, item: Mapping[str, Any], times: int = 1) -> None:
        size = item_bytes(item)
        kind = item["pk"]["S"].partition("#")[0] if "pk" in item else ""
        self.items[kind] = max(size, self.items.get(kind, 0))
        self.counts["writes"] += times * max(1, math.ceil(size / WRITE_UNIT))
        self.counts["table_requests"] += 1

    def _count_GetItem(self, _client: BaseClient, _params: dict[str, Any], answer: dict[str, Any]) -> None:  # noqa: N802
        self._read(answer.get("Item"))

    def _count_BatchGetItem(self, _client: BaseClient, params: dict[str, Any], answer: dict[str, Any]) -> None:  # noqa: N802
        [(table, asked)] = params["RequestItems"].items()
        found = {item["pk"]["S"]: item for item in answer["Responses"][table]}
        for key in asked["Keys"]:
            self._read(found.get(key["pk"]["S"]))
        # One request, and one event of CloudTrail.
        self.counts["table_requests"] -= len(asked["Keys"]) - 1

    def _count_PutItem(self, _client: BaseClient, params: dict[str, Any], _answer: dict[str, Any]) -> None:  # noqa: N802
        self._write(params["Item"])

    def _count_UpdateItem(self, _client: BaseClient, _params: dict[str, Any], answer: dict[str, Any]) -> None:  # noqa: N802
        self._write(answer["Attributes"])

    def _count_DeleteItem(self, _client: BaseClient, _params: dict[str, Any], answer: dict[str, Any]) -> None:  # noqa: N802
        self._write(answer.get("Attributes", {}))

    def _count_TransactWriteItems(self, client: BaseClient, params: dict[str, Any], _answer: dict[str, Any]) -> None:  # noqa: N802
        for write in params["TransactItems"]:
            [(kind, parts)] = write.items()
            key = {"pk": parts["Item"]["pk"]} if kind == "Put" else parts["Key"]
            item = self._call(client, "GetItem", {"TableName": parts["TableName"], "Key": key})["Item"]
            # A transaction prepares each write, and then makes it.
            self._write(item, times=2)
        self.counts["table_requests"] -= len(params["TransactItems"]) - 1

    def _count_GetSecretValue(self, _client: BaseClient, _params: dict[str, Any], _answer: dict[str, Any]) -> None:  # noqa: N802
        self.counts["secret_reads"] += 1

    def _count_PutLogEvents(self, _client: BaseClient, params: dict[str, Any], _answer: dict[str, Any]) -> None:  # noqa: N802
        self.counts["audit_requests"] += 1
        for event in params["logEvents"]:
            self.counts["audit_bytes"] += len(event["message"].encode()) + EVENT_BYTES
