"""Tests of what passes the declared rules and what does not: requests of real clients, and attacks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.firewall.managed import GROUPS, Tolerance
from components.firewall.paths import tolerating
from components.firewall.rates import limits
from runtime.routes import ROUTES
from tests.infra.configuration import load
from tests.infra.firewall.evaluator import evaluate
from tests.infra.firewall.groups import DOCUMENTED, HttpRequest, matches
from tests.infra.recorder import Stack

HERE = Path(__file__).parent
# Those of the Python SDK were recorded in front of the local stack, without their credentials. The others are written
# after what the clients are known to send.
CLIENTS: list[dict[str, Any]] = json.loads((HERE / "requests.json").read_bytes())
ATTACKS: list[dict[str, Any]] = json.loads((HERE / "attacks.json").read_bytes())


def request(recorded: Mapping[str, Any], prefix: str = "") -> HttpRequest:
    return HttpRequest(
        recorded["method"],
        prefix + recorded["path"],
        recorded["query"],
        recorded["headers"],
        recorded["body"],
        lists=tuple(recorded.get("lists", ())),
    )


def name(recorded: Mapping[str, Any]) -> str:
    return f"{recorded.get('client', '')} {recorded['why']} {recorded['method']} {recorded['path']}".strip()


@pytest.mark.parametrize("recorded", CLIENTS, ids=name)
def test_a_request_of_a_real_client_passes(recorded: dict[str, Any], guarded: Stack) -> None:
    assert evaluate(guarded, request(recorded)).rule is None


@pytest.mark.parametrize("prefix", ["", "/dev"])
@pytest.mark.parametrize("recorded", CLIENTS, ids=name)
def test_it_passes_on_the_stage_too_whether_its_path_has_the_stage_or_not(
    recorded: dict[str, Any], prefix: str, bare: Stack
) -> None:
    assert evaluate(bare, request(recorded, prefix)).rule is None


def test_the_python_sdk_logs_in_without_a_user_agent_so_every_route_tolerates_that() -> None:
    found = [each for each in CLIENTS if each["why"] == "recorded" and "user-agent" not in each["headers"]]
    metadata = {"/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server"}
    assert {each["path"] for each in found} == {*metadata, "/dcr", "/token"}


def test_every_exception_is_one_that_a_recorded_request_needs_and_there_is_no_other() -> None:
    """The recorded requests would prove nothing if AWS's rules blocked none of them."""
    needed = {
        rule
        for recorded in CLIENTS
        for group in DOCUMENTED.values()
        for rule in group["rules"]
        if matches(rule, request(recorded))
    }
    assert needed == {rule.name for group in GROUPS for rule in group.rules if rule.tolerance is not Tolerance.NOWHERE}


@pytest.mark.parametrize("attack", ATTACKS, ids=name)
def test_an_attack_is_blocked_with_json_that_every_page_can_read(attack: dict[str, Any], guarded: Stack) -> None:
    verdict = evaluate(guarded, request(attack))
    assert (verdict.rule, verdict.status) == (attack["blocked_by"], 403)
    assert verdict.body == {"error": "access_denied", "error_description": "The request was refused by a firewall."}
    assert verdict.headers is not None
    assert verdict.headers["Access-Control-Allow-Origin"] == "*"
    assert "WWW-Authenticate" not in verdict.headers


@pytest.mark.parametrize("attack", ATTACKS, ids=name)
def test_an_attack_is_blocked_on_the_stage_too(attack: dict[str, Any], bare: Stack) -> None:
    for prefix in ("", "/dev"):
        blocked = evaluate(bare, replace(request(attack, prefix), address="192.0.2.1"))
        assert (blocked.rule, blocked.status) == (attack["blocked_by"], 403)


def test_an_attack_that_triggers_several_rules_has_the_labels_of_all(guarded: Stack) -> None:
    """So none of them hides another: the group as a whole would stop at the first one."""
    request = HttpRequest("GET", "/authorize", "state=<script>", {"cookie": "a=<script>"})
    verdict = evaluate(guarded, request)
    found = {label.rpartition(":")[2] for label in verdict.labels}
    assert found == {"NoUserAgent_Header", "CrossSiteScripting_QueryArguments", "CrossSiteScripting_Cookie"}
    assert verdict.rule == "attack-nowhere"


LIMITS = dict(limits(load(), ROUTES))


def test_the_limited_endpoints_are_those_that_store_something_or_check_a_secret_for_anybody() -> None:
    assert LIMITS == {"/dcr": 10_000, "/token": 3000, "/authorize": 300, "/par": 3000}


@pytest.mark.parametrize("path", LIMITS)
def test_beyond_its_limit_an_address_is_told_when_to_try_again(path: str, guarded: Stack) -> None:
    flood = HttpRequest("POST", path, headers={"user-agent": "x"})
    assert evaluate(guarded, flood, {path: LIMITS[path] - 1}).rule is None
    verdict = evaluate(guarded, flood, {path: LIMITS[path]})
    assert (verdict.rule, verdict.status) == (f"rate-{path[1:]}", 429)
    assert verdict.headers is not None
    assert verdict.headers["Retry-After"] == "60"
    assert "Retry-After" in verdict.headers["Access-Control-Expose-Headers"]
    assert verdict.body is not None
    assert verdict.body["error"] == "temporarily_unavailable"


@pytest.mark.parametrize("limited", LIMITS)
def test_a_limit_counts_its_own_path_only(limited: str, guarded: Stack) -> None:
    for route in ROUTES:
        if route.path != limited:
            path = route.path.replace("{clientId}", "0123")
            verdict = evaluate(guarded, HttpRequest("POST", path, headers={"user-agent": "x"}), {path: 10**9})
            assert verdict.rule != f"rate-{limited[1:]}"


@pytest.mark.parametrize("path", ["/%64cr", "/dcr/", "//dcr", "/x/../dcr", "/x/%2e%2e/dcr"])
def test_a_limit_counts_its_path_however_it_is_written(path: str, guarded: Stack) -> None:
    verdict = evaluate(guarded, HttpRequest("POST", path, headers={"user-agent": "x"}), {path: 10_000})
    assert verdict.rule == "rate-dcr"


def test_a_limit_is_never_below_what_the_functions_allow() -> None:
    allowed = {"registrationsPerHour": "20000", "authorizationsPerMinute": "5000"}
    assert dict(limits(load(allowed), ROUTES)) == {"/dcr": 20_000, "/token": 3000, "/authorize": 25_000, "/par": 25_000}
    assert dict(limits(load({"registrationsPerHour": "1"}), ROUTES))["/dcr"] == 10
    assert dict(limits(load({"authorizationsPerMinute": "1000000000"}), ROUTES))["/par"] == 2_000_000_000


def test_the_paths_with_free_text_come_from_the_route_table() -> None:
    paths = {"/mcp", "/dcr", "/clients/{clientId}", "/authorize", "/par", "/consent", "/callback", "/token"}
    assert set(tolerating(Tolerance.FREE_TEXT, ROUTES)) == paths
    assert tolerating(Tolerance.TOOLS, ROUTES) == ["/mcp"]
    assert set(tolerating(Tolerance.ROUTES, ROUTES)) == {route.path for route in ROUTES}
