"""What the endpoint reaches beyond itself: only requests that need it pay for it."""

from collections.abc import Callable

import msgspec

from runtime.storage.work import ExchangeStore, LevelStore, TaskStore, Worker


class Services(msgspec.Struct, frozen=True):
    """Makers of the stores, called when one is first needed: importing boto3 takes longer than most calls.

    ``clock`` reads seconds since the epoch. ``worker_seconds`` is how long the worker function may run.
    """

    clock: Callable[[], float]
    exchanges: Callable[[], ExchangeStore]
    levels: Callable[[], LevelStore]
    tasks: Callable[[], TaskStore]
    worker: Callable[[], Worker]
    worker_seconds: int
