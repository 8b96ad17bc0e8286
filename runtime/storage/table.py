"""The table: one client and one translation of its errors for all stores."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from runtime.records.errors import StoreUnavailable
from runtime.storage.aws import client, code_of, unavailable
from runtime.storage.layout import check_layout, with_layout, without_layout

# DynamoDB refuses a partition key of more than 2048 bytes. The ids that this server makes are much shorter.
LONGEST_ID_BYTES: Final = 1024
CONDITION_FAILED: Final = "ConditionalCheckFailedException"
CANCELLED_FOR_CONDITION: Final = "ConditionalCheckFailed"
CANCELLED_FOR_CONFLICT: Final = "TransactionConflict"
# boto3 does not retry a transaction that conflicts with another one.
ATTEMPTS: Final = 5

ABSENT: Final = Attr("pk").not_exists()
PRESENT: Final = Attr("pk").exists()

Item = dict[str, Any]


class ConditionFailed(Exception):
    """The item does not meet the condition of a write."""


class Put(NamedTuple):
    """Write a whole item, with the layout of this version."""

    item: Mapping[str, Any]
    condition: ConditionBase | None = None


class Update(NamedTuple):
    """Set, add to and remove attributes of the item ``pk``. Without a condition, it is created if absent."""

    pk: str
    set: Mapping[str, Any]
    add: Mapping[str, int] = {}
    remove: Collection[str] = ()
    condition: ConditionBase | None = None


class Table(Protocol):
    """Items by their partition key ``pk``. Reads are strongly consistent.

    Every method raises ``StoreUnavailable`` if the table fails, and a write with a condition raises
    ``ConditionFailed`` if the item does not meet it. A read of an item with a later layout fails, too. ``operation`` is
    the name of the read or write for the log.
    """

    def get(self, pk: str, operation: str) -> Item | None:
        """Return the item, even if it has expired, or ``None``."""

    def get_together(self, pks: Collection[str], operation: str) -> Mapping[str, Item]:
        """Return those of up to 100 items that exist, by their keys, in one round trip."""

    def put(self, put: Put, operation: str) -> None:
        """Write an item, and replace any other with its key."""

    def update(self, update: Update, operation: str) -> Item:
        """Change an item, and return its attributes afterwards."""

    def delete(self, pk: str, operation: str, condition: ConditionBase | None = None) -> Item | None:
        """Delete an item, and return it, or ``None`` if there was none."""

    def write_together(self, writes: Sequence[Put | Update], operation: str) -> None:
        """Make all writes or none."""


def key(prefix: str, record_id: str) -> str | None:
    """Return the partition key of a record, or ``None`` for an id that is too long for DynamoDB."""
    if len(record_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
        return None
    return f"{prefix}{record_id}"


class DynamoDBTable:
    """A ``Table`` in DynamoDB, behind one client and its one pool of connections."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = client("dynamodb")
        self._serialize = TypeSerializer().serialize
        self._deserialize = TypeDeserializer().deserialize

    def get(self, pk: str, operation: str) -> Item | None:
        """Return the item, even if it has expired, or ``None``."""
        item = self._item(self._call("get_item", operation, Key=self._key(pk), ConsistentRead=True).get("Item"))
        return item and check_layout(item, operation)

    def get_together(self, pks: Collection[str], operation: str) -> Mapping[str, Item]:
        """Return those of up to 100 items that exist, by their keys, in one round trip.

        DynamoDB may leave out items while it throttles, and names them. They are read again: a missing revocation would
        look like a token that was never revoked. Raises ``StoreUnavailable`` if some are still missing.
        """
        keys: dict[str, Any] = {self._name: {"Keys": [*map(self._key, dict.fromkeys(pks))], "ConsistentRead": True}}
        found: dict[str, Item] = {}
        for _ in range(ATTEMPTS):
            with unavailable(operation):
                answer = self._client.batch_get_item(RequestItems=keys)
            items = [self._item(attributes) or {} for read in answer["Responses"].values() for attributes in read]
            found |= {item["pk"]: check_layout(item, operation) for item in items}
            keys = answer.get("UnprocessedKeys", {})
            if not keys:
                return found
        raise StoreUnavailable(operation)

    def put(self, put: Put, operation: str) -> None:
        """Write an item, and replace any other with its key."""
        self._call("put_item", operation, **self._put(put))

    def update(self, update: Update, operation: str) -> Item:
        """Change an item, and return its attributes afterwards."""
        answer = self._call("update_item", operation, ReturnValues="ALL_NEW", **self._update(update))
        return without_layout(self._item(answer["Attributes"]) or {})

    def delete(self, pk: str, operation: str, condition: ConditionBase | None = None) -> Item | None:
        """Delete an item, and return it, or ``None`` if there was none."""
        parts = self._condition(condition, {}, {})
        answer = self._call("delete_item", operation, Key=self._key(pk), ReturnValues="ALL_OLD", **parts)
        item = self._item(answer.get("Attributes"))
        return item and without_layout(item)

    def write_together(self, writes: Sequence[Put | Update], operation: str) -> None:
        """Make all writes or none, and retry after a conflict with another transaction."""
        items = [
            {"Put": self._put(write)} if isinstance(write, Put) else {"Update": self._update(write)} for write in writes
        ]
        transaction = [{kind: {"TableName": self._name, **parts} for kind, parts in item.items()} for item in items]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with unavailable(operation):
                    self._client.transact_write_items(TransactItems=transaction)
            except StoreUnavailable as failure:
                reasons = _cancellation_reasons(failure.__cause__)
                if CANCELLED_FOR_CONDITION in reasons:
                    raise ConditionFailed(operation) from failure
                if CANCELLED_FOR_CONFLICT not in reasons or attempt == ATTEMPTS:
                    raise
            else:
                return

    def _call(self, method: str, operation: str, **parts: Any) -> dict[str, Any]:
        try:
            with unavailable(operation):
                answer: dict[str, Any] = getattr(self._client, method)(TableName=self._name, **parts)
        except StoreUnavailable as failure:
            if isinstance(failure.__cause__, ClientError) and code_of(failure.__cause__) == CONDITION_FAILED:
                raise ConditionFailed(operation) from failure
            raise
        return answer

    def _put(self, put: Put) -> dict[str, Any]:
        item = {name: self._serialize(value) for name, value in with_layout(dict(put.item)).items()}
        return {"Item": item, **self._condition(put.condition, {}, {})}

    def _update(self, update: Update) -> dict[str, Any]:
        # The names of attributes can contain ids, which an expression cannot, so every name gets a placeholder.
        names: dict[str, str] = {}
        values: dict[str, Any] = {}

        def assign(attributes: Mapping[str, Any], separator: str) -> list[str]:
            terms = []
            for name, value in attributes.items():
                placeholder = f"a{len(names)}"
                names[f"#{placeholder}"], values[f":{placeholder}"] = name, self._serialize(value)
                terms.append(f"#{placeholder}{separator}:{placeholder}")
            return terms

        clauses = {"SET": assign(update.set, " = "), "ADD": assign(update.add, " "), "REMOVE": []}
        for name in update.remove:
            clauses["REMOVE"].append(f"#a{len(names)}")
            names[f"#a{len(names)}"] = name
        expression = " ".join(f"{verb} {', '.join(terms)}" for verb, terms in clauses.items() if terms)
        parts = self._condition(update.condition, names, values)
        return {"Key": self._key(update.pk), "UpdateExpression": expression, **parts}

    def _condition(
        self, condition: ConditionBase | None, names: Mapping[str, str], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the parts of a request for its condition, and for the placeholders of its expressions."""
        expression: dict[str, Any] = {}
        if condition is not None:
            built = ConditionExpressionBuilder().build_expression(condition)
            expression["ConditionExpression"] = built.condition_expression
            names = {**names, **built.attribute_name_placeholders}
            built_values = built.attribute_value_placeholders.items()
            values = {**values, **{name: self._serialize(value) for name, value in built_values}}
        placeholders = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        return expression | {member: given for member, given in placeholders.items() if given}

    def _key(self, pk: str) -> dict[str, Any]:
        return {"pk": {"S": pk}}

    def _item(self, attributes: Mapping[str, Any] | None) -> Item | None:
        if attributes is None:
            return None
        return {name: self._deserialize(value) for name, value in attributes.items()}


def _cancellation_reasons(error: BaseException | None) -> set[str]:
    """Return why DynamoDB cancelled a transaction, one code for each of its writes."""
    cancelled = error.response.get("CancellationReasons", []) if isinstance(error, ClientError) else []
    return {reason.get("Code", "") for reason in cancelled}
