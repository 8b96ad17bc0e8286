"""The stack's own identity provider: started, told of the stack, and its client secret handed over to the functions."""

import json

import urllib3

from local import program
from local.aws import Aws
from local.errors import LocalError
from local.processes import is_running, stop
from local.provider.user import PASSWORD, USER
from local.report import say
from local.servers import PROVIDER, bound_socket, start_provider
from local.state import Client, State

CREATED = 201


def provide(state: State, config: dict[str, str]) -> dict[str, str]:
    """The configuration with the stack's own identity provider in it, which is started unless it runs already.

    Where ``config`` has an ``upstream``, that one counts, and the stack needs none of its own. Raises LocalError.
    """
    key = f"{program.project_name()}:upstream"
    if key in config:
        _stop(state)
        return config
    redirect_uri = f"{program.setting(config, 'publicUrl')}/callback"
    if PROVIDER not in state.processes or not is_running(state.processes[PROVIDER]):
        say("Starting the identity provider")
        with bound_socket(0) as listener:
            state.processes[PROVIDER] = start_provider(state.directory, listener)
            # At once, so that it is known of when something goes wrong from here on.
            state.save()
            state.client = _registered(f"http://localhost:{listener.getsockname()[1]}", redirect_uri)
    elif state.client and state.client.redirect_uri != redirect_uri:
        state.client = _registered(state.client.issuer, redirect_uri)
    state.save()
    client = state.client
    return config | ({key: json.dumps({"issuer": client.issuer, "clientId": client.client_id})} if client else {})


def hand_over_secret(state: State) -> None:
    """Do what an operator does with ``python -m admin set-upstream-secret``."""
    if state.client:
        secret = {"SecretId": state.outputs["upstream_secret_name"]}
        client = Aws(state.emulator_port, state.region).client("secretsmanager")
        client.put_secret_value(**secret, SecretString=state.client.client_secret)


def invitation(state: State) -> str | None:
    """Who can log in, ``None`` where the stack has no provider of its own."""
    return f"{USER} / {PASSWORD}" if state.client else None


def _stop(state: State) -> None:
    if PROVIDER in state.processes:
        stop(state.processes.pop(PROVIDER))
    state.client = None
    state.save()


def _registered(issuer: str, redirect_uri: str) -> Client:
    """Register the stack at the provider (RFC 7591)."""
    answer = urllib3.request("POST", f"{issuer}/oauth2/clients", json={"redirect_uris": [redirect_uri]}, retries=False)
    if answer.status != CREATED:
        raise LocalError(f"the identity provider does not take {redirect_uri}: {answer.data.decode(errors='replace')}")
    registered = answer.json()
    return Client(issuer, registered["client_id"], registered["client_secret"], redirect_uri)
