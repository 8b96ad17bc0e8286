"""The rows of networks, and what a function in one needs beside."""

from collections.abc import Mapping

from docs.deployer.row import Need, Row, need, optional

ANY = "*"
# EC2 gives ids to them, so a policy cannot name those of one stack.
GROUPS = "arn:aws:ec2:*:*:security-group/*"
ENDPOINTS = "arn:aws:ec2:*:*:vpc-endpoint/*"
BESIDE = tuple(f"arn:aws:ec2:*:*:{kind}/*" for kind in ("vpc", "subnet", "security-group", "route-table"))

# Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC": Lambda looks at them with the
# permissions of who creates the function. The provider waits for the interfaces of a deleted one.
JOINING: Need = need("ec2", "DescribeSubnets DescribeSecurityGroups DescribeVpcs DescribeNetworkInterfaces", ANY)

NETWORK: Mapping[str, Row] = {
    "aws:ec2/securityGroup:SecurityGroup": optional(
        "ec2/vpc_security_group.go",
        need("ec2", "CreateSecurityGroup", GROUPS, "arn:aws:ec2:*:*:vpc/*"),
        need(
            "ec2",
            "DeleteSecurityGroup AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress RevokeSecurityGroupEgress "
            "DeleteTags CreateTags",
            GROUPS,
        ),
        need("ec2", "DescribeSecurityGroups DescribeNetworkInterfaces", ANY),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": optional(
        "ec2/vpc_endpoint.go",
        need("ec2", "CreateVpcEndpoint ModifyVpcEndpoint", ENDPOINTS, *BESIDE),
        need("ec2", "DeleteVpcEndpoints CreateTags DeleteTags", ENDPOINTS),
        # The program asks for the VPC of a subnet, and the provider for the prefix list of a route.
        need("ec2", "DescribeVpcEndpoints DescribeSubnets DescribePrefixLists", ANY),
    ),
}
