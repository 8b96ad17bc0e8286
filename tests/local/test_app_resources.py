"""Tests of what apps declare: files, parameters, functions of their own, networks, databases."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from local.deployment import Deployment
from local.errors import LocalError
from local.resources.archive import archive_bytes
from tests.local.conftest import Apply
from tests.local.test_deployment import TRUST

Begin = Callable[[], Deployment]

BUCKET, FILE = "aws:s3/bucket:Bucket", "aws:s3/bucketObjectv2:BucketObjectv2"
ENDPOINT, FUNCTION = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:lambda/function:Function"
PARAMETER, SECRET, VALUE = (
    "aws:ssm/parameter:Parameter",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
)


def test_files_are_written_with_their_content_and_deleted_before_their_bucket(
    aws: Aws, deploy: Begin, apply: Apply, tmp_path: Path
) -> None:
    (tmp_path / "file.csv").write_text("a,b")
    deployment = deploy()
    apply(deployment, BUCKET, "files", bucket="files")
    apply(deployment, FILE, "text", bucket="files", key="a b.txt", content="hello", tags={"a": "1"})
    apply(deployment, FILE, "file", bucket="files", source=pulumi.FileAsset(str(tmp_path / "file.csv")))
    s3 = aws.client("s3")
    assert s3.get_object(Bucket="files", Key="a b.txt")["Body"].read() == b"hello"
    assert s3.get_object_tagging(Bucket="files", Key="a b.txt")["TagSet"] == [{"Key": "a", "Value": "1"}]
    assert s3.get_object(Bucket="files", Key="file")["Body"].read() == b"a,b"
    deploy().prune()
    assert "files" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_a_bucket_with_files_of_others_is_deleted_only_by_force(aws: Aws, deploy: Begin, apply: Apply) -> None:
    apply(deploy(), BUCKET, "kept", bucket="kept")
    aws.client("s3").put_object(Bucket="kept", Key="x", Body=b"x")
    with pytest.raises(LocalError, match="BucketNotEmpty"):
        deploy().prune()
    apply(deploy(), BUCKET, "kept", bucket="kept", forceDestroy=True)
    deploy().prune()
    with pytest.raises(ClientError):
        aws.client("s3").head_bucket(Bucket="kept")


def test_a_changed_file_is_written_again(aws: Aws, deploy: Begin, apply: Apply) -> None:
    for content in ("one", "two"):
        deployment = deploy()
        apply(deployment, BUCKET, "changes", bucket="changes")
        apply(deployment, FILE, "x", bucket="changes", source=pulumi.StringAsset(content))
        assert aws.client("s3").get_object(Bucket="changes", Key="x")["Body"].read() == content.encode()


def test_parameters_and_values_of_secrets_are_written(aws: Aws, deploy: Begin, apply: Apply) -> None:
    deployment = deploy()
    name, outputs = apply(
        deployment, PARAMETER, "limit", name="/app/limit", type="SecureString", value="5", tags={"a": "1"}
    )
    assert outputs["arn"].endswith(":parameter/app/limit")
    assert aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "5"
    tags = aws.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=name)
    assert tags["TagList"] == [{"Key": "a", "Value": "1"}]
    secret, _ = apply(deployment, SECRET, "password")
    apply(deployment, VALUE, "password-value", secretId=secret, secretString="hush")
    assert aws.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "hush"


def test_a_function_of_the_app_runs_from_texts_and_folders(
    aws: Aws, deploy: Begin, apply: Apply, tmp_path: Path
) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "answer.py").write_text("ANSWER = 42\n")
    text = "from part.answer import ANSWER\n\n\ndef handler(event, context):\n    return ANSWER\n"
    code = pulumi.AssetArchive({"app.py": pulumi.StringAsset(text), "part": pulumi.FileArchive(str(tmp_path / "part"))})
    deployment = deploy()
    _, role = apply(deployment, "aws:iam/role:Role", "legacy-role", assumeRolePolicy=TRUST)
    name, _ = apply(
        deployment, FUNCTION, "legacy", code=code, handler="app.handler", role=role["arn"], runtime="python3.11"
    )
    answer = aws.client("lambda").invoke(FunctionName=name)
    assert json.loads(answer["Payload"].read()) == 42


def test_an_archive_is_the_same_for_the_same_content(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text(name)
    folder = pulumi.FileArchive(str(tmp_path))
    assert archive_bytes(folder) == archive_bytes(pulumi.FileArchive(str(tmp_path)))
    with zipfile.ZipFile(io.BytesIO(archive_bytes(folder))) as file:
        assert file.namelist() == ["a.txt", "b.txt"]


def test_a_network_has_its_parts_and_a_function_its_place_in_it(aws: Aws, deploy: Begin, apply: Apply) -> None:
    deployment = deploy()
    vpc, _ = apply(deployment, "aws:ec2/vpc:Vpc", "net", cidrBlock="10.0.0.0/16", tags={"Name": "net"})
    subnet, _ = apply(deployment, "aws:ec2/subnet:Subnet", "net-a", vpcId=vpc, cidrBlock="10.0.0.0/24")
    table, _ = apply(deployment, "aws:ec2/routeTable:RouteTable", "net-routes", vpcId=vpc)
    apply(
        deployment,
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "net-a-routes",
        routeTableId=table,
        subnetId=subnet,
    )
    rule = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/16"]}
    group, _ = apply(deployment, "aws:ec2/securityGroup:SecurityGroup", "net-https", vpcId=vpc, ingress=[rule])
    service = "com.amazonaws.eu-central-1"
    apply(deployment, ENDPOINT, "dynamodb", vpcId=vpc, serviceName=f"{service}.dynamodb", routeTableIds=[table])
    apply(
        deployment,
        ENDPOINT,
        "lambda",
        vpcId=vpc,
        serviceName=f"{service}.lambda",
        vpcEndpointType="Interface",
        subnetIds=[subnet],
        securityGroupIds=[group],
        privateDnsEnabled=True,
        policy="{}",
    )
    ec2 = aws.client("ec2")
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    assert {each["ServiceName"] for each in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]} == {
        f"{service}.dynamodb",
        f"{service}.lambda",
    }
    [described] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert described["IpPermissionsEgress"] == []
    assert described["IpPermissions"][0]["FromPort"] == 443
    subnet_args = pulumi.runtime.MockCallArgs("aws:ec2/getSubnet:getSubnet", {"id": subnet}, "")
    assert deployment.call(subnet_args)[0]["vpcId"] == vpc
    deploy().prune()
    assert ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"] == []
