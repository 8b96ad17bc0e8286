"""Tests of the rotation while the permissions of its role spread."""

import pytest
from botocore.exceptions import ClientError

from components.signing_key import TIMEOUT_SECONDS
from runtime.records.errors import AccessRefused, StoreUnavailable
from runtime.records.keys import CURRENT, SigningKey
from runtime.storage.aws import unavailable
from runtime.tokens.rotation import FEWEST_BYTES, PAUSES, UnusableKey, rotate, rotate_patiently
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys

FIRST = {"Step": "initialise", "SecretId": ""}


class SpreadingKeys(MemoryKeys):
    """Refuses the first calls. No emulator spreads permissions."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self.refusals = refusals

    def find_key(self, stage: str, version: str | None = None) -> SigningKey | None:
        if self.refusals:
            self.refusals -= 1
            raise AccessRefused("get signing key")
        return super().find_key(stage, version)


@pytest.mark.parametrize("refusals", range(len(PAUSES) + 1))
def test_the_first_key_is_made_once_the_permissions_have_spread(refusals: int) -> None:
    keys, audit, pauses = SpreadingKeys(refusals), MemoryAuditLog(lambda: 0), list[float]()
    rotate_patiently(FIRST, keys, audit, pauses.append)
    assert keys.find_key(CURRENT) is not None
    assert pauses == list(PAUSES[:refusals])
    assert [event["event"] for event in audit.events] == ["signing_key_made"]


def test_a_role_that_never_gets_its_permissions_is_a_failure_before_the_function_times_out() -> None:
    pauses: list[float] = []
    with pytest.raises(AccessRefused):
        rotate_patiently(FIRST, SpreadingKeys(len(PAUSES) + 1), MemoryAuditLog(lambda: 0), pauses.append)
    assert sum(pauses) < TIMEOUT_SECONDS - 10


@pytest.mark.parametrize("length", [FEWEST_BYTES, FEWEST_BYTES - 1])
def test_a_value_that_somebody_else_stored_stays_and_must_be_long_enough_for_a_key(length: int) -> None:
    """RFC 7518 3.2."""
    keys, audit = MemoryKeys(), MemoryAuditLog(lambda: 0)
    keys.put("theirs", "k" * length, CURRENT)
    if length < FEWEST_BYTES:
        with pytest.raises(UnusableKey, match="fewer than 32 bytes"):
            rotate(FIRST, keys, audit)
    else:
        rotate(FIRST, keys, audit)
    found = keys.find_key(CURRENT)
    assert found is not None
    assert found.kid == "theirs"
    assert audit.events == []


def test_no_other_failure_is_waited_for() -> None:
    with pytest.raises(KeyError):
        rotate_patiently(
            {"Step": "createSecret"}, MemoryKeys(), MemoryAuditLog(lambda: 0), lambda _: pytest.fail("it waited")
        )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", AccessRefused),
        ("AccessDenied", AccessRefused),
        ("ResourceNotFoundException", StoreUnavailable),
    ],
)
def test_what_aws_refuses_for_lack_of_permission_is_told_from_other_errors(code: str, kind: type[Exception]) -> None:
    with pytest.raises(StoreUnavailable) as failure, unavailable("get signing key"):
        raise ClientError({"Error": {"Code": code}}, "GetSecretValue")
    assert type(failure.value) is kind
