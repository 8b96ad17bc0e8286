"""Tags. Each service has its own API for them."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

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
        _retag_s3(aws.client("s3"), arn.rpartition(":")[2], new)
    elif service in _OTHERS:
        _OTHERS[service](aws.client(service), arn, old, new)
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


def _retag_s3(s3: Any, name: str, tags: Mapping[str, str]) -> None:
    """Replace all tags of a bucket or an object: S3 has no call for some of them."""
    tagging = {"TagSet": _tag_list(tags)}
    bucket, _, key = name.partition("/")
    if key:
        s3.put_object_tagging(Bucket=bucket, Key=unquote(key), Tagging=tagging)
    else:
        s3.put_bucket_tagging(Bucket=bucket, Tagging=tagging)


def _retag_ec2(ec2: Any, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of a part of a network, which is known by its id."""
    resources = [arn.rpartition("/")[2]]
    if removed := old.keys() - new.keys():
        ec2.delete_tags(Resources=resources, Tags=[{"Key": key} for key in sorted(removed)])
    if new:
        ec2.create_tags(Resources=resources, Tags=_tag_list(new))


def _retag_rds(rds: Any, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    if removed := old.keys() - new.keys():
        rds.remove_tags_from_resource(ResourceName=arn, TagKeys=sorted(removed))
    if new:
        rds.add_tags_to_resource(ResourceName=arn, Tags=_tag_list(new))


def _retag_ssm(ssm: Any, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of a parameter, which is known by its name: with a slash at its start if there is one in it."""
    name = arn.rpartition(":parameter/")[2]
    parameter = {"ResourceType": "Parameter", "ResourceId": f"/{name}" if "/" in name else name}
    if removed := old.keys() - new.keys():
        ssm.remove_tags_from_resource(**parameter, TagKeys=sorted(removed))
    if new:
        ssm.add_tags_to_resource(**parameter, Tags=_tag_list(new))


def _retag_trail(cloudtrail: Any, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of a trail, which are named by their key and value to remove them, too."""
    for operation, tags in (("remove_tags", old.items() - new.items()), ("add_tags", new.items() - old.items())):
        if tags:
            getattr(cloudtrail, operation)(ResourceId=arn, TagsList=_tag_list(dict(tags)))


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


_OTHERS = {"cloudtrail": _retag_trail, "ec2": _retag_ec2, "rds": _retag_rds, "ssm": _retag_ssm}
