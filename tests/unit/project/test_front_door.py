"""An owner's tools, libraries and needs: the shipped tests test the product, and stay green."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.local_stack import APP as EVERY_STACK

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("components", "runtime", "schemas", "tests", "local", "admin", "docs", "openapi", "policy")
FILES = (
    "__main__.py",
    "program.py",
    "entry.py",
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "Pulumi.prod.yaml",
    "pyproject.toml",
    "requirements.txt",
    "requirements-app.txt",
    "wheels.txt",
)
APP = '''"""What this deployment offers."""

from runtime.app import storage
from runtime.authoring import App

app = App(modules=[storage])
'''
TOOLS = '''"""A tool that uses an AWS service and a library."""

import boto3
import dateutil.parser

from runtime.authoring import tool


@tool
def objects_since(bucket: str, day: str) -> list[str]:
    """List the objects of a bucket that were written since a day."""
    since = dateutil.parser.parse(day)
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", []) if entry["LastModified"] >= since]
'''
# It asks for a setting that no shipped test gives it, and declares a resource that the local stack does not know.
NEEDS = '''"""What this deployment needs."""

import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    aws.sqs.Queue(f"{needs.prefix}-reports", tags=needs.tags)
    needs.allow("s3:ListBucket", needs.config("bucket_arn"))
    needs.allow(["s3:Get*", "dynamodb:Scan"], "*")
    needs.environment("REPORTS", needs.config("bucket_arn"))
    needs.secret("REPORTS_KEY")
    needs.network(subnet_ids=["subnet-1"], security_group_ids=["sg-1"])
    needs.memory(1024)
'''
TESTS = (
    "unit/project/test_structure.py",
    "unit/authoring",
    "infra/test_permissions.py",
    "infra/test_table_prefixes.py",
    "infra/test_environments.py",
    "infra/test_snapshot.py",
    "infra/needs/test_telling.py",
)


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    """A copy of the project whose tools, libraries and needs are an owner's."""
    for name in FOLDERS:
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__", ".venv")
        )
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    # The archives and wheels of this project need not be made again: their names are hashes of all that is in them.
    (ROOT / ".build").mkdir(exist_ok=True)
    (tmp_path / ".build").symlink_to(ROOT / ".build")
    shutil.rmtree(tmp_path / "runtime" / "app")
    shutil.rmtree(tmp_path / "tests" / "app")
    (tmp_path / "runtime" / "app").mkdir()
    (tmp_path / "runtime" / "app" / "__init__.py").write_text(APP)
    (tmp_path / "runtime" / "app" / "storage.py").write_text(TOOLS)
    with (tmp_path / "requirements-app.txt").open("a") as requirements:
        requirements.write("python-dateutil==2.9.0.post0\n")
    (tmp_path / "needs.py").write_text(NEEDS)
    return tmp_path


def test_the_tests_that_start_a_stack_leave_out_what_its_owner_needs() -> None:
    """Otherwise they would need the settings and the AWS resources of that file."""
    assert EVERY_STACK["appNeeds"] == "none"


@pytest.mark.proof
def test_an_owners_tools_libraries_and_needs_turn_no_shipped_test_red(owned: Path) -> None:
    quick = ["--quiet", "-m", "not slow and not proof"]
    command = [sys.executable, "-m", "pytest", *quick, *(f"tests/{test}" for test in TESTS)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=owned, capture_output=True, text=True, env=environment, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:]
