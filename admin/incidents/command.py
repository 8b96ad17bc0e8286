"""The commands, and what they print: results on standard output, everything else on standard error."""

import argparse
import time

import boto3

from admin.errors import CommandFailed
from admin.incidents.access import HEADS as ACCESS_HEADS
from admin.incidents.access import KINDS, Access, access_row
from admin.incidents.clients import HEADS as CLIENT_HEADS
from admin.incidents.clients import client_row, describe_client, is_current
from admin.incidents.keys import rotate_key
from admin.incidents.moments import read_moment, server_time
from admin.incidents.offboarding import WITH_EMAIL, Offboarding, find_by_email
from admin.incidents.scan import Scan
from admin.incidents.user_data import Who
from admin.operation import confirm, perform
from admin.text import as_text, moment, write_json, write_line, write_note, write_table
from runtime.audit import AuditEvent
from runtime.prefixes import CLIENTS, GRANTS
from runtime.records.errors import AlreadyExists
from runtime.storage.clients import DynamoDBClients
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.table import DynamoDBTable, Item, key
from runtime.tokens.key_ring import KEYS_FRESH_SECONDS


def list_clients(arguments: argparse.Namespace) -> int:
    """List all clients that are registered or disabled."""
    now = time.time()
    clients = (describe_client(item) for item in _scan(arguments).items([CLIENTS]) if is_current(item, now))
    if arguments.json:
        for client in clients:
            write_json(client)
    else:
        write_table(CLIENT_HEADS, [client_row(client) for client in clients])
    return 0


def show_client(arguments: argparse.Namespace) -> int:
    """Show one client, and which users have given it access."""
    item = _find_client(arguments)
    client = describe_client(item) if item else {"client_id": arguments.client, "registered": False}
    lines = list(_read_access(arguments, client_id=arguments.client).users())
    uses = [line["last_used_at"] for line in lines] + [client.get("last_used_at") or ""]
    shown = {**client, "last_used_at": max(uses) or None, "users": lines}
    if item is None and not lines and not _is_url(arguments.client):
        raise CommandFailed("there is no such client")
    if arguments.json:
        write_json(shown)
        return 0
    for name, value in {**shown.pop("metadata", {}), **shown}.items():
        if name != "users":
            write_line(f"{name}: {as_text(value)}")
    write_table(ACCESS_HEADS, map(access_row, lines))
    return 0


def list_access(arguments: argparse.Namespace) -> int:
    """List who has access to what: users by client, and machine clients."""
    access = _read_access(arguments)
    lines = [*access.users(), *access.machines()]
    if arguments.json:
        for line in lines:
            write_json(line)
    else:
        write_table(ACCESS_HEADS, map(access_row, lines))
    return 0


def disable_client(arguments: argparse.Namespace) -> int:
    """Have a client count as deleted until it is enabled."""
    item = _find_client(arguments)
    if item is None and not _is_url(arguments.client):
        raise CommandFailed("there is no such client")
    if item is not None and "disabled_at" in item:
        write_note("The client is disabled already.")
        return 0
    confirm(arguments, f"Disable the client {arguments.client}?")
    event = AuditEvent("client_disabled", {"client_id": arguments.client})
    perform(arguments, event, lambda: _clients(arguments).disable(arguments.client))
    write_note(f"Disabled. {_lag(arguments, 'Its access tokens are denied')}")
    return 0


def enable_client(arguments: argparse.Namespace) -> int:
    """Enable a disabled client again, with everything that was issued to it and has not expired."""
    item = _find_client(arguments)
    if item is None or "disabled_at" not in item:
        raise CommandFailed("the client is not disabled, or has expired meanwhile")
    confirm(arguments, f"Enable the client {arguments.client}?")
    event = AuditEvent("client_enabled", {"client_id": arguments.client})
    perform(arguments, event, lambda: _clients(arguments).enable(arguments.client))
    write_note(f"Enabled. {_lag(arguments, 'Its access tokens are let through again')}")
    return 0


def remove_user(arguments: argparse.Namespace) -> int:
    """End one user's access everywhere, and delete what is stored about them."""
    scan = _scan(arguments)
    if arguments.email is not None:
        who = find_by_email(scan.items(WITH_EMAIL), arguments.email)
    elif arguments.identity_provider is None:
        raise CommandFailed("a subject alone is not a user: name --identity-provider, the issuer, or --stack")
    else:
        who = Who(arguments.identity_provider, arguments.subject)
    offboarding = Offboarding(DynamoDBTable(arguments.table), scan, who)
    grants = offboarding.list_grants()
    confirm(
        arguments,
        f"End the access of the user {who.subject} of {who.identity_provider} ({len(grants)} grants to "
        f"{len(set(grants.values()))} clients), and delete what is stored about them?",
    )
    facts = {"subject": who.subject, "identity_provider": who.identity_provider}
    deleted = perform(arguments, AuditEvent("user_removed").with_facts(facts), offboarding.remove)
    if not deleted:
        raise CommandFailed("there is no user with this subject; check the spelling, also that of the issuer")
    counts = ", ".join(f"{count} {kind}{'s' * (count > 1)}" for kind, count in sorted(deleted.items()))
    write_note(f"Deleted: {counts}. {_lag(arguments, 'Their access tokens are denied')}")
    return 0


def revoke_issued_before(arguments: argparse.Namespace) -> int:
    """Revoke every access token, refresh token, code and session that was issued before a moment."""
    now = server_time()
    # Times are whole seconds, so what was issued in this second counts as before.
    before = now + 1 if arguments.moment == "now" else read_moment(arguments.moment)
    if before > now + 1:
        raise CommandFailed("this moment is in the future, and what is revoked stays revoked")
    cutoff = DynamoDBCutoff(DynamoDBTable(arguments.table))
    done = cutoff.get()
    if done >= before:
        write_note(f"Everything issued before {moment(done)} is revoked already.")
        return 0
    confirm(arguments, f"Revoke everything issued before {moment(before)}? Every user has to sign in again.")
    event = AuditEvent("all_revoked", {"issued_before": moment(before)})
    perform(arguments, event, lambda: _advance(cutoff, before))
    write_note(
        f"Revoked: access tokens, refresh tokens, codes and sessions issued before {moment(before)}. "
        f"{_lag(arguments, 'Access tokens are denied')} The rest ended at once."
    )
    return 0


def rotate_signing_key(arguments: argparse.Namespace) -> int:
    """Rotate the signing key now, and once more if the key has leaked."""
    question = "Rotate the signing key"
    if arguments.twice:
        question += " twice, which ends every access token that was signed before"
    confirm(arguments, f"{question}?")
    event = AuditEvent("signing_key_rotation_started")
    secrets = boto3.client("secretsmanager")
    rounds = 2 if arguments.twice else 1
    for _ in range(rounds):
        rotation = perform(arguments, event, lambda: rotate_key(secrets, arguments.signing_key, time.sleep))
        write_note(f"The key {rotation.now} signs, and the key {rotation.before} is the previous one.")
    if arguments.twice:
        write_note(
            "No earlier key verifies any more, as soon as the functions have read the keys again: in "
            f"{KEYS_FRESH_SECONDS} seconds at most. "
            f"{_lag(arguments, 'From then on, access tokens of earlier keys are denied')} "
            "Until then a client may have to ask for a token twice."
        )
    else:
        write_note(
            "Access tokens that the previous key signed stay valid until they expire. If it leaked, use --twice."
        )
    return 0


def _lag(arguments: argparse.Namespace, what: str) -> str:
    """Return the sentence that says by when something holds: API Gateway caches the decisions of the authorizer."""
    seconds = arguments.authorizer_cache_seconds
    return f"{what} within {'authorizerCacheSeconds' if seconds is None else f'{seconds} seconds'}."


def _advance(cutoff: DynamoDBCutoff, before: int) -> None:
    try:
        cutoff.advance(before)
    except AlreadyExists as error:
        raise CommandFailed("another operator has just revoked everything up to a later moment") from error


def _read_access(arguments: argparse.Namespace, client_id: str | None = None) -> Access:
    """Return who has access, to one client or to all."""
    cutoff = DynamoDBCutoff(DynamoDBTable(arguments.table)).get()
    access = Access(arguments.identity_provider, time.time(), cutoff)
    access.collect(
        item
        for item in _scan(arguments).items(KINDS)
        if client_id is None or not item["pk"].startswith((CLIENTS, GRANTS)) or _is_of(item, client_id)
    )
    return access


def _is_of(item: Item, client_id: str) -> bool:
    return bool(item.get("client_id", item["pk"].removeprefix(CLIENTS)) == client_id)


def _find_client(arguments: argparse.Namespace) -> Item | None:
    pk = key(CLIENTS, arguments.client)
    item = DynamoDBTable(arguments.table).get(pk, "get client") if pk else None
    return item if item and is_current(item, time.time()) else None


def _is_url(client_id: str) -> bool:
    """Whether a client id is the URL of a metadata document, which nobody registers."""
    return client_id.startswith("https://")


def _clients(arguments: argparse.Namespace) -> DynamoDBClients:
    return DynamoDBClients(DynamoDBTable(arguments.table), time.time)


def _scan(arguments: argparse.Namespace) -> Scan:
    return Scan(arguments.table, arguments.rate)
