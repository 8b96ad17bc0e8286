"""The program that most tests of packaging package."""

from pathlib import Path

import pytest

from tests.infra.packaging.trees import TREE, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small program: an entry module, a package that it needs, and modules that it does not need."""
    root = tmp_path / "tree"
    for name, text in TREE.items():
        write(root, name, text)
    return root
