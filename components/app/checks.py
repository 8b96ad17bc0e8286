"""What is wrong with how a stack configures its app."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from components.app.file import find_needs_file, read_schema
from components.app.settings import wrong_settings


def wrong_app_needs(values: Mapping[str, Any], project: Path) -> Iterator[str]:
    """Report a needs file that does not exist, and settings that the schema beside it does not allow."""
    file = find_needs_file(values["appNeeds"], values["appDirectory"], project)
    if file is None:
        return
    if not file.is_file():
        yield f"appNeeds is {json.dumps(values['appNeeds'])}; allowed: the path of a file, or none; there is no {file}"
        return
    schema = read_schema(file)
    if schema is not None:
        yield from wrong_settings(values["appConfig"], schema)
