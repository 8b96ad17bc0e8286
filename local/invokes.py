"""Answers the invokes of the program, which ask for the account, the region and the partition."""

from local.aws import PARTITION, Aws
from local.errors import LocalError


def answer_invoke(aws: Aws, token: str) -> dict[str, str]:
    """Return what the AWS provider answers to the invoke ``token``. Raise LocalError for any other invoke."""
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            caller = aws.client("sts").get_caller_identity()
            return {"accountId": caller["Account"], "arn": caller["Arn"], "userId": caller["UserId"]}
        case "aws:index/getRegion:getRegion":
            return {"id": aws.region, "region": aws.region, "name": aws.region}
        case "aws:index/getPartition:getPartition":
            return {"id": PARTITION, "partition": PARTITION, "dnsSuffix": "amazonaws.com"}
        case unknown:
            raise LocalError(f"the local stack does not support the invoke {unknown}")
