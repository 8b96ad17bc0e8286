"""Which tests run in one process, and which run first."""

import pytest

# What takes seconds to make: programs of `tests.infra`, and local stacks. All tests that share one run in one process.
SHARED = ("stack", "custom_stack", "bare_server", "server", "emulator")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests for ``--dist=loadgroup``, and put the slow ones first, so that no process ends with one."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_find_group(item)))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _find_group(item: pytest.Item) -> str:
    """Return the name of a shared thing that a test uses, or else the file of the test."""
    names = getattr(item, "fixturenames", ())
    return next((name for name in SHARED if name in names), str(item.path))
