"""The commands of the documents, run by a reader who starts with nothing and ends with nothing.

``docs/deploy.md`` comes first and last. In between, the reader looks up other pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml

from local.program import project_name
from tests.engine.engine import Engine, run_engine
from tests.engine.reader import Reader
from tests.engine.readings import DEPLOY, DESTROY, FIRST, READINGS, SETTINGS, THEIR_TABLE, Reading, is_not_run
from tests.support.pages import sections_of

BUCKET = "acme-pulumi-state"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return an engine of this file's own: the reader leaves things in the account that no stack owns."""
    with run_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="module")
def reader(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = Reader(engine, tmp_path_factory.mktemp("reader"))
    try:
        yield reader
    finally:
        reader.leave()


def read(reader: Reader, reading: Reading) -> str:
    """Run the blocks of a section and return what they printed."""
    reader.run(reading.before)
    printed = []
    for block in sections_of(reading.page)[reading.section]:
        if is_not_run(reading.page, block):
            continue
        text = block
        for word, replacement in reading.words.items():
            text = text.replace(word, replacement)
        printed.append(reader.run(text, reading.answer))
    return "".join(printed)


@dataclass(frozen=True)
class Deployment:
    """What following the first section printed, and the settings that it left."""

    printed: str
    settings: dict[str, str]


@pytest.fixture(scope="module")
def deployment(reader: Reader) -> Deployment:
    """Follow the page up to the connected client."""
    printed = read(reader, Reading(DEPLOY, FIRST, answer="the client secret\n"))
    return Deployment(printed, reader.settings())


def test_a_reader_comes_from_nothing_to_a_connected_client(deployment: Deployment, reader: Reader) -> None:
    lines = deployment.printed.splitlines()
    clients = [line.split()[1] for line in lines if line.startswith("ok    ") and "login page" in line]
    assert {"Claude", "VS", "ChatGPT"} <= set(clients)
    assert "ok    tools/call" in deployment.printed
    assert f"http://localhost:{reader.port}/mcp" in lines


def check_state(printed: str, reader: Reader, engine: Engine) -> None:
    """The state of the new stack is in the bucket, and its secrets have the key of KMS."""
    assert "prod*" in printed
    kept = engine.aws.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    assert f".pulumi/stacks/{project_name()}/prod.json" in {each["Key"] for each in kept}
    settings = yaml.safe_load(reader.settings()["Pulumi.prod.yaml"])
    assert settings["secretsprovider"].startswith("awskms://alias/pulumi-state")
    assert settings["encryptedkey"]


def check_environments(printed: str, reader: Reader, engine: Engine) -> None:
    """The preview is that of another stack, and creates nothing."""
    assert "-staging-store create" in printed
    assert not [name for name in engine.aws.client("dynamodb").list_tables()["TableNames"] if "-staging-" in name]
    settings = yaml.safe_load(reader.settings()["Pulumi.staging.yaml"])["config"]
    assert settings["aws:allowedAccountIds"] == ["123456789012"]


def check_domain(printed: str, reader: Reader, engine: Engine) -> None:
    """The distribution gets the name, and the zone the records."""
    assert "diff: +aliases~viewerCertificate" in printed
    assert {"-edge-record-a create", "-edge-record-aaaa create"} <= {
        line.rpartition("remote-mcp-dev")[2].strip() for line in printed.splitlines()
    }


def check_adoption(printed: str, reader: Reader, engine: Engine) -> None:
    """The other table is used, and no table is created, changed or deleted."""
    assert "dynamodb:Table" not in printed
    assert "lambda:Function" in printed
    assert THEIR_TABLE in engine.aws.client("dynamodb").list_tables()["TableNames"]


def check_outputs(printed: str, reader: Reader, engine: Engine) -> None:
    assert {name for name in reader.outputs() if name in printed} == reader.outputs().keys()


CHECKS = {
    (DEPLOY, "Where the state lives"): check_state,
    (DEPLOY, "Several environments and accounts"): check_environments,
    (DEPLOY, "A domain of your own"): check_domain,
    (DEPLOY, "Adopt existing resources"): check_adoption,
    (DEPLOY, "Outputs"): check_outputs,
}


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: f"{reading.page}: {reading.section}")
def test_the_commands_of_a_section_do_what_it_says(
    reading: Reading, deployment: Deployment, reader: Reader, engine: Engine
) -> None:
    reader.come_back("dev", deployment.settings)
    printed = read(reader, reading)
    check = CHECKS.get((reading.page, reading.section))
    if check:
        check(printed, reader, engine)


def test_the_settings_that_pages_tell_to_choose_are_allowed(deployment: Deployment, reader: Reader) -> None:
    reader.come_back("dev", deployment.settings)
    for reading in SETTINGS:
        read(reader, reading)
    printed = reader.run("pulumi preview")
    assert "aws:lambda:ProvisionedConcurrencyConfig" in printed
    assert "aws:wafv2:WebAcl" in printed


def test_destroy_leaves_nothing_of_the_stack_and_what_is_not_its_own(
    deployment: Deployment, reader: Reader, engine: Engine
) -> None:
    reader.come_back("dev", deployment.settings)
    aws = engine.aws
    others = {name for name in aws.client("dynamodb").list_tables()["TableNames"] if "-dev-store" not in name}
    read(reader, Reading(DEPLOY, DESTROY))
    left = [name for name in aws.client("dynamodb").list_tables()["TableNames"] if name not in others]
    left += [role["RoleName"] for role in aws.client("iam").list_roles()["Roles"] if "-dev-" in role["RoleName"]]
    left += [item["FunctionName"] for item in aws.client("lambda").list_functions()["Functions"]]
    left += [api["name"] for api in aws.client("apigateway").get_rest_apis()["items"]]
    assert not left
    assert others <= set(aws.client("dynamodb").list_tables()["TableNames"])
    assert "dev" not in reader.run("pulumi stack ls --json")
    assert "Pulumi.dev.yaml" in reader.settings()
