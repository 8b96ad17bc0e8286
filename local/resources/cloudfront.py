"""Distributions, which the emulator keeps as records, and cache policies."""

from local.aws import Aws
from local.resources.cloudfront_config import cache_policy_config, distribution_config
from local.resources.kind import Applied, Kind, Properties

# Amazon Route 53, Alias target: the zone of every distribution.
HOSTED_ZONE_ID = "Z2FDTNDATAQYW2"


class Distribution(Kind):
    label = "distribution"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        config = distribution_config(name, inputs)
        return self._describe(aws.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        answer = aws.client("cloudfront").update_distribution(
            Id=identifier, IfMatch=self._tag(aws, identifier), DistributionConfig=distribution_config(name, new)
        )
        return self._describe(answer["Distribution"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Disable the distribution, as AWS demands, and delete it."""
        client = aws.client("cloudfront")
        config = client.get_distribution_config(Id=identifier)
        disabled = client.update_distribution(
            Id=identifier, IfMatch=config["ETag"], DistributionConfig=config["DistributionConfig"] | {"Enabled": False}
        )
        client.delete_distribution(Id=identifier, IfMatch=disabled["ETag"])

    @staticmethod
    def _tag(aws: Aws, identifier: str) -> str:
        return str(aws.client("cloudfront").get_distribution_config(Id=identifier)["ETag"])

    @staticmethod
    def _describe(distribution: Properties) -> Applied:
        return Applied(
            distribution["Id"],
            {
                "arn": distribution["ARN"],
                "domainName": distribution["DomainName"],
                "hostedZoneId": HOSTED_ZONE_ID,
                "status": distribution["Status"],
            },
        )


class CachePolicy(Kind):
    label = "cache policy"
    fixed = ("name",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        config = cache_policy_config(name, inputs)
        answer = aws.client("cloudfront").create_cache_policy(CachePolicyConfig=config)
        return Applied(answer["CachePolicy"]["Id"], {"name": config["Name"], "etag": answer["ETag"]})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        config = cache_policy_config(name, new)
        answer = aws.client("cloudfront").update_cache_policy(
            Id=identifier, IfMatch=self._tag(aws, identifier), CachePolicyConfig=config
        )
        return Applied(identifier, {"name": config["Name"], "etag": answer["ETag"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("cloudfront").delete_cache_policy(Id=identifier, IfMatch=self._tag(aws, identifier))

    @staticmethod
    def _tag(aws: Aws, identifier: str) -> str:
        return str(aws.client("cloudfront").get_cache_policy(Id=identifier)["ETag"])
