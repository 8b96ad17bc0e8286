"""A slice of ``make fuzz``, the same on every run."""

import pytest

from tests.e2e.conftest import Server
from tests.fuzz.document import OPERATIONS
from tests.fuzz.run import Report, fuzz

pytestmark = pytest.mark.proof

CASES = 500
# With it, each operation gets a good request among the made-up ones.
SEED = 3
# Nothing here logs in at the identity provider, or asks a client something and so leaves a stream behind.
NEVER_OK = {"GET /callback", "GET /mcp"}


@pytest.fixture(scope="module")
def report(server: Server) -> Report:
    return fuzz(server.url, CASES, SEED)


def test_no_made_up_request_gets_an_answer_that_the_openapi_document_does_not_describe(report: Report) -> None:
    assert not report.failures
    assert report.cases >= CASES


def test_made_up_requests_get_past_every_check_that_refuses_them(report: Report) -> None:
    """Else nothing but refusals would have been seen."""
    labels = {operation.label for operation in OPERATIONS.values()}
    assert {label for label, status in report.answers if status < 300} >= labels - NEVER_OK
