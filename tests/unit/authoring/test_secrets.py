"""Secrets as a tool reads them: kept for minutes, and through a short outage."""

import threading

import pytest

from runtime.authoring import SettingError, secret
from runtime.authoring.secrets import (
    FRESH_SECONDS,
    LEAST_SECONDS_BETWEEN_READS,
    SECONDS_BETWEEN_TRIES,
    STALE_SECONDS,
    SecretUnavailable,
    SettingMissing,
    Source,
    use_source,
)
from tests.unit.conftest import Clock


class Store:
    """What is in Secrets Manager, and how often it was asked."""

    def __init__(self) -> None:
        self.value: str | SettingError = "first"
        self.reads = 0

    def __call__(self, name: str) -> str:
        self.reads += 1
        if isinstance(self.value, SettingError):
            raise self.value
        return self.value


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def source(store: Store, clock: Clock) -> Source:
    return Source({}, store, clock)


def test_a_secret_is_read_once_in_minutes_and_anew_after_them(store: Store, source: Source, clock: Clock) -> None:
    assert source.secret("TOKEN") == "first"
    store.value = "second"
    clock.now += FRESH_SECONDS - 1
    assert (source.secret("TOKEN"), store.reads) == ("first", 1)
    clock.now += 1
    assert (source.secret("TOKEN"), store.reads) == ("second", 2)


def test_a_tool_whose_value_was_refused_reads_the_new_one_at_once(store: Store, source: Source, clock: Clock) -> None:
    source.secret("TOKEN")
    store.value = "second"
    clock.now += LEAST_SECONDS_BETWEEN_READS
    assert source.secret("TOKEN", fresh=True) == "second"
    assert source.secret("TOKEN") == "second"


def test_a_tool_that_asks_for_new_values_in_a_loop_does_not_read_each_time(store: Store, source: Source) -> None:
    for _ in range(10):
        source.secret("TOKEN", fresh=True)
    assert store.reads == 1


def test_a_kept_value_survives_an_outage_of_an_hour_and_the_log_tells(
    store: Store, source: Source, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    source.secret("TOKEN")
    store.value = SecretUnavailable("not now")
    clock.now += STALE_SECONDS - 1
    assert source.secret("TOKEN") == "first"
    assert [(record.message, record.secret) for record in caplog.records] == [("secret not renewed", "TOKEN")]  # type: ignore[attr-defined]
    clock.now += 1
    assert source.secret("TOKEN") == "first"
    clock.now += SECONDS_BETWEEN_TRIES
    with pytest.raises(SecretUnavailable):
        source.secret("TOKEN")


def test_an_outage_delays_a_request_only_now_and_then(store: Store, source: Source, clock: Clock) -> None:
    source.secret("TOKEN")
    store.value = SecretUnavailable("not now")
    clock.now += FRESH_SECONDS
    for _ in range(10):
        source.secret("TOKEN")
    assert store.reads == 2
    store.value = "second"
    clock.now += SECONDS_BETWEEN_TRIES
    assert source.secret("TOKEN") == "second"


def test_a_value_that_was_taken_away_is_not_used_any_longer(store: Store, source: Source, clock: Clock) -> None:
    source.secret("TOKEN")
    clock.now += FRESH_SECONDS
    for reason in (SettingMissing("no value"), SecretUnavailable("not now")):
        store.value = reason
        with pytest.raises(type(reason)):
            source.secret("TOKEN")


def test_a_value_that_was_missing_counts_as_soon_as_it_is_set(store: Store, source: Source) -> None:
    store.value = SettingMissing("no value")
    with pytest.raises(SettingMissing):
        source.secret("TOKEN")
    store.value = "set"
    assert source.secret("TOKEN") == "set"


def test_threads_that_need_the_same_secret_wait_for_one_read(clock: Clock) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    reads = []

    def read(name: str) -> str:
        reads.append(name)
        arrived.set()
        go_on.wait(10)
        return f"value of {name}"

    source = Source({}, read, clock)
    values: list[str] = []
    threads = [threading.Thread(target=lambda: values.append(source.secret("TOKEN"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert arrived.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert values == ["value of TOKEN"] * 8
    assert reads == ["TOKEN"]


def test_secret_reads_from_the_source_of_the_process(source: Source) -> None:
    assert use_source(source) is None
    try:
        assert secret("TOKEN") == "first"
    finally:
        assert use_source(None) is source


def test_a_secret_that_is_read_while_its_module_is_imported_is_an_error_that_says_where_to_read_it() -> None:
    with pytest.raises(SettingError, match="not when its module is imported"):
        secret("TOKEN")
