"""Settings: environment variables and secrets as the members of a class."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from runtime.authoring import (
    Context,
    DefinitionError,
    Secret,
    SettingError,
    Settings,
    completion,
    prompt,
    read_settings,
    resource,
    tool,
)
from runtime.authoring.secrets import SecretUnavailable, SettingMissing, Source, use_source

ENVIRONMENT: dict[str, str] = {}
SECRETS: dict[str, str] = {}


def read(name: str) -> str:
    if name not in SECRETS:
        raise SettingMissing(f"the secret {name} has no value")
    return SECRETS[name]


@pytest.fixture(autouse=True)
def source() -> Iterator[Source]:
    ENVIRONMENT.clear()
    SECRETS.clear()
    source = Source(ENVIRONMENT, read)
    use_source(source)
    yield source
    use_source(None)


class Login(msgspec.Struct):
    """What a secret of a database holds."""

    username: str
    password: str


class Size(Enum):
    SMALL = "small"


class Tickets(Settings):
    """All that these tests set."""

    tickets_url: str
    page_size: Annotated[int, msgspec.Meta(ge=1)] = 50
    verbose: bool = False
    size: Size = Size.SMALL
    mode: Literal["fast", "slow"] = "fast"
    wait: timedelta = timedelta(seconds=1)
    teams: list[str] = dataclasses.field(default_factory=list)
    limits: dict[str, int] | None = None
    tickets_token: Secret[str]
    database: Secret[Login] | None = None
    second_token: Secret[str | None] = None


def test_members_come_from_variables_and_secrets_in_their_types() -> None:
    ENVIRONMENT.update({"TICKETS_URL": "https://a.example", "PAGE_SIZE": "7", "VERBOSE": "true", "MODE": "slow"})
    ENVIRONMENT.update({"WAIT": "PT5S", "TEAMS": '["ops"]', "LIMITS": '{"ops": 3}', "SIZE": "small"})
    SECRETS.update({"TICKETS_TOKEN": "12345", "DATABASE": '{"username": "u", "password": "p"}', "SECOND_TOKEN": "null"})
    assert read_settings(Tickets) == Tickets(
        tickets_url="https://a.example",
        page_size=7,
        verbose=True,
        mode="slow",
        wait=timedelta(seconds=5),
        teams=["ops"],
        limits={"ops": 3},
        tickets_token="12345",
        database=Login("u", "p"),
        second_token="null",
    )


def test_what_is_missing_or_empty_has_its_default_or_is_named_all_at_once() -> None:
    ENVIRONMENT.update({"TICKETS_URL": "", "PAGE_SIZE": "", "TEAMS": ""})
    with pytest.raises(SettingError) as caught:
        read_settings(Tickets)
    assert str(caught.value).split("; ") == [
        "the environment variable TICKETS_URL is empty",
        'an operator sets it in needs.py: needs.environment("TICKETS_URL", ...)',
        "the secret TICKETS_TOKEN has no value",
    ]
    ENVIRONMENT["TICKETS_URL"], SECRETS["TICKETS_TOKEN"] = "url", "token"
    assert read_settings(Tickets) == Tickets(tickets_url="url", tickets_token="token")


def test_a_secret_that_cannot_be_read_now_is_an_error_even_if_it_is_optional() -> None:
    ENVIRONMENT["TICKETS_URL"] = "url"

    def fail(name: str) -> str:
        raise SecretUnavailable(f"the secret {name} cannot be read now")

    use_source(Source(ENVIRONMENT, fail))
    with pytest.raises(SettingError, match="DATABASE cannot be read now"):
        read_settings(Tickets)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PAGE_SIZE", "hunter2", "the environment variable PAGE_SIZE is not of the type"),
        ("PAGE_SIZE", "0", "Expected `int` >= 1"),
        ("MODE", "hunter2", "the environment variable MODE is not of the type"),
        ("TEAMS", '["hunter2", 1]', "Expected `str`, got `int`"),
        ("DATABASE", '{"username": "hunter2"}', "Object missing required field `password`"),
        ("DATABASE", "hunter2", "the secret DATABASE is not of the type"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_and_never_shown(name: str, value: str, said: str) -> None:
    ENVIRONMENT["TICKETS_URL"], SECRETS["TICKETS_TOKEN"] = "url", "token"
    (SECRETS if name == "DATABASE" else ENVIRONMENT)[name] = value
    with pytest.raises(SettingError, match=said) as caught:
        read_settings(Tickets)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_settings_print_themselves_without_their_secrets() -> None:
    settings = Tickets(tickets_url="url", tickets_token="hush", database=Login("root", "hush"))
    assert "tickets_url='url'" in repr(settings)
    assert "tickets_token=***" in f"{settings}"
    assert "hush" not in f"{settings} {settings!r}"
    assert "root" not in repr(settings)


def test_settings_do_not_change() -> None:
    settings: Any = Tickets(tickets_url="url", tickets_token="hush")
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.page_size = 3


@tool
def count(team: str, settings: Tickets, context: Context) -> str:
    """Count."""
    return f"{team} {settings.page_size} {context.subject}"


@tool(input_schema={"type": "object"})
def anything(settings: Tickets, **arguments: Any) -> str:
    """Take anything."""
    return f"{settings.page_size} {sorted(arguments)}"


@prompt
def review(language: str, settings: Tickets) -> str:
    """Review."""
    return f"{language} {settings.page_size}"


@resource("tickets://all")
def everything(settings: Tickets) -> str:
    """All."""
    return str(settings.page_size)


@completion(review, "language")
def languages(value: str, settings: Tickets) -> list[str]:
    """Complete."""
    return [f"{value}{settings.page_size}"]


@pytest.fixture
def context() -> Context:
    return Context(client_id="c", subject="s", scopes=frozenset(), request_id="r", protocol_version="2026-07-28")


def test_clients_see_no_settings(context: Context) -> None:
    assert list(count.input_schema["properties"]) == ["team"]
    assert count.input_schema["required"] == ["team"]
    assert [argument["name"] for argument in review.listing["arguments"]] == ["language"]


def test_every_kind_of_function_gets_its_settings(context: Context) -> None:
    ENVIRONMENT["TICKETS_URL"], SECRETS["TICKETS_TOKEN"] = "url", "token"
    assert count.run(count.bind({"team": "ops"}, context)) == "ops 50 s"
    assert review.messages({"language": "C"}, context)[0]["content"]["text"] == "C 50"
    assert everything.read({}, context) == "50"
    assert languages.suggest("C", {}, context) == ["C50"]


def test_a_caller_cannot_set_them_even_where_a_tool_takes_anything(context: Context) -> None:
    ENVIRONMENT["TICKETS_URL"], SECRETS["TICKETS_TOKEN"] = "url", "token"
    bound = anything.bind({"settings": {"page_size": 1}, "other": 2}, context)
    assert anything.run(bound) == "50 ['other']"


def test_settings_are_for_a_parameter_of_their_class_alone() -> None:
    """A caller could send anything else."""

    def optional(settings: Tickets | None = None) -> str:
        """Take settings, or not."""
        return str(settings)

    with pytest.raises(DefinitionError, match="annotated with the class of settings alone"):
        tool(optional)


def test_a_member_of_a_type_that_no_text_becomes_is_an_error_when_the_tool_is_defined() -> None:
    class Wrong(Settings):
        client: Context

    def function(settings: Wrong) -> str:
        """Use it."""
        return str(settings)

    with pytest.raises(DefinitionError, match="test_settings"):
        tool(function)
