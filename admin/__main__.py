"""Manage a stack with your own AWS credentials, or look at it from outside: ``python -m admin``."""

import argparse
import getpass
import re
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from admin import app_secrets, initial_tokens
from admin.cost import arguments as cost_arguments
from admin.cost import command as cost
from admin.doctor import command as doctor
from admin.errors import CommandFailed
from admin.gateway_role import create_gateway_role, find_gateway_role, set_gateway_role
from admin.incidents import arguments as incidents
from admin.operation import perform
from admin.release import command as release
from admin.stack_outputs import OutputsUnavailable, read_outputs
from admin.table_settings import UnsuitableTable, prepare_table
from admin.versions import prune_versions
from runtime.audit import AuditEvent
from runtime.oauth.credentials import digest, new_credential
from runtime.records.errors import NotThere, StoreUnavailable
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.layout import LaterLayout
from runtime.storage.table import DynamoDBTable
from runtime.version import VERSION

LONGEST_DAYS = 3650
# RFC 6749 A.2. Other characters come from copying out of a web page.
CLIENT_SECRET = re.compile(r"[\x20-\x7e]+")
# What a command may need: the argument that names it, and the output of the stack that has it.
NEEDS = {
    "table": ("--table", "table_name"),
    "audit_log": ("--audit-log", "audit_log"),
    "secret": ("SECRET", "upstream_secret_name"),
    "function": ("--function", "function_names"),
    "signing_key": ("--signing-key", "signing_key_arn"),
}
# What a command uses if it is known: the outputs of the same names.
KNOWN = ("region", "identity_provider", "authorizer_cache_seconds", "release_alarms", "app_secrets")


def main(argv: list[str] | None = None, outputs: Mapping[str, Any] | None = None) -> int:
    """Run one command and return its exit status. ``outputs`` are those of the stack, if the caller has them."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        _find_needs(arguments, outputs)
    except OutputsUnavailable as error:
        return _fail(str(error))
    missing = [NEEDS[need][0] for need in arguments.needs if getattr(arguments, need) is None]
    if missing:
        parser.error(f"this command needs {' and '.join(missing)}, or --stack")
    if arguments.region:
        boto3.setup_default_session(region_name=arguments.region)
    return _run(arguments)


def _find_needs(arguments: argparse.Namespace, outputs: Mapping[str, Any] | None) -> None:
    """Take what is not named from the outputs of the stack. Raise ``OutputsUnavailable``."""
    if outputs is None:
        if arguments.stack is None:
            return
        outputs = read_outputs(arguments.stack)
    for need, output in {
        **{need: NEEDS[need][1] for need in arguments.needs},
        **{name: name for name in KNOWN},
    }.items():
        if getattr(arguments, need) is None:
            setattr(arguments, need, outputs.get(output))


def _run(arguments: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except CommandFailed as error:
        return _fail(str(error))
    except NotThere as error:
        return _fail(f"the {error} does not exist any more")
    except LaterLayout:
        return _fail("a later version of this project wrote the table; run this command from that version")
    except StoreUnavailable as error:
        store = "table" if "table" in arguments.needs else "secret"
        return _fail(f"cannot use the {store}: {error.__cause__}")
    except (BotoCoreError, ClientError) as error:
        return _fail(str(error))


def _make_initial_token(arguments: argparse.Namespace) -> int:
    token, tokens = new_credential(), DynamoDBInitialTokens(DynamoDBTable(arguments.table))
    event = AuditEvent("initial_token_made", {"token_hash": digest(token)})
    perform(arguments, event, lambda: initial_tokens.add_initial_token(tokens, token, arguments.days, time.time))
    valid = "1 day" if arguments.days == 1 else f"{arguments.days} days"
    sys.stderr.write(f"Initial access token, valid for {valid}. It is shown only once:\n")
    sys.stdout.write(f"{token}\n")
    return 0


def _revoke_initial_token(arguments: argparse.Namespace) -> int:
    token = _read_secret("Token to revoke: ")
    tokens = DynamoDBInitialTokens(DynamoDBTable(arguments.table))
    if not tokens.is_valid(digest(token), int(time.time())):
        return _fail("this token does not exist; it may have expired or been revoked")
    event = AuditEvent("initial_token_revoked", {"token_hash": digest(token)})
    perform(arguments, event, lambda: initial_tokens.revoke_initial_token(tokens, token))
    sys.stderr.write("Revoked.\n")
    return 0


def _set_upstream_secret(arguments: argparse.Namespace) -> int:
    value = _read_secret("Client secret at the identity provider: ")
    if not CLIENT_SECRET.fullmatch(value):
        return _fail("a client secret consists of printable ASCII characters and is not empty")
    secret = SecretsManagerClientSecret(arguments.secret)
    perform(arguments, AuditEvent("upstream_secret_set"), lambda: secret.write(value))
    sys.stderr.write("Saved.\n")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    return doctor.run(arguments, _read_secret)


def _read_secret(question: str) -> str:
    """Read a secret from standard input: an argument would be visible in the list of processes."""
    line = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    return line.strip(" \t\r\n")


def _set_gateway_role(_arguments: argparse.Namespace) -> int:
    iam, gateway = boto3.client("iam"), boto3.client("apigateway")
    arn = find_gateway_role(iam, gateway)
    if arn is None:
        # arn:PARTITION:sts::ACCOUNT:...
        partition = boto3.client("sts").get_caller_identity()["Arn"].split(":")[1]
        arn = create_gateway_role(iam, partition)
        set_gateway_role(gateway, arn, time.sleep)
    sys.stderr.write(f"API Gateway writes logs in {gateway.meta.region_name} with the role {arn}.\n")
    return 0


def _prune_versions(arguments: argparse.Namespace) -> int:
    functions = boto3.client("lambda")
    # The output is an object of names; the argument is a list of them.
    names = arguments.function.values() if isinstance(arguments.function, dict) else arguments.function
    deleted = False
    for name in names:
        for version in prune_versions(functions, name, arguments.keep):
            deleted = True
            sys.stderr.write(f"Deleted version {version} of {name}.\n")
    if not deleted:
        sys.stderr.write("Nothing to delete.\n")
    return 0


def _prepare_table(arguments: argparse.Namespace) -> int:
    try:
        for sentence in prepare_table(boto3.client("dynamodb"), arguments.name, arguments.table, time.sleep):
            sys.stderr.write(f"{sentence}\n")
    except UnsuitableTable as error:
        return _fail(f"{arguments.name} cannot be used: {error}")
    return 0


def _fail(reason: str) -> int:
    sys.stderr.write(f"error: {reason}\n")
    return 1


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"must be from 1 to {LONGEST_DAYS}")
    return days


def _number_to_keep(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m admin", description=__doc__)
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("--stack", help="the Pulumi stack whose outputs say what the commands work on")
    parser.add_argument("--region", help="the region of the stack [its output region, or that of your AWS settings]")
    parser.add_argument("--table", help="the output table_name of the stack")
    parser.add_argument("--audit-log", help="the output audit_log of the stack")
    parser.add_argument("--function", action="append", help="one of the output function_names of the stack, repeatable")
    parser.add_argument("--signing-key", help="the output signing_key_arn of the stack")
    parser.add_argument(
        "--identity-provider", help="the output identity_provider of the stack: the issuer of its users"
    )
    parser.set_defaults(authorizer_cache_seconds=None, release_alarms=None, app_secrets=None)
    _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make-initial-token", help="create an initial access token and print it")
    make.add_argument("--days", type=_days, default=7, help="how many days the token is valid [7]")
    make.set_defaults(run=_make_initial_token, needs=("audit_log", "table"))
    revoke = commands.add_parser(
        "revoke-initial-token", help="revoke an initial access token, read from standard input"
    )
    revoke.set_defaults(run=_revoke_initial_token, needs=("audit_log", "table"))
    secret = commands.add_parser(
        "set-upstream-secret", help="set the client secret at the identity provider, read from standard input"
    )
    secret.add_argument("secret", nargs="?", metavar="SECRET", help="the output upstream_secret_name of the stack")
    secret.set_defaults(run=_set_upstream_secret, needs=("audit_log", "secret"))
    app_secrets.add_commands(commands)
    role = commands.add_parser(
        "set-gateway-role", help="set the role that API Gateway writes logs with, once per account and region"
    )
    role.set_defaults(run=_set_gateway_role, needs=())
    prune = commands.add_parser("prune-versions", help="delete the old versions of the functions")
    prune.add_argument("--keep", type=_number_to_keep, default=3, help="how many of the newest versions to keep [3]")
    prune.set_defaults(run=_prune_versions, needs=("function",))
    prepare = commands.add_parser("prepare-table", help="give a restored table the settings that existingTable needs")
    prepare.add_argument("name", metavar="NAME", help="the restored table")
    prepare.set_defaults(run=_prepare_table, needs=("table",))
    incidents.add_commands(commands)
    release.add_command(commands)
    bill = commands.add_parser("cost", help="compute what a month costs, and which quota gives way first")
    cost_arguments.add_arguments(bill)
    bill.set_defaults(run=cost.run, needs=())
    examination = commands.add_parser("doctor", help="check from outside what each client would see")
    doctor.add_arguments(examination)
    examination.set_defaults(run=_doctor, needs=())


if __name__ == "__main__":
    sys.exit(main())
