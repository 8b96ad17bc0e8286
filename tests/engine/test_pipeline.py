"""The pipeline from nothing: the roles, a pull request, an update of dev, and the drift that somebody makes.

Each ``run`` of the workflows is run as GitHub runs it, with the role that the job gets for its token, with the real CLI
and its state in S3. The tests run in this order.
"""

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from local.edge.settings import CLOUDFRONT
from local.stack import settings_of_machine
from tests.engine.checkout import commit, git
from tests.engine.deployer import allow_for_emulator
from tests.engine.engine import Engine, serve_provider
from tests.engine.github import Comments, TokenIssuer, serve_comments
from tests.engine.pipeline import CACHE_SECONDS, SUBJECT, Pipeline
from tests.engine.provider.federation import FEDERATION_KINDS, FEDERATION_RULES
from tests.engine.provider.servicer import Servicer
from tests.engine.runner import Result
from tests.support.workflows import workflow

BUCKET = "acme-pulumi-state"
REGION = "eu-central-1"
Outputs = dict[str, Any]


def at(event_name: str = "push", **more: Any) -> dict[str, Any]:
    return {
        "event_name": event_name,
        "ref": "refs/heads/main",
        "repository": "acme/tools",
        "run_id": 11,
        "event": {},
        **more,
    }


@pytest.fixture(scope="module")
def pipeline(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """Return a repository whose account has a bucket and a key for the state, and nothing else yet."""
    engine.aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    servicer = Servicer(engine.aws, FEDERATION_KINDS, FEDERATION_RULES)
    with serve_provider(servicer) as port:
        yield Pipeline(engine, tmp_path_factory.mktemp("pipeline"), TokenIssuer(engine.aws, servicer), port)


@pytest.fixture(scope="module")
def key(engine: Engine) -> str:
    return str(engine.aws.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(scope="module")
def roles(pipeline: Pipeline, engine: Engine, key: str) -> Pipeline:
    """Deploy ``examples/deployer``, and set the variables of the repository."""
    settings = {"subject": SUBJECT, "stateBucket": BUCKET, "stateKeyArn": key, "checkBranch": "false"}
    pipeline.run("pulumi stack init main", "examples/deployer")
    for name, value in settings.items():
        pipeline.run(f"pulumi config set {name} {value}", "examples/deployer")
    pipeline.run("pulumi up --yes --stack main", "examples/deployer")
    iam = engine.aws.client("iam")
    for kind in ("deploy", "preview"):
        extra = allow_for_emulator(only_reading=kind == "preview")
        iam.put_role_policy(RoleName=f"github-remote-mcp-dev-{kind}", PolicyName="emulator", PolicyDocument=extra)
    variables = json.loads(pipeline.run("pulumi stack output variables --json", "examples/deployer"))
    backend = f"s3://{BUCKET}?region={REGION}&endpoint=http://127.0.0.1:{engine.aws.port}&use_path_style=true"
    for name in ("DEV", "PROD"):
        variables |= {f"{name}_REGION": REGION, f"{name}_BACKEND": backend}
    pipeline.variables = {"DEPLOY": "true", **variables}
    return pipeline


@pytest.fixture(scope="module")
def ready(roles: Pipeline, key: str) -> Pipeline:
    """Make the stack ``dev`` with its secrets under the key, and commit its settings."""
    name = key.rpartition("/")[2]
    backend = roles.variables["DEV_BACKEND"]
    roles.run(
        f"pulumi stack init dev --secrets-provider 'awskms:///{name}?region={REGION}'", PULUMI_BACKEND_URL=backend
    )
    path = roles.checkout / "Pulumi.dev.yaml"
    settings = yaml.safe_load(path.read_text())
    public = {
        "publicUrl": f"http://localhost:{roles.port}",
        "edge": CLOUDFRONT,
        "authorizerCacheSeconds": CACHE_SECONDS,
    }
    settings["config"] |= {**settings_of_machine(), **public}
    commit(roles.checkout, "config: add dev", {"Pulumi.dev.yaml": yaml.safe_dump(settings)})
    return roles


@pytest.fixture(scope="module")
def comments() -> Iterator[Comments]:
    with serve_comments() as served:
        yield served


def of_pull_request(comments: Comments) -> dict[str, Any]:
    base = {"number": 7, "base": {"sha": "main"}}
    return at(
        "pull_request",
        ref="refs/pull/7/merge",
        event={"pull_request": base},
        token=comments.token,
        api_url=comments.url,
    )


def test_the_roles_are_made_under_the_engine(roles: Pipeline) -> None:
    made = {role["RoleName"] for role in roles.engine.aws.client("iam").list_roles()["Roles"]}
    kinds = ("deploy", "preview")
    assert {f"github-remote-mcp-{stack}-{kind}" for stack in ("dev", "prod") for kind in kinds} <= made
    assert roles.variables["DEV_DEPLOY_ROLE"].endswith(":role/github-remote-mcp-dev-deploy")


@pytest.mark.parametrize(
    ("context", "role"),
    [
        ("pull_request", "DEV_DEPLOY_ROLE"),
        ("ref:refs/heads/main", "DEV_DEPLOY_ROLE"),
        ("environment:dev", "PROD_DEPLOY_ROLE"),
        ("environment:prod", "PROD_PREVIEW_ROLE"),
        ("ref:refs/heads/feature", "PROD_PREVIEW_ROLE"),
    ],
)
def test_sts_refuses_a_job_that_has_no_business_with_a_role(roles: Pipeline, context: str, role: str) -> None:
    roles.tokens.claim(f"{SUBJECT}:{context}", "refs/heads/main")
    inputs = {"aws-region": REGION, "role-to-assume": roles.variables[role], "role-session-name": "test"}
    with pytest.raises(ClientError, match="AccessDenied"):
        roles.tokens.take_role(inputs)


def test_sts_refuses_a_job_of_a_fork(roles: Pipeline) -> None:
    roles.tokens.claim("repo:mallory@1/tools@2:environment:dev", "refs/heads/main")
    role = roles.variables["DEV_DEPLOY_ROLE"]
    with pytest.raises(ClientError, match="AccessDenied"):
        roles.tokens.take_role({"aws-region": REGION, "role-to-assume": role, "role-session-name": "test"})


def test_a_pull_request_gets_the_preview_as_a_comment(ready: Pipeline, comments: Comments) -> None:
    results = ready.runner().call("deploy", "preview-dev", of_pull_request(comments))
    assert results["preview"].succeeded, results["preview"].log
    assert results["comment"].succeeded, results["comment"].log
    [comment] = comments.comments
    assert comment["body"].startswith("<!-- preview of dev -->\n### Preview of dev: + ")
    assert "create aws:lambda/function:Function remote-mcp-dev-mcp\n" in comment["body"]
    assert "### Preview of dev: + " in results["preview"].summary


def update(pipeline: Pipeline, **inputs: Any) -> Result:
    """Update dev as deploy.yml does. The edge starts once there is a stack behind it."""
    with contextlib.ExitStack() as edge:

        def start_edge_before_the_check(step: str) -> None:
            if step == "Wait until clients can use it":
                edge.enter_context(pipeline.edge())

        runner = dataclasses.replace(pipeline.runner(), before=start_edge_before_the_check)
        return runner.call("deploy", "dev", at(), inputs)["update"]


def test_a_push_to_main_updates_dev_and_checks_it(ready: Pipeline) -> None:
    result = update(ready)
    assert result.succeeded, result.log
    assert set(result.conclusions.values()) == {"success", "skipped"}
    assert [name for name, conclusion in result.conclusions.items() if conclusion == "skipped"] == [
        "pulumi/auth-actions"
    ]
    assert f"### dev is at {git(ready.checkout, 'rev-parse', '--short', 'HEAD')}" in result.summary
    assert f"http://localhost:{ready.port}/mcp" in result.summary


def test_a_preview_that_fails_takes_the_place_of_the_comment_before(ready: Pipeline, comments: Comments) -> None:
    good = (ready.checkout / "Pulumi.dev.yaml").read_text()
    bad = yaml.safe_load(good)
    bad["config"]["logLevel"] = "LOUD"
    commit(ready.checkout, "config: a mistake", {"Pulumi.dev.yaml": yaml.safe_dump(bad)})
    results = ready.runner().call("deploy", "preview-dev", of_pull_request(comments))
    assert not results["preview"].succeeded
    assert results["comment"].succeeded, results["comment"].log
    assert [request.partition(" ")[0] for request in comments.requests] == ["POST", "PATCH"]
    assert "### Preview of dev: failed" in comments.comments[0]["body"]
    assert "logLevel" in comments.comments[0]["body"]
    git(ready.checkout, "reset", "--quiet", "--hard", "HEAD~1")


def test_an_older_commit_than_the_deployed_one_is_refused(ready: Pipeline) -> None:
    deployed = git(ready.checkout, "rev-parse", "HEAD")
    git(ready.checkout, "checkout", "--quiet", "HEAD~1")
    refused = update(ready)
    assert refused.conclusions["Refuse a commit older than the deployed one"] == "failure"
    assert refused.conclusions["Update"] == "skipped"
    assert f"::error::dev is at {deployed}, which is newer than" in refused.log
    git(ready.checkout, "checkout", "--quiet", "main")


def drift(pipeline: Pipeline) -> Result:
    [dev] = [
        each for each in workflow("drift")["jobs"]["drift"]["strategy"]["matrix"]["include"] if each["stack"] == "dev"
    ]
    return pipeline.runner().run_job("drift", "drift", at("schedule"), dev)


def test_there_is_no_drift_although_main_is_ahead(ready: Pipeline) -> None:
    deployed = git(ready.checkout, "rev-parse", "HEAD")
    path = ready.checkout / "Pulumi.dev.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["config"]["logRetentionDays"] = 60
    commit(ready.checkout, "config: keep logs longer", {"Pulumi.dev.yaml": yaml.safe_dump(settings)})
    result = drift(ready)
    assert result.succeeded, result.log
    assert git(ready.checkout, "rev-parse", "HEAD") == deployed
    git(ready.checkout, "checkout", "--quiet", "main")
    git(ready.checkout, "reset", "--quiet", "--hard", "HEAD~1")


def test_drift_fails_the_run_and_an_update_with_refresh_repairs_it(ready: Pipeline) -> None:
    cloudwatch = ready.engine.aws.client("cloudwatch")
    exported = ready.run("pulumi stack export --stack dev", PULUMI_BACKEND_URL=ready.variables["DEV_BACKEND"])
    resources = json.loads(exported)["deployment"]["resources"]
    gone = next(each["id"] for each in resources if each["type"] == "aws:cloudwatch/metricAlarm:MetricAlarm")
    cloudwatch.delete_alarms(AlarmNames=[gone])
    found = drift(ready)
    assert found.conclusions["Compare"] == "failure"
    assert "### Drift of dev: failed" in found.summary
    git(ready.checkout, "checkout", "--quiet", "main")
    repaired = update(ready, refresh=True)
    assert repaired.succeeded, repaired.log
    assert cloudwatch.describe_alarms(AlarmNamePrefix=gone[:-8])["MetricAlarms"]
