"""Resources of the emulator that a stack can use without declaring them, as another team would have made them."""

from collections.abc import Mapping
from typing import Any

from admin.table_settings import prepare_table
from local.aws import Aws
from tests.engine.samples import SAMPLES
from tests.support.names import PROJECT

# Who deploys may use only what is named after the project.
TABLE = f"{PROJECT}-of-another-team"


def make_adoptable(aws: Aws) -> Mapping[str, Mapping[str, Any]]:
    """Make a table and two secrets, and return settings that name them, by the key that does."""
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    list(prepare_table(dynamodb, TABLE, TABLE))
    secrets = aws.client("secretsmanager")
    return {
        "existingTable": {"existingTable": TABLE},
        "existingSigningKey": {"existingSigningKey": secrets.create_secret(Name=f"{PROJECT}-their-key")["ARN"]},
        "existingUpstreamSecret": {
            **SAMPLES["upstream"],
            "existingUpstreamSecret": secrets.create_secret(Name=f"{PROJECT}-their-client")["ARN"],
        },
    }
