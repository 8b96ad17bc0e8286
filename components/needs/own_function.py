"""Collects what a needs file says that a function of its own needs."""

from components.needs import checks
from components.needs.collector import FunctionCollector


class OwnFunctionCollector(FunctionCollector):
    """What the function of some tools needs: what any function may need, and what has no key in the configuration."""

    def provision_concurrency(self, instances: int) -> None:
        """Keep this many instances initialized, so that no call waits for a start. AWS bills them around the clock."""
        self._refuse("provision_concurrency", checks.wrong_number(instances, 1, 100_000))
        self._set("provision_concurrency", "provisioned_concurrency", instances)
