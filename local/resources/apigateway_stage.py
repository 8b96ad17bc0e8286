"""Deployments, stages and their method settings."""

import time

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, patch, rename_keys

_STAGE = {
    "restApi": "restApiId",
    "stageName": "stageName",
    "deployment": "deploymentId",
    "accessLogSettings": "",
    "cacheClusterEnabled": "cacheClusterEnabled",
    "cacheClusterSize": "cacheClusterSize",
    "description": "description",
    "variables": "variables",
    "xrayTracingEnabled": "tracingEnabled",
}
_METHOD_SETTINGS = {
    "cacheDataEncrypted": "caching/dataEncrypted",
    "cacheTtlInSeconds": "caching/ttlInSeconds",
    "cachingEnabled": "caching/enabled",
    "dataTraceEnabled": "logging/dataTrace",
    "loggingLevel": "logging/loglevel",
    "metricsEnabled": "metrics/enabled",
    "requireAuthorizationForCacheControl": "caching/requireAuthorizationForCacheControl",
    "throttlingBurstLimit": "throttling/burstLimit",
    "throttlingRateLimit": "throttling/rateLimit",
    "unauthorizedCacheControlHeaderStrategy": "caching/unauthorizedCacheControlHeaderStrategy",
}


class Deployment(Kind):
    """A snapshot of the API. Every change creates a new one, and the stage switches before the old one is deleted."""

    label = "api deployment"
    create_first = True

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"restApi": "restApiId", "description": "description", "variables": "variables", "triggers": ""}
        deployment = aws.client("apigateway").create_deployment(**rename_keys(inputs, names))
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", deployment["createdDate"].utctimetuple())
        return Applied(deployment["id"], {"createdDate": created})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_deployment(restApiId=inputs["restApi"], deploymentId=identifier)


class Stage(Kind):
    label = "api stage"
    fixed = ("restApi", "stageName", "cacheClusterEnabled", "cacheClusterSize", "variables")
    wipes = ("aws:apigateway/methodSettings:MethodSettings",)
    scope = ("restApi", "stageName")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("apigateway").create_stage(**rename_keys(inputs, _STAGE))
        return self._apply_patch(aws, {}, inputs, {})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _STAGE)
        paths = {"deployment": "/deploymentId", "description": "/description", "xrayTracingEnabled": "/tracingEnabled"}
        return self._apply_patch(aws, old, new, paths)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("apigateway").delete_stage(restApiId=inputs["restApi"], stageName=inputs["stageName"])

    @staticmethod
    def _apply_patch(aws: Aws, old: Properties, new: Properties, paths: dict[str, str]) -> Applied:
        """Patch what differs, and return the stage. Access logs need a patch even on a new stage."""
        api, stage = new["restApi"], new["stageName"]
        operations = patch(old, new, paths)
        logs_before, logs = old.get("accessLogSettings"), new.get("accessLogSettings")
        if logs:
            names = {"destinationArn": "/accessLogSettings/destinationArn", "format": "/accessLogSettings/format"}
            operations += patch(logs_before or {}, logs, names)
        elif logs_before:
            operations.append({"op": "remove", "path": "/accessLogSettings"})
        if operations:
            aws.client("apigateway").update_stage(restApiId=api, stageName=stage, patchOperations=operations)
        return Applied(
            f"ags-{api}-{stage}",
            {
                "arn": aws.arn("apigateway", f"/restapis/{api}/stages/{stage}", account=False),
                "executionArn": aws.arn("execute-api", f"{api}/{stage}"),
                "invokeUrl": f"http://{api}.execute-api.localhost:{aws.port}/{stage}",
            },
        )


class MethodSettings(PutKind):
    label = "method settings"
    fixed = ("restApi", "stageName", "methodPath")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"restApi": "", "stageName": "", "methodPath": "", "settings": ""})
        rename_keys(inputs["settings"], _METHOD_SETTINGS)
        paths = {key: f"/{inputs['methodPath']}/{path}" for key, path in _METHOD_SETTINGS.items()}
        self._update(aws, inputs, patch({}, inputs["settings"], paths))
        return Applied(f"{inputs['restApi']}-{inputs['stageName']}-{inputs['methodPath']}", {})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        # Only removing the whole entry resets settings that are no longer set.
        self.delete(aws, identifier, old)
        return self.put(aws, name, new)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        self._update(aws, inputs, [{"op": "remove", "path": f"/{inputs['methodPath']}"}])

    @staticmethod
    def _update(aws: Aws, inputs: Properties, operations: list[dict[str, str]]) -> None:
        aws.client("apigateway").update_stage(
            restApiId=inputs["restApi"], stageName=inputs["stageName"], patchOperations=operations
        )
