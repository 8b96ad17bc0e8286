"""The table of permissions in the documents is that of the declared policies, with every setting that adds some."""

from tests.e2e.privilege.needs import NEEDS, NOT_TRIED, TABLE
from tests.e2e.privilege.permission import Permission, permissions
from tests.e2e.privilege.table import read_tables, tables
from tests.e2e.privilege.world import AUDIT_LOG, CLIENT_SECRET, OWN_LOG, SIGNING_KEY, WORKER
from tests.infra.functions import FUNCTIONS
from tests.infra.policies import statements
from tests.infra.recorder import ACCOUNT_ID, REGION, Stack, arn

PROD = "remote-mcp-prod"
LABELS = {
    arn("Secret", f"{PROD}-signing-key"): SIGNING_KEY,
    arn("Secret", f"{PROD}-upstream-secret"): CLIENT_SECRET,
    f"{arn('LogGroup', f'{PROD}-audit')}:log-stream:events": AUDIT_LOG,
    f"{arn('Function', f'{PROD}-worker')}:live": WORKER,
    arn("LogGroup", f"{PROD}-audit"): AUDIT_LOG,
    f"{PROD}-store": TABLE,
    "*": "`*`, since X-Ray has no resources",
    f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:*": "the log groups of the account and region",
}


def test_the_table_has_every_permission_of_every_role_and_no_other(custom_stack: Stack) -> None:
    declared: list[Permission] = []
    for function in FUNCTIONS:
        group = arn("LogGroup", f"{PROD}-{function}-logs")
        own = {f"{group}:*": OWN_LOG, group: OWN_LOG}
        declared += permissions(function, statements(custom_stack, f"-{function}-policy"), LABELS | own)
    declared += permissions("API Gateway", statements(custom_stack, "-gateway-policy"), LABELS)
    assert set(declared) == {need.permission for need in NEEDS} | NOT_TRIED.keys()


def test_the_documents_have_the_table() -> None:
    assert read_tables() == tables(), "run make docs"
