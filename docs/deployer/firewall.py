"""The rows of AWS WAF, and of the log that it writes to."""

from collections.abc import Mapping

from docs.deployer.row import Row, need, optional, row

# CLOUDFRONT is global and REGIONAL is regional.
_ACL, _SET = "arn:aws:wafv2:*:*:*/webacl/remote-mcp-*", "arn:aws:wafv2:*:*:*/ipset/remote-mcp-*"
_MANAGED = "arn:aws:wafv2:*:*:*/managedruleset/*"

FIREWALL: Mapping[str, Row] = {
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": row(
        "logs/resource_policy.go",
        need("logs", "PutResourcePolicy DescribeResourcePolicies DeleteResourcePolicy", "*"),
    ),
    "aws:wafv2/ipSet:IpSet": optional(
        "wafv2/ip_set.go",
        need(
            "wafv2", "CreateIPSet GetIPSet UpdateIPSet DeleteIPSet ListTagsForResource TagResource UntagResource", _SET
        ),
        # A web ACL that refers to the set.
        need("wafv2", "CreateWebACL UpdateWebACL", _SET),
    ),
    "aws:wafv2/webAcl:WebAcl": row(
        "wafv2/web_acl.go",
        # A web ACL that refers to managed groups, and that CloudFront reads for a distribution.
        need(
            "wafv2",
            "CreateWebACL GetWebACL UpdateWebACL DeleteWebACL ListTagsForResource TagResource UntagResource",
            _ACL,
            _MANAGED,
        ),
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": optional(
        "wafv2/web_acl_association.go",
        need("wafv2", "AssociateWebACL DisassociateWebACL GetWebACLForResource", _ACL, "arn:aws:apigateway:*::*"),
        need("apigateway", "SetWebACL", "arn:aws:apigateway:*::/restapis/*"),
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": row(
        "wafv2/web_acl_logging_configuration.go",
        need("wafv2", "PutLoggingConfiguration GetLoggingConfiguration DeleteLoggingConfiguration", _ACL, _MANAGED),
        # CloudWatch Logs, Developer Guide, Logs sent to CloudWatch Logs.
        need("logs", "CreateLogDelivery DeleteLogDelivery", "*"),
    ),
}
