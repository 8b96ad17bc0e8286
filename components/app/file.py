"""Where the needs file of an app is, and the schema beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from components.app.errors import NeedsError, shown

NONE = "none"
NAME = "needs.py"
SCHEMA = "needs.schema.json"


def find_needs_file(named: str | None, app: str | None, project: Path) -> Path | None:
    """Return the needs file that ``appNeeds`` names, or the one at its usual place, if it is there.

    That is beside the file of the ``project``, or, with ``appDirectory``, in the folder that holds that directory,
    ``app``. Paths are from the working directory of the program.
    """
    if named == NONE:
        return None
    if named is not None:
        return Path(named).resolve()
    usual = (project if app is None else Path(app).resolve().parent) / NAME
    return usual if usual.is_file() else None


def read_schema(file: Path) -> Mapping[str, Any] | None:
    """Return the schema beside a needs file, if there is one. Raise ``NeedsError`` if it is no JSON Schema."""
    path = file.with_name(SCHEMA)
    if not path.is_file():
        return None
    try:
        schema = json.loads(path.read_bytes())
        Draft202012Validator.check_schema(schema)
    except ValueError as error:
        raise NeedsError(f"{shown(path)} is no JSON: {error}") from error
    except SchemaError as error:
        raise NeedsError(f"{shown(path)}: {error.json_path} is no JSON Schema: {error.message}") from error
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        raise NeedsError(f"{shown(path)}: an object with properties is needed, one for each setting")
    return schema
