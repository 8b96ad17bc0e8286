"""What AWS does not encrypt unless it is told to."""

from collections.abc import Iterator
from typing import NamedTuple

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


class Switch(NamedTuple):
    """The property that turns encryption on. Where AWS encrypts by default, only turning it off is reported."""

    path: tuple[str, ...]
    control: str
    default: bool = False


SWITCHES = {
    "aws:docdb/cluster:Cluster": Switch(("storageEncrypted",), "DocumentDB.1"),
    "aws:ebs/volume:Volume": Switch(("encrypted",), "EC2.3"),
    "aws:efs/fileSystem:FileSystem": Switch(("encrypted",), "EFS.1"),
    "aws:neptune/cluster:Cluster": Switch(("storageEncrypted",), "Neptune.1"),
    "aws:rds/cluster:Cluster": Switch(("storageEncrypted",), "RDS.27"),
    "aws:rds/instance:Instance": Switch(("storageEncrypted",), "RDS.3"),
    # SQS Developer Guide: a new queue is encrypted with keys of SQS.
    "aws:sqs/queue:Queue": Switch(("sqsManagedSseEnabled",), "SQS.1", default=True),
}


@Maker(
    name="storage-encrypted",
    kinds=SWITCHES,
    controls=tuple(sorted(switch.control for switch in SWITCHES.values())),
)
def storage(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Databases, volumes, file systems and queues are encrypted."""
    switch = SWITCHES[resource.kind]
    # Who restores a copy or joins a cluster takes over what that has.
    copied = {"snapshotIdentifier", "replicateSourceDb", "snapshotId", "clusterIdentifier"}
    if any(resource.value(key) is not None for key in copied & resource.properties.keys()):
        return
    own_key = resource.value("kmsMasterKeyId") is not None
    unset = resource.value(*switch.path) is None
    if resource.is_off(*switch.path) and not (unset and switch.default) and not own_key:
        yield Finding(resource, ".".join(switch.path), "is not true", "set it to true")
