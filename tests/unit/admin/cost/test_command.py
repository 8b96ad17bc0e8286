"""What the command ``cost`` prints, and what it refuses."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.unit.admin.cost.conftest import Cost

ROOT = Path(__file__).resolve().parents[4]
SMALL = ("--calls-per-month", "1e6", "--users", "1000")
Bill = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(("file", "idle"), [("Pulumi.dev.yaml", "5.80"), ("Pulumi.prod.yaml", "27.60")])
def test_an_idle_stack_costs_what_the_documents_say(file: str, idle: str, bill: Bill) -> None:
    assert bill("--calls-per-month", "0", "--config", str(ROOT / file))["total"] == idle
    page = (ROOT / "docs" / "idle-cost.md").read_text()
    assert f"**{idle} or " in page


def test_users_who_sign_in_add_a_secret(bill: Bill) -> None:
    upstream = 'upstream={"issuer": "https://idp.example", "clientId": "x"}'
    assert bill("--calls-per-month", "0", "--set", upstream)["total"] == "6.20"


def test_the_bill_is_by_service_and_names_the_first_quota(cost: Cost) -> None:
    text = cost(*SMALL)
    assert text.startswith("USD a month in us-east-1, list prices without tax, nothing free subtracted:\n")
    services = [line.split("  ")[0] for line in text.splitlines() if line and not line.startswith((" ", "USD"))]
    assert {"API Gateway", "Lambda", "DynamoDB", "CloudFront", "CloudWatch", "Secrets Manager", "all"} <= set(services)
    assert "First to give way, with peaks of 5 times the average:\n  the stage's throttleRateLimit: " in text
    assert "Then raise:\n  throttleRateLimit and throttleBurstLimit in the configuration of the stack\n" in text


def test_the_services_add_up_to_the_sum(bill: Bill) -> None:
    found = bill(*SMALL, "--config", str(ROOT / "Pulumi.prod.yaml"), "--set", "trail=true")
    services = sum(Decimal(amount) for amount in found["services"].values())
    # Each is rounded by itself.
    assert abs(services - Decimal(found["total"])) <= Decimal("0.01") * len(found["services"])


def test_json_says_where_each_price_and_quota_comes_from(bill: Bill) -> None:
    found = bill(*SMALL)
    assert all({"url", "published", "via", "read"} <= line["source"].keys() for line in found["bill"].values())
    assert all(
        quota["url"] and quota["read"] for quota in found["quotas"] if quota["id"] not in ("stage", "registrations")
    )


def test_what_was_not_read_is_refused_with_the_place_to_read_it(refuse: Cost) -> None:
    error = refuse(*SMALL, region="ap-southeast-2")
    assert error.startswith("error: these prices were not read from AWS, so there is no bill.")
    assert "Give each with --price NAME=USD" in error
    assert "  gateway.request in ap-southeast-2: https://pricing." in error
    assert "usage type ApiGatewayRequest" in error
    # What was read is not asked for.
    assert "dynamodb" not in error


def test_a_tier_that_was_not_read_is_refused_only_by_who_reaches_it(bill: Bill, refuse: Cost) -> None:
    assert bill("--calls-per-month", "3e8", "--users", "1000", region="eu-central-1")["bill"]
    error = refuse("--calls-per-month", "4e8", "--users", "1000", region="eu-central-1")
    assert "gateway.request for more than 333,000,000 a month" in error


def test_prices_that_are_given_take_the_place_of_those_that_are_missing(bill: Bill) -> None:
    own = {
        "gateway.request": "0.000004",
        "lambda.request": "0.0000002",
        "lambda.arm64": "0.00001",
        "logs.ingestion": "0.6",
        "logs.storage": "0.03",
        "cloudwatch.alarm": "0.1",
        "cloudwatch.metric": "0.3",
    }
    given = [part for name, price in own.items() for part in ("--price", f"{name}={price}")]
    found = bill(*SMALL, *given, region="ap-southeast-2")
    assert found["bill"]["gateway.request"]["usd"] == "4.09"
    assert found["bill"]["gateway.request"]["source"] == {"via": "--price"}


def test_a_price_list_of_ones_own_is_read(bill: Bill, tmp_path: Path) -> None:
    own = (ROOT / "admin" / "cost" / "prices.json").read_text().replace('"0.0000035"', '"0.0000070"')
    (tmp_path / "own.json").write_text(own)
    there = ("--prices", str(tmp_path / "own.json"))
    found, usual = (Decimal(bill(*SMALL, *more)["bill"]["gateway.request"]["usd"]) for more in (there, ()))
    assert abs(found - 2 * usual) <= Decimal("0.01")


def test_what_an_account_gets_for_nothing_is_subtracted_on_request(bill: Bill) -> None:
    usual, less = bill(*SMALL), bill(*SMALL, "--free-tier")
    assert less["bill"]["cloudwatch.dashboard"]["usd"] == "0.00"
    assert Decimal(less["bill"]["lambda.request"]["quantity"]) == (
        Decimal(usual["bill"]["lambda.request"]["quantity"]) - 1_000_000
    )
    assert Decimal(less["total"]) < Decimal(usual["total"])


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("firewall=create", "waf.request"),
        ("kmsKey=create", "kms.request"),
        ("trail=true", "trail.event"),
        ("tracing=true", "xray.trace"),
        ("monitoring=full", "cloudwatch.composite"),
        ('provisionedConcurrency={"mcp": 2}', "lambda.provisioned.arm64"),
        ("edge=none", "transfer.out"),
        ("architecture=x86_64", "lambda.x86_64"),
    ],
)
def test_settings_of_the_stack_are_on_the_bill(setting: str, name: str, bill: Bill) -> None:
    assert name not in bill(*SMALL)["bill"]
    assert name in bill(*SMALL, "--set", setting)["bill"]


def test_a_quieter_log_and_a_longer_life_of_tokens_cost_less(bill: Bill) -> None:
    usual = bill(*SMALL)["bill"]
    quiet = bill(*SMALL, "--set", "logLevel=WARNING")["bill"]
    assert Decimal(quiet["logs.ingestion"]["quantity"]) < Decimal(usual["logs.ingestion"]["quantity"])
    long = bill(*SMALL, "--set", "accessTokenLifetimeSeconds=7200")["activities"]
    assert Decimal(long["refresh"]) < Decimal(bill(*SMALL)["activities"]["refresh"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "give --calls-per-month"),
        (("--calls-per-month", "many"), "must be a number, such as 1000000 or 1e6"),
        (("--calls-per-month", "-1"), "must not be negative"),
        (("--calls-per-month", "NaN"), "must not be negative"),
        (("--calls-per-month", "10"), "calls need --users"),
        (("--calls-per-month", "10", "--users", "1", "--machine-calls", "11"), "cannot be more"),
        (("--calls-per-month", "10", "--users", "1", "--machine-calls", "1"), "need --machines"),
        (("--calls-per-month", "10", "--users", "1", "--task-percent", "101"), "must be from 0 to 100"),
        (("--calls-per-month", "10", "--users", "1", "--active-hours", "731"), "no more than 730"),
        (("--calls-per-month", "10", "--users", "1", "--peak", "0.5"), "at least 1"),
        (("--calls-per-month", "10", "--users", "1", "--active-hours", "0"), "more than 0"),
        ((*SMALL, "--set", "memorySize"), "--set takes KEY=VALUE"),
        ((*SMALL, "--set", "memory=1"), "there is no setting memory"),
        ((*SMALL, "--set", "memorySize=1"), "memorySize has a value that the configuration does not allow"),
        ((*SMALL, "--config", "nowhere.yaml"), "cannot read nowhere.yaml"),
        ((*SMALL, "--config", "README.md"), "cannot read README.md"),
        ((*SMALL, "--config", "Pulumi.yaml"), "has no config"),
        ((*SMALL, "--price", "gateway.request"), "--price takes NAME=USD"),
        ((*SMALL, "--price", "gateway.request=-1"), "a price is not negative"),
        ((*SMALL, "--price", "gateway=1"), "there is no price gateway"),
        ((*SMALL, "--prices", "Pulumi.yaml"), "is no price list"),
        ((*SMALL, "--plot", "nowhere/plot.svg"), "cannot write nowhere/plot.svg"),
        (("--calls-per-month", "0", "--plot", "plot.svg"), "--plot scales the workload"),
    ],
)
def test_bad_input_gets_a_reason(arguments: tuple[str, ...], reason: str, refuse: Cost) -> None:
    assert reason in refuse(*arguments)


def test_without_a_region_there_are_no_prices(refuse: Cost) -> None:
    assert "prices depend on the region" in refuse(*SMALL, region=None)


def test_the_region_of_the_file_counts_unless_another_is_named(refuse: Cost, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.far.yaml"
    file.write_text("config:\n  aws:region: mars-north-1\n  other:memorySize: 1024\n")
    assert "mars-north-1" in refuse(*SMALL, "--config", str(file), region=None)
    assert "mars-north-2" in refuse(*SMALL, "--config", str(file), region="mars-north-2")


@pytest.mark.parametrize(
    ("page", "sentence", "arguments", "names", "least", "most"),
    [
        (
            "docs/release.md",
            "about 4.40 USD a month with 512 MB on arm64",
            ("--calls-per-month", "0", "--set", 'provisionedConcurrency={"mcp": 1}'),
            ("lambda.provisioned.arm64",),
            "4.35",
            "4.45",
        ),
        (
            "docs/evidence.md",
            "So a million calls add 1 to 3 USD.",
            (*SMALL, "--set", "trail=true"),
            ("trail.event",),
            "1.00",
            "3.00",
        ),
        (
            "schemas/stack-config.json",
            "It costs about 5 USD a month more, and 7 with requests.",
            (*SMALL, "--set", "monitoring=full"),
            ("cloudwatch.alarm", "cloudwatch.composite", "cloudwatch.metric"),
            "9.00",
            "9.40",
        ),
        (
            "README.md",
            "$3.00 for the dashboard, $2.40 for alarms, $0.40 per secret",
            ("--calls-per-month", "0"),
            ("cloudwatch.dashboard", "cloudwatch.alarm", "secrets.secret"),
            "5.80",
            "5.80",
        ),
    ],
)
def test_what_other_pages_say_about_money_is_what_the_command_says(
    page: str, sentence: str, arguments: tuple[str, ...], names: tuple[str, ...], least: str, most: str, bill: Bill
) -> None:
    assert sentence in (ROOT / page).read_text()
    found = bill(*arguments)["bill"]
    assert Decimal(least) <= sum(Decimal(found[name]["usd"]) for name in names) <= Decimal(most)
