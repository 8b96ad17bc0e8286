"""The secrets that a needs file names: made by the stack, or existing ones."""

import json
from pathlib import Path

import pytest

from components.app.errors import NeedsError
from tests.infra.functions import environment
from tests.infra.needs.declaring import run_file
from tests.infra.policies import statements
from tests.infra.recorder import Stack, arn, run_program

ACCOUNT = "eu-central-1:123456789012"
OURS = f"arn:aws:secretsmanager:{ACCOUNT}:secret:team/login-AbCdEf"
PARAMETER = f"arn:aws:ssm:{ACCOUNT}:parameter/team/token"
KEY = f"arn:aws:kms:{ACCOUNT}:key/1234"
NEEDS = f"""
import pulumi_aws as aws


def declare(needs):
    needs.secret("MADE")
    needs.secret("PASSWORD", {OURS!r}, key="password", kms_key={KEY!r})
    needs.secret("TOKEN", arn={PARAMETER!r}, kms_key={KEY!r})
    needs.secret("LATER", arn=aws.ssm.Parameter("later", type="SecureString", value="x").arn)
    billing = needs.function("billing")
    billing.secret("MADE")
    billing.secret("OWN")
    billing.environment("LEDGER", "books")
"""
MADE, OWN = (arn("Secret", f"remote-mcp-prod-app-{name}") for name in ("MADE", "OWN"))


@pytest.fixture(scope="module")
def needing(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A stack whose data a key of its own encrypts, and whose app reads secrets of all kinds."""
    file = tmp_path_factory.mktemp("app") / "needs.py"
    file.write_text(NEEDS)
    config = {"appModule": "tests.e2e.functions_app", "kmsKey": "create", "deletionProtection": "true"}
    return run_program({"appNeeds": str(file), **config}, "prod")


def test_a_secret_is_made_once_protected_and_encrypted_and_has_no_value(needing: Stack) -> None:
    made = [one for one in needing.all("secretsmanager/secret:Secret") if "-app-" in one.name]
    assert [one.name for one in made] == ["remote-mcp-prod-app-MADE", "remote-mcp-prod-app-OWN"]
    for one in made:
        assert one.inputs["recoveryWindowInDays"] == 30
        assert one.inputs["kmsKeyId"]
        assert one.inputs["tags"]["stack"] == "prod"
        assert needing.options_of(one).protect
    assert not list(needing.all("secretsmanager/secretVersion:SecretVersion"))


def test_the_outputs_name_the_secrets_that_an_operator_fills(needing: Stack, stack: Stack) -> None:
    assert needing.outputs["app_secrets"] == {"MADE": MADE, "OWN": OWN}
    assert "app_secrets" not in stack.outputs


def test_a_function_knows_where_its_secrets_are(needing: Stack) -> None:
    later = arn("Parameter", "later")
    places = {"MADE": MADE, "PASSWORD": [OURS, "password"], "TOKEN": PARAMETER, "LATER": later}
    assert json.loads(environment(needing, "mcp")["SECRETS"]) == places


def test_a_function_reads_exactly_its_secrets_each_through_its_service(needing: Stack) -> None:
    told = [each for each in statements(needing, "-mcp-policy") if {MADE, OURS, PARAMETER} & _mentioned(each)]
    assert [each["Action"] for each in told] == [
        ["secretsmanager:GetSecretValue"],
        ["kms:Decrypt"],
        ["secretsmanager:GetSecretValue"],
        ["kms:Decrypt"],
        ["ssm:GetParameter"],
        ["kms:Decrypt"],
    ]
    through = [each["Condition"] for each in told if each["Action"] == ["kms:Decrypt"]]
    context = "kms:EncryptionContext:"
    assert [each["StringEquals"] for each in through] == [
        {f"{context}SecretARN": [MADE]},
        {f"{context}SecretARN": [OURS]},
        {f"{context}PARAMETER_ARN": [PARAMETER]},
    ]
    assert [each["StringLike"]["kms:ViaService"].split(".")[0] for each in through] == ["secretsmanager"] * 2 + ["ssm"]
    assert OWN not in json.dumps(statements(needing, "-mcp-policy"))


def test_a_function_of_its_own_reads_what_it_names_and_nothing_else(needing: Stack) -> None:
    assert json.loads(environment(needing, "tool-billing")["SECRETS"]) == {"MADE": MADE, "OWN": OWN}
    told = json.dumps(statements(needing, "-tool-billing-policy"))
    assert MADE in told
    assert OWN in told
    assert not any(secret in told for secret in (OURS, PARAMETER))
    assert "SECRETS" not in environment(needing, "tool-post")


def test_the_action_for_an_arn_that_is_known_later_is_that_of_its_service(needing: Stack) -> None:
    [told] = [each for each in statements(needing, "-mcp-policy") if each["Resource"] == [arn("Parameter", "later")]]
    service = arn("Parameter", "later").split(":")[2]
    assert told["Action"] == ["ssm:GetParameter" if service == "ssm" else "secretsmanager:GetSecretValue"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('needs.secret("A B")', "is no name of a secret"),
        ('needs.secret("TOKEN", key="a")', "name its arn, too"),
        (f'needs.secret("TOKEN", {OURS!r}, kms_key="alias/mine")', "not of an alias"),
        (f'needs.secret("TOKEN", {OURS!r}, key="")', "the name of a member"),
        (f'needs.secret("TOKEN", {OURS.replace("central", "west")!r})', "in eu-west-1, and the stack is in eu-central"),
        (f'needs.secret("TOKEN"); needs.function("a").secret("TOKEN", {OURS!r})', "another secret where it is named"),
        ('needs.secret("TOKEN"); needs.environment("TOKEN", "x")', "is a secret, too"),
        ('needs.environment("TOKEN", "x"); needs.secret("TOKEN")', "is a variable, too"),
    ],
)
def test_a_secret_that_cannot_be_is_an_error(told: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsError, match=said):
        run_file(tmp_path, told)


def _mentioned(statement: dict[str, object]) -> set[str]:
    return {part for part in json.dumps(statement).split('"') if part.startswith("arn:")}
