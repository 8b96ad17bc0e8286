"""What an app needs is for the program: no function gets the file."""

from components.packaging.closure import closure
from components.packaging.sources import Sources
from tests.infra.recorder import PROJECT

APP = PROJECT / "examples" / "reports" / "app"


def test_a_needs_file_is_in_no_archive() -> None:
    sources = Sources(PROJECT, APP)
    needed = closure(sources, "runtime.handlers.mcp", "runtime.app")
    names = {sources.name(file).as_posix() for file in needed.files}
    assert "runtime/app/tools.py" in names
    assert all(name.startswith("runtime/") for name in names)
    assert not {found for found in needed.third_party if "pulumi" in str(found)}
