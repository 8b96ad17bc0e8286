"""A database, and the permission to read it over the RDS Data API."""

import pulumi
import pulumi_aws as aws

from components.needs import Needs

CALLS = ["rds-data:BeginTransaction", "rds-data:ExecuteStatement", "rds-data:RollbackTransaction"]


def declare(needs: Needs) -> None:
    """Use the database that the configuration names, or make one. Its tables are its own: see README.md."""
    found = needs.config("database")
    cluster, secret, name = (found["cluster"], found["secret"], found["name"]) if found else make_database(needs)
    needs.allow(CALLS, cluster)
    # The Data API reads the secret with the permissions of who calls it.
    needs.allow("secretsmanager:GetSecretValue", secret)
    needs.environment("CLUSTER_ARN", cluster)
    needs.environment("DATABASE_SECRET_ARN", secret)
    needs.environment("DATABASE", name)


def make_database(needs: Needs) -> tuple[pulumi.Output[str], pulumi.Output[str], str]:
    """Return the ARN of a cluster that costs nothing for compute while nobody asks, the ARN of its secret, its name."""
    name = "shop"
    cluster = aws.rds.Cluster(
        f"{needs.prefix}-shop",
        engine="aurora-postgresql",
        database_name=name,
        master_username="postgres",
        manage_master_user_password=True,
        enable_http_endpoint=True,
        storage_encrypted=True,
        skip_final_snapshot=True,
        serverlessv2_scaling_configuration={"min_capacity": 0, "max_capacity": 1},
        tags=needs.tags,
    )
    aws.rds.ClusterInstance(
        f"{needs.prefix}-shop-1",
        cluster_identifier=cluster.cluster_identifier,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        instance_class="db.serverless",
        tags=needs.tags,
    )
    return cluster.arn, cluster.master_user_secrets[0].secret_arn, name
