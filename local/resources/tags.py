"""Tags. Each service has its own API for them."""

from collections.abc import Mapping
from typing import NamedTuple

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
    api = _APIS[service]
    client = aws.client(service, region)
    identifier = arn.rpartition("/")[2] if service == "iam" else arn
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    removed = sorted(old.keys() - new.keys())
    if changed:
        getattr(client, f"tag_{api.noun}")(**{api.resource: identifier, api.tags: api.spell(changed)})
    if removed:
        getattr(client, f"untag_{api.noun}")(**{api.resource: identifier, api.keys: api.wrap(removed)})
