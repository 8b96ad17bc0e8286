"""The house rules that a reader relies on: imports point one way, routes and schemas belong together."""

import ast
import json
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from runtime.mcp.methods import METHODS
from runtime.routes import ROUTES

ROOT = Path(__file__).resolve().parents[3]
OURS = {"admin", "components", "openapi", "runtime", "local", "tests"}
# Who may be imported by whom; a package may always import itself.
PURE = (
    "audit",
    "deployment",
    "lambda_names",
    "logo",
    "prefixes",
    "redaction",
    "routes",
    "scopes",
    "settings",
    "version",
)
ALLOWED: dict[str, set[str]] = {
    **{f"runtime/{name}.py": set() for name in PURE},
    "runtime/environment.py": {"runtime.settings"},
    "__main__.py": {"components.server.plugin"},
    "program.py": {"components.server"},
    "components": {"runtime.deployment", "runtime.logo", "runtime.prefixes", "runtime.routes", "runtime.scopes"}
    | {"openapi", "runtime.lambda_names", "runtime.openapi.table", "runtime.version"},
    "openapi": {
        "runtime.authoring.schema_check",
        "runtime.openapi.selection",
        "runtime.openapi.table",
        "runtime.version",
    },
    "runtime/openapi": {
        "runtime.authoring",
        "runtime.deployment",
        "runtime.outbound",
        "runtime.redaction",
        "runtime.storage.request_signing",
        "runtime.validation",
    }
    | {"runtime.version"},
    "runtime/http": {"runtime.audit", "runtime.redaction", "runtime.routes", "runtime.scopes", "runtime.version"},
    "runtime/validation": set(),
    "runtime/records": set(),
    "runtime/outbound": set(),
    "runtime/storage": {"runtime.audit", "runtime.deployment", "runtime.prefixes", "runtime.records"},
    "runtime/tokens": {"runtime.audit", "runtime.deployment", "runtime.http", "runtime.records", "runtime.scopes"}
    | {"runtime.settings"},
    "runtime/authoring": {"runtime.deployment", "runtime.lambda_names", "runtime.validation", "runtime.version"},
    "runtime/mcp": {
        "runtime.authoring",
        "runtime.deployment",
        "runtime.http",
        "runtime.logo",
        "runtime.redaction",
        "runtime.settings",
        "runtime.tokens.signer",
    }
    | {"runtime.records.errors", "runtime.records.invocation", "runtime.records.mcp", "runtime.validation"},
    "runtime/oauth": {"runtime.audit", "runtime.http", "runtime.scopes", "runtime.settings", "runtime.tokens"}
    | {"runtime.outbound"}
    | {"runtime.records.errors", "runtime.records.oauth", "runtime.validation"},
    "runtime/login": {
        "runtime.audit",
        "runtime.http",
        "runtime.logo",
        "runtime.oauth",
        "runtime.scopes",
        "runtime.settings",
    }
    | {"runtime.records", "runtime.tokens", "runtime.validation"},
    "admin": {"runtime.audit", "runtime.http.loopback", "runtime.oauth.credentials", "runtime.oauth.pkce"}
    | {"runtime.deployment", "runtime.prefixes", "runtime.records", "runtime.scopes", "runtime.storage"}
    | {"runtime.tokens.key_ring", "runtime.version"},
    "runtime/testing": {
        "runtime.authoring",
        "runtime.http.dispatch",
        "runtime.mcp",
        "runtime.records.mcp",
        "runtime.redaction",
        "runtime.settings",
    },
    "tests/conformance/app": {"runtime.authoring"},
}


def _sources() -> Iterator[tuple[str, Path]]:
    for place in ALLOWED:
        path = ROOT / place
        yield from ((place, source) for source in ([path] if path.is_file() else sorted(path.rglob("*.py"))))


def _imports(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("place", "source"), list(_sources()), ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_imports_point_one_way(place: str, source: Path) -> None:
    own = place.removesuffix(".py").replace("/", ".")
    allowed = ALLOWED[place] | {own}
    ours = {name for name in _imports(source) if name.split(".")[0] in OURS}
    wrong = {name for name in ours if not any(name == ok or name.startswith(f"{ok}.") for ok in allowed)}
    assert not wrong


def test_no_module_imports_itself_by_way_of_others() -> None:
    files = [
        source
        for folder in ("components", "openapi", "runtime", "local", "admin")
        for source in (ROOT / folder).rglob("*.py")
    ]
    modules = {".".join(source.relative_to(ROOT).with_suffix("").parts): source for source in files}
    graph = {
        module: {name for found in _imports(source) for name in (found, found.rpartition(".")[0]) if name in modules}
        for module, source in modules.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(modules)


def test_only_storage_knows_boto3_and_nothing_in_the_runtime_knows_pulumi() -> None:
    for source in (ROOT / "runtime").rglob("*.py"):
        third_party = {name.split(".")[0] for name in _imports(source)}
        assert "pulumi" not in third_party, source
        # What runtime/app holds is its owner's: a tool may use any service.
        assert {"storage", "app"} & set(source.parts) or not {"boto3", "botocore"} & third_party, source


def test_the_rules_know_neither_pulumi_nor_this_product() -> None:
    """They are for any stack, and for a test that has no engine."""
    allowed = sys.stdlib_module_names | {"aws_rules"}
    for source in (ROOT / "policy" / "aws_rules").rglob("*.py"):
        assert {name.split(".")[0] for name in _imports(source)} <= allowed, source
    wrapping = {name.split(".")[0] for name in _imports(ROOT / "policy" / "pack.py")}
    assert wrapping <= allowed | {"pulumi_policy"}


def test_nobody_but_the_handlers_imports_from_among_the_handlers() -> None:
    for folder in ("runtime", "components", "local", "openapi"):
        for source in (ROOT / folder).rglob("*.py"):
            if source.parent.name == "handlers":
                continue
            assert not {name for name in _imports(source) if name.startswith("runtime.handlers")}, source


def test_every_entry_point_is_short() -> None:
    sources = [(source, source.read_text()) for source in (ROOT / "runtime" / "handlers").glob("*.py")]
    for source in [source for source, text in sources if "def handler(" in text]:
        assert len(source.read_text().splitlines()) <= 40, source


def test_every_schema_is_valid_and_belongs_to_a_route_and_every_route_to_a_schema() -> None:
    files = {
        path.relative_to(ROOT / "schemas").with_suffix("").as_posix()
        for path in (ROOT / "schemas").rglob("*.json")
        # From this, Pulumi makes packages for other languages. It is no JSON Schema.
        if path.name != "pulumi-package.json"
    }
    for name in files:
        Draft202012Validator.check_schema(json.loads((ROOT / "schemas" / f"{name}.json").read_text()))
    expected = {route.schema for route in ROUTES if route.schema} - {"mcp"}
    expected |= {f"mcp/{era}/{name}" for name, method in METHODS.items() for era in method.eras}
    parts = {"mcp/message", "mcp/2026-07-28/meta", "oauth/client-authentication"}
    # The configuration of a stack, what the audit log holds, what is fetched: no request has these shapes.
    others = {"stack-config", "audit-event", "oauth/client-metadata-document"}
    assert files == expected | parts | others


# Participles that do not end in -ed.
IRREGULAR = {"begun", "bound", "built", "caught", "chosen", "done", "drawn", "found", "given", "gone", "held", "hidden"}
IRREGULAR |= {"kept", "known", "left", "lost", "made", "met", "paid", "said", "seen", "sent", "shown", "taken", "told"}
IRREGULAR |= {"written"}


def _is_participle(word: str) -> bool:
    return word in IRREGULAR or (len(word) > 3 and word.endswith("ed") and not word.endswith("eed"))


def test_functions_are_named_by_verbs_or_nouns_and_participles_are_for_booleans() -> None:
    """What writes, sends or revokes says so: a participle reads like a value."""
    functions = [
        (source.name, node.name)
        for folder in ("admin", "components", "local", "openapi", "policy/aws_rules", "runtime")
        for source in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.FunctionDef) and not (isinstance(node.returns, ast.Name) and node.returns.id == "bool")
    ]
    words = [(place, name, name.strip("_").split("_")) for place, name in functions]
    participles = [(place, name) for place, name, (*_, last) in words if _is_participle(last)]
    participles += [(place, name) for place, name, (first, *rest) in words if rest and _is_participle(first)]
    assert len(participles) < len(functions) / 100, participles
