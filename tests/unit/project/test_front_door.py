"""An owner's tools, libraries and permissions: the shipped tests test the product, and stay green."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
PERMISSION = """
            allow=[
                Statement(actions=["s3:ListBucket"], resources=["arn:aws:s3:::reports"]),
                base.store.allow(["GetItem", "PutItem"], TASKS),
                *base.store.allow_decrypting,
            ],
"""
TESTS = (
    "unit/project/test_structure.py",
    "unit/authoring",
    "infra/test_permissions.py",
    "infra/test_table_prefixes.py",
)


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    """A copy of the project whose tools, requirements and permissions are an owner's."""
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
    functions = tmp_path / "components" / "functions.py"
    shipped = '            allow=[base.store.allow(["GetItem", "PutItem"], TASKS), *base.store.allow_decrypting],\n'
    assert shipped in functions.read_text()
    functions.write_text(functions.read_text().replace(shipped, PERMISSION.lstrip("\n")))
    return tmp_path


@pytest.mark.proof
def test_an_owners_tools_libraries_and_permissions_turn_no_shipped_test_red(owned: Path) -> None:
    quick = ["--quiet", "-m", "not slow and not proof"]
    command = [sys.executable, "-m", "pytest", *quick, *(f"tests/{test}" for test in TESTS)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=owned, capture_output=True, text=True, env=environment, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:]
