"""Aliases of functions, and the instances that Lambda keeps initialized for them."""

from local.aws import PARTITION, Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, rename_keys


class Alias(Kind):
    """A name for a published version. It moves to another version in one step."""

    label = "lambda alias"
    fixed = ("functionName", "name")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"functionName": "FunctionName", "functionVersion": "FunctionVersion", "description": "Description"}
        alias = inputs.get("name", name)
        created = aws.client("lambda").create_alias(Name=alias, **rename_keys(inputs, {**names, "name": ""}))
        return self._describe(aws, created)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        changed = aws.client("lambda").update_alias(
            FunctionName=new["functionName"],
            Name=new.get("name", name),
            FunctionVersion=new["functionVersion"],
            Description=new.get("description", ""),
            # As the AWS provider does: what a release left half done ends here.
            RoutingConfig={},
        )
        return self._describe(aws, changed)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("lambda").delete_alias(FunctionName=inputs["functionName"], Name=identifier.rpartition(":")[2])

    @staticmethod
    def _describe(aws: Aws, alias: Properties) -> Applied:
        arn = alias["AliasArn"]
        return Applied(arn, {"arn": arn, "name": alias["Name"], "invokeArn": invoke_arn(aws, arn)})


class ProvisionedConcurrencyConfig(PutKind):
    label = "lambda provisioned concurrency"
    fixed = ("functionName", "qualifier")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {
            "functionName": "FunctionName",
            "provisionedConcurrentExecutions": "ProvisionedConcurrentExecutions",
            "qualifier": "Qualifier",
        }
        aws.client("lambda").put_provisioned_concurrency_config(**rename_keys(inputs, names))
        return Applied(f"{inputs['functionName']},{inputs['qualifier']}", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("lambda").delete_provisioned_concurrency_config(
            FunctionName=inputs["functionName"], Qualifier=inputs["qualifier"]
        )


def invoke_arn(aws: Aws, arn: str) -> str:
    """Return the URI by which API Gateway invokes a function, or one version or alias of it."""
    return f"arn:{PARTITION}:apigateway:{aws.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
