"""The life of the stack ``prod`` under the real engine: its protection."""

import pytest
from pulumi.automation.errors import CommandError

from tests.engine.engine import Engine, EngineStack
from tests.support.names import PROJECT

STAGE = "aws:apigateway/stage:Stage"
SIGNING_KEY = f"aws:secretsmanager/secret:Secret {PROJECT}-prod-signing-key"


def test_a_first_deployment_that_fails_half_way_is_completed_by_the_next(prod: EngineStack, engine: Engine) -> None:
    announced = prod.preview()
    stage = next(name for name in announced.created if name.startswith(STAGE))
    with engine.servicer.refuse(stage), pytest.raises(CommandError, match="a planted failure"):
        prod.up()
    rest = prod.preview()
    assert stage in rest.created < announced.created
    assert prod.up() == rest
    assert not prod.preview()


def test_destroy_stops_before_it_deletes_anything(protected: EngineStack, engine: Engine) -> None:
    roles = engine.aws.client("iam").list_roles()["Roles"]
    with pytest.raises(CommandError, match="protected"):
        protected.destroy()
    assert engine.aws.client("iam").list_roles()["Roles"] == roles
    assert not protected.refresh()
    assert not protected.preview()


def test_a_signing_key_that_somebody_deleted_is_made_again_after_a_refresh(
    protected: EngineStack, engine: Engine
) -> None:
    """Protection is Pulumi's: whoever deletes the secret with other tools is not stopped by it."""
    secrets = engine.aws.client("secretsmanager")
    [arn] = [secret["ARN"] for secret in secrets.list_secrets()["SecretList"] if "-prod-signing-key" in secret["Name"]]
    secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=30)
    gone = protected.refresh().deleted
    assert SIGNING_KEY in gone
    changes = protected.up()
    assert SIGNING_KEY in changes.created
    [new] = [secret["ARN"] for secret in secrets.list_secrets()["SecretList"] if "-prod-signing-key" in secret["Name"]]
    assert new != arn
    assert secrets.get_secret_value(SecretId=new)["SecretString"]
    assert not protected.preview()


def test_turning_protection_off_replaces_nothing(unprotected: EngineStack) -> None:
    assert not unprotected.preview()
    turned_on = unprotected.preview({"deletionProtection": True})
    assert turned_on.updated
    assert not turned_on.created | turned_on.replaced | turned_on.deleted
