"""Every test of a store runs on a table in memory and on moto's DynamoDB."""

import pytest

from runtime.storage.table import Table
from tests.memory.table import MemoryTable
from tests.support.aws import create_table


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.slow)])
def table(request: pytest.FixtureRequest) -> Table:
    """Return an empty table."""
    if request.param == "memory":
        return MemoryTable()
    request.getfixturevalue("aws")
    return create_table()
