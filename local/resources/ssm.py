"""Parameters of Systems Manager."""

from local.aws import Aws
from local.resources.kind import Applied, Properties, PutKind, rename_keys

_PARAMETER = {
    "name": "",
    "type": "Type",
    "value": "Value",
    "allowedPattern": "AllowedPattern",
    "dataType": "DataType",
    "description": "Description",
    "keyId": "KeyId",
    "tier": "Tier",
    # It only affects how the AWS provider writes an existing parameter.
    "overwrite": "",
}


class Parameter(PutKind):
    label = "ssm parameter"
    fixed = ("name", "type")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameter = inputs.get("name", name)
        written = aws.client("ssm").put_parameter(Name=parameter, Overwrite=True, **rename_keys(inputs, _PARAMETER))
        arn = aws.arn("ssm", f"parameter/{parameter.removeprefix('/')}")
        return Applied(parameter, {"arn": arn, "name": parameter, "version": written["Version"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ssm").delete_parameter(Name=identifier)
