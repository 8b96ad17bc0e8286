"""The registry of grant types lists every module that declares one, and the settings of a stack select from it."""

import dataclasses
import importlib
import pkgutil

import pytest

from runtime.oauth import grants
from runtime.oauth.grants.registry import GRANT_TYPES, MACHINE_NAMES, NAMES, available_grant_types
from runtime.settings import OAuthSettings


def test_every_grant_type_that_a_module_declares_is_registered_once() -> None:
    modules = [
        importlib.import_module(f"{grants.__name__}.{each.name}") for each in pkgutil.iter_modules(grants.__path__)
    ]
    declared = {module.GRANT_TYPE for module in modules if hasattr(module, "GRANT_TYPE")}
    assert declared == set(GRANT_TYPES)
    assert len(set(NAMES)) == len(NAMES) == len(GRANT_TYPES)


@pytest.mark.parametrize(
    ("interactive", "machine_clients", "names"),
    [
        (False, "closed", []),
        (False, "token", ["client_credentials"]),
        (True, "closed", ["authorization_code", "refresh_token"]),
        (True, "open", ["authorization_code", "refresh_token", "client_credentials"]),
    ],
)
def test_a_stack_offers_user_grants_with_a_login_and_machine_grants_unless_they_are_closed(
    settings: OAuthSettings, interactive: bool, machine_clients: str, names: list[str]
) -> None:
    stack = dataclasses.replace(settings, interactive=interactive, machine_clients=machine_clients)
    assert [grant_type.name for grant_type in available_grant_types(stack)] == names
    assert {"client_credentials"} == MACHINE_NAMES
