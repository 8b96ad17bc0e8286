"""API keys, usage plans, and which key belongs to which plan."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, patch, rename_keys

_KEY = {"name": "", "customerId": "customerId", "description": "description", "enabled": "enabled", "value": "value"}
_PLAN = {"name": "", "apiStages": "", "description": "description"}
_STAGE = {"apiId": "apiId", "stage": "stage"}
_MEMBER = {"usagePlanId": "usagePlanId", "keyId": "keyId", "keyType": "keyType"}


class ApiKey(Kind):
    """An API key. Without a ``value``, API Gateway makes one."""

    label = "api key"
    # The emulator stores patched values as text, so "false" would be true.
    fixed = ("enabled", "value")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = {"enabled": True, **rename_keys(inputs, _KEY)}
        key = aws.client("apigateway").create_api_key(name=inputs.get("name", name), **parameters)
        return self._describe(aws, key["id"], key["value"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _KEY)
        paths = {key: f"/{key}" for key in ("name", "customerId", "description")}
        key = aws.client("apigateway").update_api_key(apiKey=identifier, patchOperations=patch(old, new, paths))
        return self._describe(aws, identifier, key["value"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_api_key(apiKey=identifier)

    @staticmethod
    def _describe(aws: Aws, key: str, value: str) -> Applied:
        return Applied(key, {"arn": aws.arn("apigateway", f"/apikeys/{key}", account=False), "value": value})


class UsagePlan(Kind):
    label = "usage plan"
    # AWS can patch the stages. The emulator would store the text of the patch.
    fixed = ("apiStages",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        stages = [rename_keys(stage, _STAGE) for stage in inputs.get("apiStages", [])]
        plan = aws.client("apigateway").create_usage_plan(
            name=inputs.get("name", name), apiStages=stages, **rename_keys(inputs, _PLAN)
        )
        return self._describe(aws, plan["id"], plan["name"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _PLAN)
        operations = patch(old, new, {"name": "/name", "description": "/description"})
        plan = aws.client("apigateway").update_usage_plan(usagePlanId=identifier, patchOperations=operations)
        return self._describe(aws, identifier, plan["name"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_usage_plan(usagePlanId=identifier)

    @staticmethod
    def _describe(aws: Aws, plan: str, name: str) -> Applied:
        return Applied(plan, {"arn": aws.arn("apigateway", f"/usageplans/{plan}", account=False), "name": name})


class UsagePlanKey(Kind):
    label = "usage plan key"
    fixed = tuple(_MEMBER)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        member = aws.client("apigateway").create_usage_plan_key(**rename_keys(inputs, _MEMBER))
        return Applied(member["id"], {"name": member["name"], "value": member["value"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_usage_plan_key(usagePlanId=inputs["usagePlanId"], keyId=inputs["keyId"])
