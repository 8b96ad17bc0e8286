"""Log groups, log streams, metric filters and subscription filters."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, rename_keys

_GROUP = {
    "name": "",
    "retentionInDays": "",
    "kmsKeyId": "kmsKeyId",
    "logGroupClass": "logGroupClass",
    # It only affects how the AWS provider deletes the group.
    "skipDestroy": "",
    # The emulator protects no log group.
    "deletionProtectionEnabled": "",
    "region": "",
}
_TRANSFORMATION = {
    "name": "metricName",
    "namespace": "metricNamespace",
    "value": "metricValue",
    "defaultValue": "",
    "unit": "unit",
    "dimensions": "dimensions",
}


class LogGroup(Kind):
    label = "log group"
    fixed = ("name", "kmsKeyId", "logGroupClass", "region")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        group = inputs.get("name", name)
        aws.client("logs", inputs.get("region")).create_log_group(logGroupName=group, **rename_keys(inputs, _GROUP))
        return self._retain(aws, group, inputs)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _GROUP)
        return self._retain(aws, identifier, new)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("logs", inputs.get("region")).delete_log_group(logGroupName=identifier)

    @staticmethod
    def _retain(aws: Aws, group: str, inputs: Properties) -> Applied:
        # As with the AWS provider, 0 means "never expires".
        days = inputs.get("retentionInDays")
        client = aws.client("logs", inputs.get("region"))
        if days:
            client.put_retention_policy(logGroupName=group, retentionInDays=days)
        else:
            client.delete_retention_policy(logGroupName=group)
        arn = aws.arn("logs", f"log-group:{group}", place=inputs.get("region"))
        return Applied(group, {"arn": arn, "name": group})


class LogStream(Kind):
    label = "log stream"
    fixed = ("name", "logGroupName")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        stream, group = inputs.get("name", name), inputs["logGroupName"]
        aws.client("logs").create_log_stream(logGroupName=group, logStreamName=stream)
        arn = aws.arn("logs", f"log-group:{group}:log-stream:{stream}")
        return Applied(stream, {"arn": arn, "name": stream})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("logs").delete_log_stream(logGroupName=inputs["logGroupName"], logStreamName=identifier)


class LogMetricFilter(PutKind):
    label = "log metric filter"
    fixed = ("name", "logGroupName")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"name": "", "logGroupName": "", "pattern": "", "metricTransformation": ""})
        transformation = inputs["metricTransformation"]
        parameters = rename_keys(transformation, _TRANSFORMATION)
        if "defaultValue" in transformation:
            parameters["defaultValue"] = float(transformation["defaultValue"])
        identifier = inputs.get("name", name)
        aws.client("logs").put_metric_filter(
            logGroupName=inputs["logGroupName"],
            filterName=identifier,
            filterPattern=inputs["pattern"],
            metricTransformations=[parameters],
        )
        return Applied(identifier, {"name": identifier})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("logs").delete_metric_filter(logGroupName=inputs["logGroupName"], filterName=identifier)


class LogResourcePolicy(PutKind):
    """A permission for services of AWS to write to log groups, by its name."""

    label = "log resource policy"
    fixed = ("policyName", "region")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"policyName": "policyName", "policyDocument": "policyDocument", "region": ""}
        aws.client("logs", inputs.get("region")).put_resource_policy(**rename_keys(inputs, names))
        return Applied(inputs["policyName"], {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("logs", inputs.get("region")).delete_resource_policy(policyName=identifier)


class LogSubscriptionFilter(PutKind):
    """A filter. The emulator sends lines to functions only."""

    label = "log subscription filter"
    fixed = ("name", "logGroup")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        identifier = inputs.get("name", name)
        names = {
            "name": "",
            "logGroup": "logGroupName",
            "filterPattern": "filterPattern",
            "destinationArn": "destinationArn",
            "roleArn": "roleArn",
        }
        aws.client("logs").put_subscription_filter(filterName=identifier, **rename_keys(inputs, names))
        return Applied(identifier, {"name": identifier})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("logs").delete_subscription_filter(logGroupName=inputs["logGroup"], filterName=identifier)
