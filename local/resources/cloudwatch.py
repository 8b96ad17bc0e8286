"""Alarms and dashboards."""

from local.aws import Aws
from local.resources.kind import Applied, Properties, PutKind, capitalize_keys, json_text, rename_keys

_ALARM = {
    "name": "",
    "dimensions": "",
    "metricQueries": "",
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
_COMPOSITE = {
    "alarmName": "",
    "alarmRule": "AlarmRule",
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "insufficientDataActions": "InsufficientDataActions",
    "okActions": "OKActions",
}


class MetricAlarm(PutKind):
    label = "metric alarm"
    fixed = ("name",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, _ALARM)
        if "dimensions" in inputs:
            parameters["Dimensions"] = _dimensions(inputs["dimensions"])
        if "metricQueries" in inputs:
            parameters["Metrics"] = [_query(query) for query in inputs["metricQueries"]]
        alarm = inputs.get("name", name)
        aws.client("cloudwatch").put_metric_alarm(AlarmName=alarm, **parameters)
        return Applied(alarm, {"arn": aws.arn("cloudwatch", f"alarm:{alarm}"), "name": alarm})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("cloudwatch").delete_alarms(AlarmNames=[identifier])


class CompositeAlarm(PutKind):
    label = "composite alarm"
    fixed = ("alarmName",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        alarm = inputs["alarmName"]
        aws.client("cloudwatch").put_composite_alarm(AlarmName=alarm, **rename_keys(inputs, _COMPOSITE))
        return Applied(alarm, {"arn": aws.arn("cloudwatch", f"alarm:{alarm}")})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("cloudwatch").delete_alarms(AlarmNames=[identifier])


class Dashboard(PutKind):
    label = "dashboard"
    fixed = ("dashboardName",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"dashboardName": "", "dashboardBody": ""})
        dashboard = inputs.get("dashboardName", name)
        aws.client("cloudwatch").put_dashboard(
            DashboardName=dashboard, DashboardBody=json_text(inputs["dashboardBody"])
        )
        arn = aws.arn("cloudwatch", f"dashboard/{dashboard}", region=False)
        return Applied(dashboard, {"dashboardArn": arn, "dashboardName": dashboard})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("cloudwatch").delete_dashboards(DashboardNames=[identifier])


def _dimensions(dimensions: Properties) -> list[Properties]:
    return [{"Name": key, "Value": value} for key, value in dimensions.items()]


def _query(query: Properties) -> Properties:
    """Return a metric query. CloudWatch's API nests its metric once more."""
    parameters = capitalize_keys({key: value for key, value in query.items() if key != "metric"})
    if "metric" in query:
        metric = query["metric"]
        parameters["MetricStat"] = {
            "Metric": {
                "MetricName": metric["metricName"],
                "Namespace": metric["namespace"],
                "Dimensions": _dimensions(metric.get("dimensions", {})),
            },
            **rename_keys(
                {key: value for key, value in metric.items() if key in {"period", "stat", "unit"}},
                {"period": "Period", "stat": "Stat", "unit": "Unit"},
            ),
        }
    return parameters
