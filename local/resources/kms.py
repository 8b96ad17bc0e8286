"""Keys and their aliases."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, json_text, rename_keys

_KEY = {
    "description": "Description",
    "policy": "",
    "enableKeyRotation": "",
    # It only affects how AWS deletes a key.
    "deletionWindowInDays": "",
}
_SHORTEST_DAYS = 7


class Key(Kind):
    """A symmetric key. Deleting it is irrevocable after the shortest time that AWS allows."""

    label = "kms key"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("kms")
        created = client.create_key(Policy=json_text(inputs["policy"]), **rename_keys(inputs, _KEY))["KeyMetadata"]
        self._rotate(aws, created["KeyId"], inputs)
        return Applied(created["KeyId"], {"arn": created["Arn"], "keyId": created["KeyId"]})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        client = aws.client("kms")
        rename_keys(new, _KEY)
        client.put_key_policy(KeyId=identifier, PolicyName="default", Policy=json_text(new["policy"]))
        client.update_key_description(KeyId=identifier, Description=new.get("description", ""))
        self._rotate(aws, identifier, new)
        return Applied(identifier, {"arn": aws.arn("kms", f"key/{identifier}"), "keyId": identifier})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("kms").schedule_key_deletion(KeyId=identifier, PendingWindowInDays=_SHORTEST_DAYS)

    @staticmethod
    def _rotate(aws: Aws, key: str, inputs: Properties) -> None:
        operation = "enable_key_rotation" if inputs.get("enableKeyRotation") else "disable_key_rotation"
        getattr(aws.client("kms"), operation)(KeyId=key)


class Alias(Kind):
    label = "kms alias"
    fixed = ("name",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"name": "", "targetKeyId": ""})
        aws.client("kms").create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
        return self._describe(aws, inputs["name"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        aws.client("kms").update_alias(AliasName=identifier, TargetKeyId=new["targetKeyId"])
        return self._describe(aws, identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("kms").delete_alias(AliasName=identifier)

    @staticmethod
    def _describe(aws: Aws, alias: str) -> Applied:
        return Applied(alias, {"arn": aws.arn("kms", alias), "name": alias})
