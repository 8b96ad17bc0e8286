"""Tests that an archive that is too large for Lambda is refused when it is built."""

import os
from pathlib import Path

import pulumi
import pytest

from components.packaging import limits
from components.packaging.archive import Packager
from tests.infra.packaging.archives import HERE
from tests.infra.packaging.trees import pin_installed
from tests.infra.recorder import PROJECT


def build(root: Path, **files: bytes) -> Path:
    own = root / "tree" / "own"
    own.mkdir(parents=True)
    (own / "__init__.py").write_text("import jsonschema\n")
    for name, content in files.items():
        (own / name).write_bytes(content)
    pin_installed(root / "tree")
    return Packager(root / "tree", HERE, PROJECT / ".build").build("own")


@pytest.mark.slow
def test_more_than_lambda_takes_in_one_upload_is_refused(tmp_path: Path) -> None:
    """AWS Lambda quotas: 50 MB zipped, for a direct upload."""
    with pytest.raises(pulumi.RunError) as refused:
        build(tmp_path, noise=os.urandom(51 * 1024 * 1024))
    message = str(refused.value)
    assert message.startswith("The archive of own has 5")
    assert "Lambda allows at most 50.0 MB. Its largest parts: your own files (51.0 MB), rpds-py" in message


@pytest.mark.slow
def test_more_than_lambda_unpacks_is_refused(tmp_path: Path) -> None:
    """AWS Lambda quotas: 250 MB unzipped."""
    with pytest.raises(pulumi.RunError) as refused:
        build(tmp_path, zeros=bytes(250 * 1024 * 1024))
    message = str(refused.value)
    assert message.startswith("The archive of own, unzipped, has 25")
    assert "Lambda allows at most 250.0 MB. Its largest parts: your own files (250.0 MB), rpds-py" in message


def test_a_library_is_named_with_its_version_and_its_compiled_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNZIPPED_BYTES", 1024)
    with pytest.raises(pulumi.RunError, match=r"unzipped.*Its largest parts: .*jsonschema==4\.26\.0 \(0\.\d MB\)"):
        build(tmp_path, note=os.urandom(8))


@pytest.mark.slow
def test_a_refused_archive_is_refused_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = os.urandom(8)
    monkeypatch.setattr(limits, "ZIPPED_BYTES", 1024)
    for attempt in ("one", "two"):
        with pytest.raises(pulumi.RunError, match="Lambda allows at most"):
            build(tmp_path / attempt, noise=noise)
