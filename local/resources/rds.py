"""Aurora clusters with the RDS Data API. PostgreSQL runs their SQL: see ``local.emulator_rds``."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, capitalize_keys, rename_keys

_CLUSTER = {
    "clusterIdentifier": "",
    "databaseName": "DatabaseName",
    "deletionProtection": "DeletionProtection",
    "enableHttpEndpoint": "EnableHttpEndpoint",
    "engine": "Engine",
    "engineMode": "EngineMode",
    "engineVersion": "EngineVersion",
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterPassword": "MasterUserPassword",
    "masterUsername": "MasterUsername",
    "serverlessv2ScalingConfiguration": "",
    "storageEncrypted": "StorageEncrypted",
    # What an emulated cluster has none of: backups, a network, maintenance.
    "applyImmediately": "",
    "backupRetentionPeriod": "",
    "dbSubnetGroupName": "",
    "finalSnapshotIdentifier": "",
    "kmsKeyId": "",
    "skipFinalSnapshot": "",
    "vpcSecurityGroupIds": "",
}
_INSTANCE = {
    "identifier": "",
    "clusterIdentifier": "DBClusterIdentifier",
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "instanceClass": "DBInstanceClass",
    "applyImmediately": "",
    "publiclyAccessible": "",
}


class Cluster(Kind):
    label = "database cluster"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        scaling = inputs.get("serverlessv2ScalingConfiguration")
        capacity = {k: v for k, v in (scaling or {}).items() if k in {"minCapacity", "maxCapacity"}}
        made = aws.client("rds").create_db_cluster(
            DBClusterIdentifier=inputs.get("clusterIdentifier", name),
            **rename_keys(inputs, _CLUSTER),
            **({"ServerlessV2ScalingConfiguration": capitalize_keys(capacity)} if scaling else {}),
        )["DBCluster"]
        return _describe(made)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("rds").delete_db_cluster(DBClusterIdentifier=identifier, SkipFinalSnapshot=True)


class ClusterInstance(Kind):
    label = "database instance"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        made = aws.client("rds").create_db_instance(
            DBInstanceIdentifier=inputs.get("identifier", name), **rename_keys(inputs, _INSTANCE)
        )["DBInstance"]
        return Applied(made["DBInstanceIdentifier"], {"arn": made["DBInstanceArn"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("rds").delete_db_instance(DBInstanceIdentifier=identifier, SkipFinalSnapshot=True)


def _describe(cluster: Properties) -> Applied:
    secret = cluster.get("MasterUserSecret")
    identifier = cluster["DBClusterIdentifier"]
    outputs = {
        "arn": cluster["DBClusterArn"],
        "clusterIdentifier": identifier,
        "databaseName": cluster.get("DatabaseName", ""),
        "endpoint": cluster["Endpoint"],
        "engineVersion": cluster["EngineVersion"],
        "port": cluster["Port"],
        "readerEndpoint": cluster["ReaderEndpoint"],
        "masterUserSecrets": [{"secretArn": secret["SecretArn"], "secretStatus": secret["SecretStatus"]}]
        if secret
        else [],
    }
    return Applied(identifier, outputs)
