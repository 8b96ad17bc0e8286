"""Removes test modules of libraries that no other file refers to."""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from components.packaging.wheel import File

TEST_FOLDERS = {"test", "tests"}
TEST_MODULE = re.compile(rb"test_\w+")


def without_tests(files: Mapping[str, File]) -> dict[str, File]:
    """Return ``files`` without the test modules of libraries that no other file of the archive names.

    A test module is a ``test_*.py`` below a folder of tests. The rest of its folder stays, because libraries import
    helpers and read data from there. A test module stays too if its name occurs in any other file: in an import, a text
    or a compiled module.
    """
    tests = defaultdict(set)
    for name, file in files.items():
        if file.owner and _is_test_module(name):
            tests[PurePosixPath(name).stem.encode()].add(name)
    unread = files.keys() - {name for names in tests.values() for name in names}
    while unread:
        named = {word for name in unread if not _lists_files(name) for word in TEST_MODULE.findall(files[name].content)}
        unread = {name for word in named for name in tests.pop(word, ())}
    unused = {name for names in tests.values() for name in names}
    return {name: file for name, file in files.items() if name not in unused}


def _is_test_module(name: str) -> bool:
    path = PurePosixPath(name)
    return path.match("test_*.py") and not TEST_FOLDERS.isdisjoint(path.parts[:-1])


def _lists_files(name: str) -> bool:
    """Return whether a file is the list of all files of a wheel. A name there is no reference."""
    path = PurePosixPath(name)
    return path.name == "RECORD" and path.parent.suffix == ".dist-info"
