"""The trail: who called what in the account, and what was done with the functions and the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.encryption import Encryption
from components.function import Function
from components.location import Location
from components.names import strict_name
from components.store import Store
from components.trail_bucket import TrailBucket, TrailBucketArgs


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailArgs:
    """The arguments of ``Trail``. ``retention_days`` is how long its bucket keeps a file."""

    location: Location
    encryption: Encryption
    store: Store
    functions: Mapping[str, Function]
    retention_days: int
    deletion_protection: bool
    tags: Mapping[str, str]


class Trail(pulumi.ComponentResource):
    """A CloudTrail trail with the management events of the account and the data events of this stack.

    It is one for all regions, because IAM and CloudFront record what happens to a stack in one region only. ``name``
    is its name in AWS: the bucket and the key know the trail by it before it exists.
    """

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: TrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Trail", name, {}, opts)
        bucket = TrailBucket(
            name,
            TrailBucketArgs(
                account_id=args.location.account_id,
                trail_arn=args.location.arn("cloudtrail", f"trail/{name}"),
                retention_days=args.retention_days,
                deletion_protection=args.deletion_protection,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        aws.cloudtrail.Trail(
            name,
            name=name,
            s3_bucket_name=bucket.name,
            kms_key_id=args.encryption.key_arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            advanced_event_selectors=_events(args),
            tags=args.tags,
            # CloudTrail writes a file to see whether it may.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket.policy]),
        )
        self.bucket_name = bucket.name
        self.register_outputs({"bucket_name": self.bucket_name})


def trail_name(prefix: str) -> str:
    """Return the name of a stack's trail, with which the name of its bucket starts, too."""
    return strict_name(prefix, "trail")


def _events(args: TrailArgs) -> list[aws.cloudtrail.TrailAdvancedEventSelectorArgs]:
    """Return what is recorded: the management events, and what is done with the table and the functions."""
    # A function is invoked by its alias, whose name follows that of the function.
    functions = [
        args.location.arn("lambda", pulumi.Output.concat("function:", function.name))
        for function in args.functions.values()
    ]
    return [
        _selector("Management events", _field("eventCategory", equals=["Management"])),
        _selector(
            "The table",
            _field("eventCategory", equals=["Data"]),
            _field("resources.type", equals=["AWS::DynamoDB::Table"]),
            _field("resources.ARN", equals=[args.store.arn]),
        ),
        _selector(
            "The functions",
            _field("eventCategory", equals=["Data"]),
            _field("resources.type", equals=["AWS::Lambda::Function"]),
            _field("resources.ARN", starts_with=functions),
        ),
    ]


def _field(
    name: str,
    *,
    equals: Sequence[pulumi.Input[str]] | None = None,
    starts_with: Sequence[pulumi.Input[str]] | None = None,
) -> aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
        field=name, equals=equals, starts_withs=starts_with
    )


def _selector(
    name: str, *fields: aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs
) -> aws.cloudtrail.TrailAdvancedEventSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorArgs(name=name, field_selectors=fields)
