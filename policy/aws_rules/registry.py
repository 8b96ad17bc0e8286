"""All rules, in the order of the documents."""

from aws_rules.access.api_method import api_method
from aws_rules.access.bucket_acl import bucket_acl
from aws_rules.access.bucket_block import bucket_block
from aws_rules.access.function_url import function_url
from aws_rules.access.lambda_permission import lambda_permission
from aws_rules.access.public_policy import public_policy
from aws_rules.access.service_source import service_source
from aws_rules.data.runtime import runtime
from aws_rules.data.table_deletion import table_deletion
from aws_rules.data.table_recovery import table_recovery
from aws_rules.data.tags import tags
from aws_rules.encryption.own_key import own_key
from aws_rules.encryption.rotation import key_rotation
from aws_rules.encryption.storage import storage
from aws_rules.encryption.topic import topic
from aws_rules.iam.access_key import access_key
from aws_rules.iam.federation import federation
from aws_rules.iam.managed_policy import managed_policy
from aws_rules.iam.trust import trust
from aws_rules.iam.wildcard_action import wildcard_action
from aws_rules.iam.wildcard_resource import wildcard_resource
from aws_rules.logs.access_log import access_log
from aws_rules.logs.function_log import function_log
from aws_rules.logs.retention import retention
from aws_rules.logs.trail import trail_validation
from aws_rules.rule import Rule
from aws_rules.tls.api import api_tls
from aws_rules.tls.origin import origin_tls
from aws_rules.tls.secure_transport import secure_transport
from aws_rules.tls.viewer import viewer_https, viewer_tls

RULES: tuple[Rule, ...] = (
    wildcard_action,
    wildcard_resource,
    managed_policy,
    trust,
    federation,
    access_key,
    public_policy,
    service_source,
    lambda_permission,
    function_url,
    api_method,
    bucket_block,
    bucket_acl,
    own_key,
    storage,
    topic,
    key_rotation,
    viewer_tls,
    viewer_https,
    origin_tls,
    api_tls,
    secure_transport,
    retention,
    function_log,
    access_log,
    trail_validation,
    runtime,
    table_recovery,
    table_deletion,
    tags,
)
