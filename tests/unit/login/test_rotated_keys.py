"""Forms verify after a rotation of the signing key, also between instances that read the keys at different times."""

import pytest

from runtime.login.errors import Lapsed
from runtime.login.forms import Forms
from runtime.records.keys import CURRENT, SigningKey
from runtime.tokens.key_ring import KeyRing
from tests.memory.keys import MemoryKeys
from tests.unit.conftest import Clock


class CountedKeys:
    """A ``KeyStore`` that counts the reads of another one."""

    def __init__(self, keys: MemoryKeys) -> None:
        self.keys = keys
        self.reads = 0

    def read(self) -> tuple[SigningKey, ...]:
        self.reads += 1
        return self.keys.read()


@pytest.fixture
def counted(keys: MemoryKeys) -> CountedKeys:
    keys.put("1" * 36, "a" * 64, CURRENT)
    return CountedKeys(keys)


def test_a_form_signed_with_a_newer_key_than_is_known_verifies(counted: CountedKeys, clock: Clock) -> None:
    early = Forms(KeyRing(counted, clock), clock)
    before = early.sign("consent", "browser", {"n": 1})
    clock.now += 1
    counted.keys.put("2" * 36, "b" * 64, CURRENT)
    late = Forms(KeyRing(counted, clock), clock)
    assert early.verify("consent", "browser", late.sign("consent", "browser", {"n": 2})) == {"n": 2}
    assert late.verify("consent", "browser", before) == {"n": 1}


def test_invented_forms_read_the_keys_once_a_second_at_most(counted: CountedKeys, clock: Clock) -> None:
    forms = Forms(KeyRing(counted, clock), clock)
    forms.sign("consent", "browser", {})
    clock.now += 1
    for _ in range(10):
        with pytest.raises(Lapsed):
            forms.verify("consent", "browser", "a.b")
    assert counted.reads == 2
