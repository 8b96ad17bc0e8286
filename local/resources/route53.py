"""DNS records."""

from typing import Any

from local.aws import Aws
from local.resources.kind import Applied, Properties, PutKind, rename_keys

_RECORD = {"zoneId": "", "name": "Name", "type": "Type", "aliases": ""}
_ALIAS = {"name": "DNSName", "zoneId": "HostedZoneId", "evaluateTargetHealth": "EvaluateTargetHealth"}


class Record(PutKind):
    """A record that is an alias of another name."""

    label = "dns record"
    fixed = ("zoneId", "name", "type")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        self._change(aws, "UPSERT", inputs)
        return Applied(f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}", {"fqdn": inputs["name"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        self._change(aws, "DELETE", inputs)

    @staticmethod
    def _change(aws: Aws, action: str, inputs: Properties) -> None:
        [alias] = inputs["aliases"]
        record: dict[str, Any] = {**rename_keys(inputs, _RECORD), "AliasTarget": rename_keys(alias, _ALIAS)}
        aws.client("route53").change_resource_record_sets(
            HostedZoneId=inputs["zoneId"],
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
        )
