"""Networks: VPCs, subnets, route tables, security groups and endpoints. The functions of the local stack use none."""

from typing import Any

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, json_text, rename_keys

_VPC = {
    "cidrBlock": "CidrBlock",
    "instanceTenancy": "InstanceTenancy",
    "enableDnsHostnames": "",
    "enableDnsSupport": "",
}
_SUBNET = {
    "vpcId": "VpcId",
    "availabilityZone": "AvailabilityZone",
    "availabilityZoneId": "AvailabilityZoneId",
    "cidrBlock": "CidrBlock",
    "ipv6CidrBlock": "Ipv6CidrBlock",
    # Addresses that the machines of a subnet get, of which there are none here.
    "assignIpv6AddressOnCreation": "",
    "mapPublicIpOnLaunch": "",
}
_GROUP = {
    "name": "",
    "description": "Description",
    "vpcId": "VpcId",
    "ingress": "",
    "egress": "",
    # It only affects how the AWS provider deletes a group.
    "revokeRulesOnDelete": "",
}
_RULE = {
    "protocol": "IpProtocol",
    "fromPort": "FromPort",
    "toPort": "ToPort",
    "cidrBlocks": "",
    "ipv6CidrBlocks": "",
    "prefixListIds": "",
    "securityGroups": "",
    "description": "",
    "self": "",
}
_ENDPOINT = {
    "vpcId": "VpcId",
    "serviceName": "ServiceName",
    "vpcEndpointType": "VpcEndpointType",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
    "routeTableIds": "RouteTableIds",
    "privateDnsEnabled": "PrivateDnsEnabled",
    "ipAddressType": "IpAddressType",
    "policy": "",
}


class Vpc(Kind):
    label = "vpc"
    fixed = ("cidrBlock",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        vpc = aws.client("ec2").create_vpc(**rename_keys(inputs, _VPC))["Vpc"]
        return self._describe(aws, vpc["VpcId"])

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        rename_keys(new, _VPC)
        return self._describe(aws, identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").delete_vpc(VpcId=identifier)

    @staticmethod
    def _describe(aws: Aws, vpc: str) -> Applied:
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        tables = aws.client("ec2").describe_route_tables(Filters=filters)["RouteTables"]
        main = {"mainRouteTableId": tables[0]["RouteTableId"]} if tables else {}
        return Applied(vpc, {"arn": aws.arn("ec2", f"vpc/{vpc}"), **main})


class Subnet(Kind):
    label = "subnet"
    fixed = ("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        subnet = aws.client("ec2").create_subnet(**rename_keys(inputs, _SUBNET))["Subnet"]
        zone = {"availabilityZone": subnet["AvailabilityZone"]}
        return Applied(subnet["SubnetId"], {"arn": subnet["SubnetArn"], **zone})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").delete_subnet(SubnetId=identifier)


class RouteTable(Kind):
    label = "route table"
    fixed = ("vpcId",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        table = aws.client("ec2").create_route_table(**rename_keys(inputs, {"vpcId": "VpcId"}))["RouteTable"]
        identifier = table["RouteTableId"]
        return Applied(identifier, {"arn": aws.arn("ec2", f"route-table/{identifier}")})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").delete_route_table(RouteTableId=identifier)


class RouteTableAssociation(Kind):
    label = "route table of subnet"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"routeTableId": "RouteTableId", "subnetId": "SubnetId"}
        made = aws.client("ec2").associate_route_table(**rename_keys(inputs, names))
        return Applied(made["AssociationId"], {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").disassociate_route_table(AssociationId=identifier)


class SecurityGroup(Kind):
    label = "security group"
    fixed = ("name", "description", "vpcId")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("ec2")
        # AWS requires a description; the provider sends this one by default.
        described = {"Description": "Managed by Pulumi"} | rename_keys(inputs, _GROUP)
        group = client.create_security_group(GroupName=inputs.get("name", name), **described)["GroupId"]
        # The provider takes away the rule that lets everything out, with which AWS creates a group.
        found = client.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
        _write_rules(client.revoke_security_group_egress, group, found["IpPermissionsEgress"])
        _write_rules(client.authorize_security_group_ingress, group, _permissions(group, inputs.get("ingress", [])))
        _write_rules(client.authorize_security_group_egress, group, _permissions(group, inputs.get("egress", [])))
        outputs = {"arn": aws.arn("ec2", f"security-group/{group}"), "name": inputs.get("name", name)}
        return Applied(group, {**outputs, "vpcId": found["VpcId"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").delete_security_group(GroupId=identifier)


class VpcEndpoint(Kind):
    label = "vpc endpoint"
    fixed = ("vpcId", "serviceName", "vpcEndpointType")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        policy = {"PolicyDocument": json_text(inputs["policy"])} if "policy" in inputs else {}
        made = aws.client("ec2").create_vpc_endpoint(**rename_keys(inputs, _ENDPOINT), **policy)["VpcEndpoint"]
        identifier = made["VpcEndpointId"]
        return Applied(identifier, {"arn": aws.arn("ec2", f"vpc-endpoint/{identifier}"), "state": made["State"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[identifier])


def describe_subnet(aws: Aws, identifier: str) -> dict[str, Any]:
    """Return what the AWS provider reads of a subnet. Raise an error of AWS if there is none."""
    [subnet] = aws.client("ec2").describe_subnets(SubnetIds=[identifier])["Subnets"]
    return {
        "id": identifier,
        "arn": subnet["SubnetArn"],
        "vpcId": subnet["VpcId"],
        "cidrBlock": subnet["CidrBlock"],
        "availabilityZone": subnet["AvailabilityZone"],
    }


def _write_rules(write: Any, group: str, permissions: list[Properties]) -> None:
    if permissions:
        write(GroupId=group, IpPermissions=permissions)


def _permissions(group: str, rules: list[Properties]) -> list[Properties]:
    """Return rules as EC2 writes them."""
    return [
        rename_keys(rule, _RULE)
        | {
            "IpRanges": [{"CidrIp": block} for block in rule.get("cidrBlocks", [])],
            "Ipv6Ranges": [{"CidrIpv6": block} for block in rule.get("ipv6CidrBlocks", [])],
            "PrefixListIds": [{"PrefixListId": each} for each in rule.get("prefixListIds", [])],
            "UserIdGroupPairs": [
                {"GroupId": each} for each in [*rule.get("securityGroups", []), *([group] if rule.get("self") else [])]
            ],
        }
        for rule in rules
    ]
