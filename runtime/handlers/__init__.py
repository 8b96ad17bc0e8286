"""Lambda entry points: each wires its function and passes the event on.

Wiring a function creates many thousands of objects, all of which stay. Searching them for garbage would take a
twentieth of a cold start, so the garbage collector is off until a function calls ``enable_garbage_collector``.
"""

import gc

gc.disable()


def enable_garbage_collector() -> None:
    """Turn the garbage collector on for objects that are created from now on."""
    gc.freeze()
    gc.enable()
