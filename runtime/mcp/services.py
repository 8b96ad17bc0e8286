"""What the endpoint reaches beyond itself: only requests that need it pay for it."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.storage.records import ExchangeStore, LevelStore, TaskStore, Worker


@dataclass(frozen=True, slots=True)
class Services:
    """Makers of the stores, called when one is first needed: importing boto3 takes longer than most calls.

    ``clock`` reads seconds since the epoch. ``worker_seconds`` is how long the worker function may run.
    """

    clock: Callable[[], float]
    exchanges: Callable[[], ExchangeStore]
    levels: Callable[[], LevelStore]
    tasks: Callable[[], TaskStore]
    worker: Callable[[], Worker]
    worker_seconds: int
