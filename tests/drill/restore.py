"""The rehearsal of docs/restore.md on a local stack: each step is a method, in the order of the page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.errors import LocalError
from tests.drill.life import DrillFailed, Life, expect, is_unknown
from tests.e2e.conftest import Server
from tests.support.local_stack import LocalStack

RESTORED = "restored"
RECOVERY_DAYS = 30
# Short, so that no verdict on a token is left from before a step.
CONFIG = {"authorizerCacheSeconds": "1"}

Step = tuple[str, Callable[[], None]]


@dataclass
class Drill:
    """A stack below ``directory`` that loses its table, and then its signing key."""

    directory: Path
    life: Life = field(init=False)
    late: dict[str, Any] = field(init=False)
    own_table: str = field(init=False)

    def steps(self) -> list[Step]:
        """Return what happens, in order."""
        return [
            ("A stack of its own runs", self.start),
            ("Clients are registered, and a user has signed in", self.live),
            ("The table is restored beside the old one", self.restore),
            ("Another client is registered after the point in time", self.live_on),
            ("The old table loses all its items, and clients get no token", self.lose_items),
            ("The restored table is refused until it is prepared", self.refuse_unprepared),
            ("The restored table gets its expiry, recovery, protection and tags", self.prepare),
            ("The stack uses the restored table", self.adopt),
            ("Registered clients get tokens", self.check_clients),
            ("The refresh token works, and the access token is the user's", self.refresh),
            ("The user is still signed in, and her consent counts", self.check_consent),
            ("The client from after the point in time is unknown", self.check_loss),
            ("The old table is still there", self.check_old_table),
            ("A signing key that is scheduled for deletion is refused, and restored", self.restore_secret),
            ("The stack uses another signing key: access tokens end", self.replace_key),
            ("The grant survives the loss of the key: the refresh token works", self.refresh),
        ]

    def start(self) -> None:
        self._stack().up()
        self.own_table = self._stack().outputs["table_name"]

    def live(self) -> None:
        self.life = Life.begin(Server(self._stack().outputs["url"], self.directory))

    def restore(self) -> None:
        """AWS restores to the second that is asked for; the emulator only to now."""
        self._dynamodb.restore_table_to_point_in_time(
            SourceTableName=self.own_table, TargetTableName=RESTORED, UseLatestRestorableTime=True
        )

    def live_on(self) -> None:
        self.late = self.life.server.register()
        self.life.server.token(self.late)

    def lose_items(self) -> None:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self.own_table)
        for key in [{"pk": item["pk"]} for page in pages for item in page["Items"]]:
            self._dynamodb.delete_item(TableName=self.own_table, Key=key)
        expect(is_unknown(self.life.server, self.life.machine), "a client of an empty table still gets tokens")

    def refuse_unprepared(self) -> None:
        self._refuse({"existingTable": RESTORED}, "its items do not expire by expires_at")

    def prepare(self) -> None:
        self._stack().run("admin", "prepare-table", RESTORED)
        table = self._dynamodb.describe_table(TableName=RESTORED)["Table"]
        expect(table["DeletionProtectionEnabled"], "the restored table does not refuse deletion")
        tags = self._dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
        expect({"Key": "stack", "Value": "dev"} in tags, "the restored table does not have the tags of the old one")

    def adopt(self) -> None:
        self._stack(existingTable=RESTORED).up()
        named = self._stack().outputs["table_name"]
        expect(named == RESTORED, f"the output table_name is {named}")

    def check_clients(self) -> None:
        self.life.check_clients()

    def refresh(self) -> None:
        self.life.refresh()

    def check_consent(self) -> None:
        self.life.check_consent()

    def check_loss(self) -> None:
        expect(is_unknown(self.life.server, self.late), "a client is known that was registered after the restored time")

    def check_old_table(self) -> None:
        names = self._dynamodb.list_tables()["TableNames"]
        expect(self.own_table in names, f"the old table is gone; there are {', '.join(names)}")

    def restore_secret(self) -> None:
        """A deleted secret can be restored for as many days as it was deleted with."""
        arn = self._signing_key()
        self._secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=RECOVERY_DAYS)
        self._refuse({"existingTable": RESTORED, "existingSigningKey": arn}, "is scheduled for deletion")
        self._secrets.restore_secret(SecretId=arn)
        self.life.check_clients()

    def replace_key(self) -> None:
        before = self.life.tokens["access_token"]
        status = self.life.status_of(before)
        expect(status == 200, f"an access token got {status} before its key was replaced")
        arn = self._secrets.create_secret(Name="another-signing-key")["ARN"]
        self._stack(existingTable=RESTORED, existingSigningKey=arn).up()
        status = self.life.status_of(before)
        expect(status == 401, f"an access token of a lost key got {status}")

    def stop(self) -> None:
        self._stack().down()

    def _refuse(self, config: dict[str, str], reason: str) -> None:
        """Expect that the program stops with a reason, before it changes anything."""
        try:
            self._stack(**config).up()
        except LocalError as error:
            expect(reason in str(error), f"the program stopped for another reason: {error}")
        else:
            raise DrillFailed(f"the program accepted {config}")

    def _signing_key(self) -> str:
        [secret] = [each for each in self._secrets.list_secrets()["SecretList"] if each.get("RotationEnabled")]
        return str(secret["ARN"])

    def _stack(self, **config: str) -> LocalStack:
        return LocalStack(self.directory, config={**CONFIG, **config})

    @property
    def _dynamodb(self) -> Any:
        return self._stack().client("dynamodb")

    @property
    def _secrets(self) -> Any:
        return self._stack().client("secretsmanager")
