"""DynamoDB tables."""

from local.aws import Aws
from local.errors import LocalError
from local.resources.kind import Applied, Kind, Properties, rename_keys

_INPUTS = {
    "name": "",
    "attributes": "",
    "hashKey": "",
    "rangeKey": "",
    "ttl": "",
    "pointInTimeRecovery": "",
    "serverSideEncryption": "",
    "billingMode": "BillingMode",
    "deletionProtectionEnabled": "DeletionProtectionEnabled",
    "tableClass": "TableClass",
}
_DEFAULTS = {"billingMode": "PROVISIONED", "deletionProtectionEnabled": False, "tableClass": "STANDARD"}
_SCHEMA = ("name", "hashKey", "rangeKey", "attributes")


class Table(Kind):
    """A table, which is never replaced: a change of the program must not delete registered clients."""

    label = "dynamodb table"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, _INPUTS)
        table = inputs.get("name", name)
        keys = [("HASH", inputs.get("hashKey")), ("RANGE", inputs.get("rangeKey"))]
        encryption = inputs.get("serverSideEncryption")
        if encryption:
            parameters["SSESpecification"] = _encryption(encryption)
        client = aws.client("dynamodb")
        client.create_table(
            TableName=table,
            AttributeDefinitions=[
                {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
                for attribute in inputs["attributes"]
            ],
            KeySchema=[{"AttributeName": key, "KeyType": role} for role, key in keys if key],
            **parameters,
        )
        client.get_waiter("table_exists").wait(TableName=table)
        self._update_settings(aws, table, {}, inputs)
        return self._describe(aws, table)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        parameters = rename_keys(_DEFAULTS | new, _INPUTS)
        if any(old.get(key) != new.get(key) for key in _SCHEMA):
            raise LocalError("its name and key cannot change in place; run make down first")
        encryption = new.get("serverSideEncryption")
        if encryption != old.get("serverSideEncryption"):
            parameters["SSESpecification"] = _encryption(encryption or {"enabled": False})
        before = rename_keys(_DEFAULTS | old, _INPUTS)
        changed = {key: value for key, value in parameters.items() if value != before.get(key)}
        if changed:
            aws.client("dynamodb").update_table(TableName=identifier, **changed)
        self._update_settings(aws, identifier, old, new)
        return self._describe(aws, identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        client = aws.client("dynamodb")
        if inputs.get("deletionProtectionEnabled"):
            client.update_table(TableName=identifier, DeletionProtectionEnabled=False)
        client.delete_table(TableName=identifier)

    @staticmethod
    def _update_settings(aws: Aws, table: str, old: Properties, new: Properties) -> None:
        """Update the two settings that have their own API calls."""
        client = aws.client("dynamodb")
        ttl = new.get("ttl")
        if ttl != old.get("ttl"):
            setting = ttl or {**old["ttl"], "enabled": False}
            client.update_time_to_live(
                TableName=table,
                TimeToLiveSpecification={
                    "Enabled": setting.get("enabled", False),
                    "AttributeName": setting["attributeName"],
                },
            )
        recovery = new.get("pointInTimeRecovery", {}).get("enabled", False)
        if recovery != old.get("pointInTimeRecovery", {}).get("enabled", False):
            client.update_continuous_backups(
                TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery}
            )

    @staticmethod
    def _describe(aws: Aws, table: str) -> Applied:
        arn = aws.client("dynamodb").describe_table(TableName=table)["Table"]["TableArn"]
        return Applied(table, {"arn": arn, "name": table})


def _encryption(block: Properties) -> Properties:
    return rename_keys(block, {"enabled": "Enabled", "kmsKeyArn": "KMSMasterKeyId"})
