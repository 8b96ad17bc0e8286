"""What a change of each setting does to a deployed stack."""

from collections.abc import Mapping

import pytest

from local.program import project_name, read_stack_file
from tests.engine.adoptable import make_adoptable
from tests.engine.engine import Changes, Engine, EngineStack
from tests.engine.samples import GROUPS, OF_FUNCTIONS, sample
from tests.engine.table import read_table, table, write_table

# What holds data or is the address of the server. Its replacement would lose clients, keys, evidence or the URL.
LASTING = (
    "aws:apigateway/restApi:RestApi",
    "aws:dynamodb/table:Table",
    "aws:secretsmanager/secret:Secret",
    "aws:cloudwatch/logGroup:LogGroup",
)
# A secret takes the place of the stack's own one, which `pulumi up` deletes unless it is protected.
TAKES_PLACE = ("existingSigningKey",)
# The log of the firewall belongs to it: it is in the same region, and goes with it.
OF_FIREWALL = "aws:cloudwatch/logGroup:LogGroup aws-waf-logs-"
FUNCTIONS = ("aws:lambda/function:Function", "aws:lambda/alias:Alias")


Effects = Mapping[tuple[str, ...], Changes]


@pytest.fixture(scope="session")
def effects(unprotected: EngineStack, engine: Engine) -> Effects:
    """Return what changes of settings would do to the same deployed state."""
    shipped = read_stack_file("prod")
    current = {key.removeprefix(f"{project_name()}:"): value for key, value in shipped.items()} | unprotected.config
    made = make_adoptable(engine.aws)
    return {keys: unprotected.preview(sample(keys, current, made)) for keys in GROUPS}


@pytest.mark.parametrize("keys", GROUPS, ids=lambda keys: keys[0])
def test_a_changed_setting_replaces_nothing_that_lasts(keys: tuple[str, ...], effects: Effects) -> None:
    changes = effects[keys]
    assert changes, f"{keys} have no effect: does tests/engine/samples.py give them other values?"
    gone = changes.replaced | (changes.deleted if keys[0] not in TAKES_PLACE else set())
    gone = {name for name in gone if not name.startswith(OF_FIREWALL)}
    assert not [name for name in gone if name.startswith(LASTING)]


def test_what_only_the_functions_read_changes_only_the_functions(effects: Effects) -> None:
    changes = effects[OF_FUNCTIONS]
    # The component of what an app declares is there with its needs file. Components are the sum of their parts.
    created = {name for name in changes.created if not name.startswith("remote-mcp:")}
    assert not created | changes.replaced | changes.deleted
    assert not [name for name in changes.updated if not name.startswith(FUNCTIONS)]


def test_the_documents_tell_what_a_changed_setting_does(effects: Effects, pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--write-table"):
        write_table(table(effects))
    assert read_table() == table(effects), "run make engine TABLE=write"
