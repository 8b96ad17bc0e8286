"""How one test run is divided among processes, and which stacks these share."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.support import shared_stacks

# All of the first log in as the same user, and some end everything that the user has. The second change one stack.
ONE_AFTER_THE_OTHER = ("tests/e2e/login/", "tests/examples/")
# Fixtures that start other stacks than the one with the default edge.
OTHER_STACKS = {"bare_server", "feature_server"}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shared_stacks.open_home()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shared_stacks.stop_all()


# Before pytest selects by markers.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of other stacks. Put files with slow tests first, so that no process is left with one at the end."""
    for item in items:
        if isinstance(item, pytest.Function) and OTHER_STACKS.intersection(item.fixturenames):
            item.add_marker(pytest.mark.stack)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class Scheduling(LoadFileScheduling):
    """A file goes to one process. So do all files of a folder whose tests would get in each other's way."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in ONE_AFTER_THE_OTHER:
            if nodeid.startswith(folder):
                return folder
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return Scheduling(config, log)
