"""The roles of ``examples/deployer``: who may take them, and what they may do."""

import fnmatch
import json
import runpy
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from examples.deployer import trust
from examples.deployer.permissions import LONGEST
from tests.infra.recorder import ACCOUNT_ID, PROJECT

PROVIDER = f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/{trust.HOST}"
# A repository made before July 2026, and one made later, whose claim has the ids of its owner and of itself.
SUBJECTS = ["repo:acme/tools", "repo:acme@123456/tools@456789"]
Claims = dict[str, Any]


class Account(mocks.Mocks):
    """Answers like AWS, and keeps what is declared, by type and name."""

    def __init__(self) -> None:
        self.declared: dict[tuple[str, str], Mapping[str, Any]] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        self.declared[kind, args.name] = args.inputs
        arn = PROVIDER if kind == "OpenIdConnectProvider" else f"arn:aws:iam::{ACCOUNT_ID}:{kind.lower()}/{args.name}"
        return args.name, {**args.inputs, "arn": arn}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(args.token)

    def trust(self, role: str) -> dict[str, Any]:
        policy: dict[str, Any] = json.loads(self.declared["Role", role]["assumeRolePolicy"])
        return policy

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Return the statements of all policies that are attached to a role."""
        attached = [
            inputs["policyArn"].rpartition("/")[2]
            for (kind, _), inputs in self.declared.items()
            if kind == "RolePolicyAttachment" and inputs["role"] == role
        ]
        return [each for name in attached for each in json.loads(self.declared["Policy", name]["policy"])["Statement"]]


def declare(**config: Any) -> Account:
    """Run the program with settings by their short keys."""
    account = Account()
    pulumi.runtime.set_mocks(account, project="deployer", stack="main", preview=False)
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    pulumi.runtime.set_all_config({f"deployer:{key}": value for key, value in texts.items()})

    def program() -> None:
        runpy.run_path(str(PROJECT / "examples" / "deployer" / "__main__.py"), run_name="__main__")

    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    return account


@pytest.fixture(scope="module", params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def account(subject: str) -> Account:
    return declare(subject=subject, stateBucket="acme-state", stateKeyArn="arn:aws:kms:eu-central-1:1:key/k")


def claims(subject: str, context: str, ref: str = "refs/heads/main", **changes: Any) -> Claims:
    """Return the claims of a token, as GitHub's reference describes them."""
    return {
        "iss": f"https://{trust.HOST}",
        "aud": "sts.amazonaws.com",
        "sub": f"{subject}:{context}",
        "ref": ref,
        **changes,
    }


def may_assume(policy: Mapping[str, Any], token: Claims) -> bool:
    """Evaluate a trust policy as STS does, for what such a policy has: StringEquals on claims of the token."""
    [statement] = policy["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert set(statement["Condition"]) == {"StringEquals"}
    if statement["Principal"] != {"Federated": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/{token['iss'][8:]}"}:
        return False
    wanted = statement["Condition"]["StringEquals"].items()
    return all(
        token.get(key.removeprefix(f"{trust.HOST}:")) in ([value] if isinstance(value, str) else value)
        for key, value in wanted
    )


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_job_of_its_environment_may_update_a_stack(account: Account, subject: str, stack: str) -> None:
    policy = account.trust(f"github-remote-mcp-{stack}-deploy")
    assert may_assume(policy, claims(subject, f"environment:{stack}"))


STRANGERS: dict[str, Any] = {
    "a fork": lambda s: claims(s.replace("acme", "mallory"), "environment:prod"),
    "another repository": lambda s: claims(s.replace("tools", "website"), "environment:prod"),
    "a repository whose name starts alike": lambda s: claims(f"{s}-fork", "environment:prod"),
    "another environment": lambda s: claims(s, "environment:dev"),
    "an environment whose name starts alike": lambda s: claims(s, "environment:prod-eu"),
    "main without the environment": lambda s: claims(s, "ref:refs/heads/main"),
    "a pull request": lambda s: claims(s, "pull_request", ref="refs/pull/7/merge"),
    "the environment in a pull request": lambda s: claims(s, "environment:prod", ref="refs/pull/7/merge"),
    "the environment on another branch": lambda s: claims(s, "environment:prod", ref="refs/heads/feature"),
    "the environment on a tag": lambda s: claims(s, "environment:prod", ref="refs/tags/main"),
    "another audience": lambda s: claims(s, "environment:prod", aud="https://github.com/acme"),
    "another issuer": lambda s: claims(s, "environment:prod", iss="https://token.actions.acme.ghe.com"),
    "a token without the branch": lambda s: {k: v for k, v in claims(s, "environment:prod").items() if k != "ref"},
}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_else_may_update_prod(account: Account, subject: str, stranger: str) -> None:
    assert not may_assume(account.trust("github-remote-mcp-prod-deploy"), STRANGERS[stranger](subject))


def test_the_same_names_with_other_ids_are_another_repository(account: Account, subject: str) -> None:
    """Somebody who takes a name that became free gets other ids."""
    policy = account.trust("github-remote-mcp-prod-deploy")
    assert not may_assume(policy, claims("repo:acme@666/tools@777", "environment:prod"))


@pytest.mark.parametrize("context", ["pull_request", "ref:refs/heads/main"])
def test_pull_requests_and_main_may_look(account: Account, subject: str, context: str) -> None:
    assert may_assume(account.trust("github-remote-mcp-prod-preview"), claims(subject, context))


@pytest.mark.parametrize(
    "context", ["ref:refs/heads/feature", "ref:refs/tags/main", "ref:refs/tags/v1", "environment:prod"]
)
def test_other_branches_and_tags_may_not_even_look(account: Account, subject: str, context: str) -> None:
    assert not may_assume(account.trust("github-remote-mcp-prod-preview"), claims(subject, context))


def test_a_pull_request_of_another_repository_may_not_look(account: Account, subject: str) -> None:
    other = subject.replace("acme", "mallory")
    assert not may_assume(account.trust("github-remote-mcp-prod-preview"), claims(other, "pull_request"))


@pytest.mark.parametrize(
    "subject",
    ["acme/tools", "repo:acme/*", "repo:*", "repo:acme/tools:*", "repo:acme@1/tools", "repo:acme/tools@1", ""],
)
def test_a_subject_that_does_not_name_one_repository_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="subject must be"):
        trust.check_subject(subject)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_role_that_previews_only_reads(account: Account, stack: str) -> None:
    actions = {action for each in account.statements(f"github-remote-mcp-{stack}-preview") for action in each["Action"]}
    verbs = ("Describe", "Get", "List")
    others = {action for action in actions if not action.partition(":")[2].startswith(verbs)}
    assert others == {"apigateway:GET", "kms:Decrypt"}
    data = {"dynamodb:GetItem", "secretsmanager:GetSecretValue", "logs:GetLogEvents", "lambda:InvokeFunction"}
    assert not data & actions


def test_the_role_of_dev_reaches_nothing_that_bears_the_name_of_prod(account: Account) -> None:
    named = [
        resource
        for each in account.statements("github-remote-mcp-dev-deploy")
        for resource in each["Resource"]
        if "remote-mcp-" in resource
    ]
    of_prod = [resource.replace("remote-mcp-dev-", "remote-mcp-prod-") for resource in named]
    assert not set(named) & set(of_prod)
    assert not [arn for arn in of_prod for pattern in named if fnmatch.fnmatchcase(arn, pattern)]


@pytest.mark.parametrize("role", ["deploy", "preview"])
def test_the_role_of_dev_reaches_only_the_state_of_dev(account: Account, role: str) -> None:
    objects = [
        resource.partition("/")[2]
        for each in account.statements(f"github-remote-mcp-dev-{role}")
        for resource in each["Resource"]
        if resource.startswith("arn:aws:s3:::acme-state/")
    ]
    files = [
        ".pulumi/stacks/remote-mcp/dev.json",
        ".pulumi/stacks/remote-mcp/dev.pulumi-tags",
        ".pulumi/history/remote-mcp/dev/dev-1.history.json",
    ]
    files += [".pulumi/locks/organization/remote-mcp/dev/1.json", ".pulumi/backups/remote-mcp/dev/dev.1.json"]
    assert all(any(fnmatch.fnmatchcase(file, pattern) for pattern in objects) for file in files)
    others = [file.replace("dev", "prod") for file in files]
    assert not [file for file in others for pattern in objects if fnmatch.fnmatchcase(file, pattern)]


def test_nobody_who_updates_a_stack_can_change_these_roles(account: Account) -> None:
    arns = [f"arn:aws:iam::{ACCOUNT_ID}:{kind}/{name}" for kind in ("role", "policy") for name in _names(account)]
    arns.append(PROVIDER)
    for stack in ("dev", "prod"):
        reached = [
            resource
            for each in account.statements(f"github-remote-mcp-{stack}-deploy")
            if any(action.startswith("iam:") for action in each["Action"])
            for resource in each["Resource"]
        ]
        assert reached
        assert not [(arn, pattern) for arn in arns for pattern in reached if fnmatch.fnmatchcase(arn, pattern)]


def _names(account: Account) -> list[str]:
    return [name for kind, name in account.declared if kind in {"Role", "Policy"}]


def test_every_policy_and_name_is_short_enough_for_iam() -> None:
    account = declare(subject=SUBJECTS[0], project="acme-internal-tools-mcp", stacks=["production"])
    for (kind, name), inputs in account.declared.items():
        assert len(name) <= 64
        assert kind != "Policy" or len(inputs["policy"]) <= LONGEST
    # IAM, quotas: managed policies of a role.
    for role in [name for kind, name in account.declared if kind == "Role"]:
        attached = [
            i for (kind, _), i in account.declared.items() if kind == "RolePolicyAttachment" and i["role"] == role
        ]
        assert len(attached) <= 10


def test_the_permissions_are_those_of_the_documents(account: Account) -> None:
    """Nothing gets lost where a policy is divided."""
    wanted = {
        action
        for name in ("deployer-policy.json", "deployer-policy-options.json")
        for each in json.loads((PROJECT / "docs" / name).read_text())["Statement"]
        for action in each["Action"]
    }
    given = {action for each in account.statements("github-remote-mcp-dev-deploy") for action in each["Action"]}
    assert wanted < given


def test_an_account_with_a_provider_keeps_it() -> None:
    account = declare(subject=SUBJECTS[0], existingProviderArn=PROVIDER, stacks=["prod"])
    assert not [name for kind, name in account.declared if kind == "OpenIdConnectProvider"]
    assert may_assume(account.trust("github-remote-mcp-prod-deploy"), claims(SUBJECTS[0], "environment:prod"))
    assert not [name for name in _names(account) if "-dev-" in name]


def test_a_new_provider_admits_only_the_audience_of_aws(account: Account) -> None:
    provider = account.declared["OpenIdConnectProvider", "github"]
    assert provider["url"] == f"https://{trust.HOST}"
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]


def test_roles_have_the_boundary_of_the_organisation() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT_ID}:policy/boundary"
    account = declare(subject=SUBJECTS[0], permissionsBoundary=boundary)
    roles = [inputs for (kind, _), inputs in account.declared.items() if kind == "Role"]
    assert len(roles) == 4
    assert {role["permissionsBoundary"] for role in roles} == {boundary}
