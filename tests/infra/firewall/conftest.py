"""The stacks with a firewall, one for each place where it may stand."""

import pytest

from tests.infra.recorder import Stack, run_program

NETWORKS = '["192.0.2.0/24", "2001:db8::/32"]'


@pytest.fixture(scope="package")
def guarded() -> Stack:
    """A stack whose distribution has a firewall."""
    return run_program({"firewall": "create", "logRetentionDays": "90", "tags": '{"team": "platform"}'})


@pytest.fixture(scope="package")
def bare() -> Stack:
    """A stack without an edge, whose stage has a firewall, and which admits two networks."""
    return run_program({"edge": "none", "firewall": "create", "allowedCidrs": NETWORKS})


@pytest.fixture(scope="package")
def admitting() -> Stack:
    """A stack whose distribution admits two networks, and has no other rule."""
    return run_program({"allowedCidrs": NETWORKS})
