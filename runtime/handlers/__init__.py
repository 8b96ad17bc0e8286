"""Lambda entry points: each puts its function together and hands the event on.

Putting a function together makes many thousands of objects, all of which stay. Searching them for garbage would take a
twentieth of a cold start, so the collector rests until a function is ``ready``.
"""

import gc

gc.disable()


def ready() -> None:
    """Turn the collector on, for what is made from now on."""
    gc.freeze()
    gc.enable()
