"""Secrets and their rotation."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, capitalize_keys, rename_keys

_SECRET = {
    "name": "",
    "description": "Description",
    "kmsKeyId": "KmsKeyId",
    # Both only affect how AWS deletes a secret. A local secret is deleted at once.
    "recoveryWindowInDays": "",
    "forceOverwriteReplicaSecret": "",
}
_ROTATION = {
    "secretId": "SecretId",
    "rotationLambdaArn": "RotationLambdaARN",
    "rotateImmediately": "",
    "rotationRules": "",
}


class Secret(Kind):
    label = "secret"
    fixed = ("name",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("secretsmanager")
        created = client.create_secret(Name=inputs.get("name", name), **rename_keys(inputs, _SECRET))
        # On AWS a secret created without a value has no version; the emulator labels an empty one AWSCURRENT.
        if "VersionId" in created:
            client.update_secret_version_stage(
                SecretId=created["ARN"], VersionStage="AWSCURRENT", RemoveFromVersionId=created["VersionId"]
            )
        return Applied(created["ARN"], {"arn": created["ARN"], "name": created["Name"]})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        changed = aws.client("secretsmanager").update_secret(
            SecretId=identifier, **rename_keys({"description": "", **new}, _SECRET)
        )
        return Applied(identifier, {"arn": identifier, "name": changed["Name"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("secretsmanager").delete_secret(SecretId=identifier, ForceDeleteWithoutRecovery=True)


class SecretVersion(Kind):
    label = "secret value"
    fixed = ("secretId",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"secretId": "SecretId", "secretString": "SecretString", "versionStages": "VersionStages"}
        written = aws.client("secretsmanager").put_secret_value(**rename_keys(inputs, names))
        outputs = {"arn": written["ARN"], "versionId": written["VersionId"], "versionStages": written["VersionStages"]}
        return Applied(f"{written['ARN']}|{written['VersionId']}", outputs)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Do nothing: a value goes with its secret, and the current one cannot be taken away."""


class SecretRotation(PutKind):
    label = "secret rotation"
    fixed = ("secretId",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("secretsmanager")
        parameters = rename_keys(inputs, _ROTATION)
        secret = inputs["secretId"]
        before = _current_version(aws, secret)
        rotated = client.rotate_secret(
            RotationRules=capitalize_keys(inputs["rotationRules"]),
            RotateImmediately=inputs.get("rotateImmediately", True),
            **parameters,
        )
        after = _current_version(aws, secret)
        # Without immediate rotation, AWS does not change the versions. The emulator moves AWSCURRENT to a copy.
        if not inputs.get("rotateImmediately", True) and before and after and before != after:
            client.update_secret_version_stage(
                SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=before, RemoveFromVersionId=after
            )
        return Applied(rotated["ARN"], {"rotationEnabled": True})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Do nothing: the emulator stores a schedule, but never rotates by it and cannot delete it."""


def _current_version(aws: Aws, secret: str) -> str | None:
    stages = aws.client("secretsmanager").describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    return next((version for version, labels in stages.items() if "AWSCURRENT" in labels), None)
