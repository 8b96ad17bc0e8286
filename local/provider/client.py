"""Starts the stack's own identity provider, registers the stack there, and stores its client secret."""

import json

import urllib3

from local import program
from local.aws import Aws
from local.errors import LocalError
from local.processes import is_running, stop
from local.provider.user import PASSWORD, USER
from local.report import say
from local.servers import PROVIDER, bind_socket, start_provider
from local.state import Client, State

CREATED = 201


def ensure_provider(state: State, config: dict[str, str]) -> dict[str, str]:
    """Start the stack's own identity provider unless it runs, and return the configuration with it.

    If ``config`` has an ``upstream``, stop the own provider and return ``config`` unchanged. Raise LocalError.
    """
    key = f"{program.project_name()}:upstream"
    if any(each == key or each.startswith(f"{key}.") for each in config):
        _stop_provider(state)
        return config
    redirect_uri = f"{program.public_url(config)}/callback"
    if PROVIDER not in state.processes or not is_running(state.processes[PROVIDER]):
        say("Starting the identity provider")
        with bind_socket(0) as listener:
            state.processes[PROVIDER] = start_provider(state.directory, listener)
            # Save at once, so that a failure from here on can stop it.
            state.save()
            state.client = _register_client(f"http://localhost:{listener.getsockname()[1]}", redirect_uri)
    elif state.client and state.client.redirect_uri != redirect_uri:
        state.client = _register_client(state.client.issuer, redirect_uri)
    state.save()
    client = state.client
    return config | ({key: json.dumps({"issuer": client.issuer, "clientId": client.client_id})} if client else {})


def store_client_secret(state: State) -> None:
    """Store the client secret, like ``python -m admin set-upstream-secret``."""
    if state.client:
        secret = {"SecretId": state.outputs["upstream_secret_name"]}
        client = Aws(state.emulator_port, state.region).client("secretsmanager")
        client.put_secret_value(**secret, SecretString=state.client.client_secret)


def credentials(state: State) -> str | None:
    """Return the user name and password, or ``None`` if the stack has no identity provider of its own."""
    return f"{USER} / {PASSWORD}" if state.client else None


def _stop_provider(state: State) -> None:
    if PROVIDER in state.processes:
        stop(state.processes.pop(PROVIDER))
    state.client = None
    state.save()


def _register_client(issuer: str, redirect_uri: str) -> Client:
    """Register the stack at the provider (RFC 7591). Raise LocalError if the provider refuses."""
    answer = urllib3.request("POST", f"{issuer}/oauth2/clients", json={"redirect_uris": [redirect_uri]}, retries=False)
    if answer.status != CREATED:
        raise LocalError(f"the identity provider refuses {redirect_uri}: {answer.data.decode(errors='replace')}")
    registered = answer.json()
    return Client(issuer, registered["client_id"], registered["client_secret"], redirect_uri)
