"""Popular libraries work from the archive of a function that uses them, with nothing else to import from."""

import json
from pathlib import Path

import pytest

from tests.infra.packaging.archives import on_linux, run
from tests.infra.packaging.libraries import LIBRARIES, archives

pytestmark = pytest.mark.proof


@pytest.fixture(scope="session")
def library_archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return archives(tmp_path_factory.mktemp("libraries"))


@on_linux
@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_works_from_the_archive_alone(name: str, library_archives: dict[str, Path], tmp_path: Path) -> None:
    code = f"import json; from uses_{name} import use; print(json.dumps(use()))"
    done = run(library_archives[name], code, tmp_path / "task")
    assert (done.stderr, done.returncode) == ("", 0)
    assert json.loads(done.stdout) == LIBRARIES[name].expected
