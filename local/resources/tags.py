"""Tags. Each service has its own API for them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from local.aws import Aws


class _Api(NamedTuple):
    """``tag_<noun>`` and ``untag_<noun>`` with these parameters; ``as_list`` for ``[{"Key": ..., "Value": ...}]``.

    With ``in_items``, tags and keys are in an object ``{"Items": ...}``. The members of a tag have the names in
    ``members``.
    """

    noun: str
    resource: str
    tags: str
    keys: str
    as_list: bool
    in_items: bool = False
    members: tuple[str, str] = ("Key", "Value")

    def spell(self, tags: Mapping[str, str]) -> object:
        """Return tags as this API takes them."""
        key, value = self.members
        listed = [{key: name, value: text} for name, text in tags.items()]
        return self.wrap(listed if self.as_list else dict(tags))

    def wrap(self, values: object) -> object:
        return {"Items": values} if self.in_items else values


_APIS = {
    "apigateway": _Api("resource", "resourceArn", "tags", "tagKeys", as_list=False),
    "cloudfront": _Api("resource", "Resource", "Tags", "TagKeys", as_list=True, in_items=True),
    "cloudwatch": _Api("resource", "ResourceARN", "Tags", "TagKeys", as_list=True),
    "dynamodb": _Api("resource", "ResourceArn", "Tags", "TagKeys", as_list=True),
    "iam": _Api("role", "RoleName", "Tags", "TagKeys", as_list=True),
    "kms": _Api("resource", "KeyId", "Tags", "TagKeys", as_list=True, members=("TagKey", "TagValue")),
    "lambda": _Api("resource", "Resource", "Tags", "TagKeys", as_list=False),
    "logs": _Api("resource", "resourceArn", "tags", "tagKeys", as_list=False),
    "secretsmanager": _Api("resource", "SecretId", "Tags", "TagKeys", as_list=True),
    "sns": _Api("resource", "ResourceArn", "Tags", "TagKeys", as_list=True),
    "wafv2": _Api("resource", "ResourceARN", "Tags", "TagKeys", as_list=True),
}


def retag(aws: Aws, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of the resource ``arn`` from ``old`` to ``new``."""
    service, region = arn.split(":")[2:4]
    if service == "s3":
        _retag_bucket(aws.client("s3"), arn.rpartition(":")[2], new)
    elif service == "cloudtrail":
        _retag_trail(aws.client("cloudtrail"), arn, old, new)
    else:
        _retag(aws.client(service, region), service, arn, old, new)


def _retag(client: Any, service: str, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    api = _APIS[service]
    identifier = arn.rpartition("/")[2] if service == "iam" else arn
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    removed = sorted(old.keys() - new.keys())
    if changed:
        getattr(client, f"tag_{api.noun}")(**{api.resource: identifier, api.tags: api.spell(changed)})
    if removed:
        getattr(client, f"untag_{api.noun}")(**{api.resource: identifier, api.keys: api.wrap(removed)})


def _retag_bucket(s3: Any, bucket: str, tags: Mapping[str, str]) -> None:
    """Replace all tags of a bucket: S3 has no call for some of them."""
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": listed})


def _retag_trail(cloudtrail: Any, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of a trail, which are named by their key and value to remove them, too."""
    for operation, tags in (("remove_tags", old.items() - new.items()), ("add_tags", new.items() - old.items())):
        if tags:
            listed = [{"Key": key, "Value": value} for key, value in tags]
            getattr(cloudtrail, operation)(ResourceId=arn, TagsList=listed)
