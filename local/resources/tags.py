"""Tags. Each service has its own API for them."""

from collections.abc import Mapping
from typing import NamedTuple

from local.aws import Aws


class _Api(NamedTuple):
    """``tag_<noun>`` and ``untag_<noun>`` with these parameters; ``as_list`` for ``[{"Key": ..., "Value": ...}]``."""

    noun: str
    resource: str
    tags: str
    keys: str
    as_list: bool


_APIS = {
    "apigateway": _Api("resource", "resourceArn", "tags", "tagKeys", as_list=False),
    "cloudwatch": _Api("resource", "ResourceARN", "Tags", "TagKeys", as_list=True),
    "dynamodb": _Api("resource", "ResourceArn", "Tags", "TagKeys", as_list=True),
    "iam": _Api("role", "RoleName", "Tags", "TagKeys", as_list=True),
    "lambda": _Api("resource", "Resource", "Tags", "TagKeys", as_list=False),
    "logs": _Api("resource", "resourceArn", "tags", "tagKeys", as_list=False),
    "secretsmanager": _Api("resource", "SecretId", "Tags", "TagKeys", as_list=True),
    "sns": _Api("resource", "ResourceArn", "Tags", "TagKeys", as_list=True),
}


def retag(aws: Aws, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Change the tags of the resource ``arn`` from ``old`` to ``new``."""
    service = arn.split(":")[2]
    api = _APIS[service]
    identifier = arn.rpartition("/")[2] if service == "iam" else arn
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    removed = sorted(old.keys() - new.keys())
    if changed:
        tags = [{"Key": key, "Value": value} for key, value in changed.items()] if api.as_list else changed
        getattr(aws.client(service), f"tag_{api.noun}")(**{api.resource: identifier, api.tags: tags})
    if removed:
        getattr(aws.client(service), f"untag_{api.noun}")(**{api.resource: identifier, api.keys: removed})
