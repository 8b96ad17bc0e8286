"""The stack whose roles lose one permission after the other, and what probes of its features need."""

import functools
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.aws import Aws
from local.stack import find_running
from local.state import State
from runtime.storage.table import DynamoDBTable
from tests.e2e.conftest import Server
from tests.e2e.login.client import LoginClient
from tests.e2e.privilege.permission import Labels, Permission, Statement, permissions, without
from tests.support.local_stack import LocalStack
from tests.support.roles import RoleAws, trust_owner
from tests.support.user_browser import User

FUNCTIONS = ("authorizer", "mcp", "worker", "oauth", "login", "rotation")
SIGNING_KEY, CLIENT_SECRET, AUDIT_LOG = "the signing key", "the client secret", "the audit log"
OWN_LOG, WORKER = "its log", "the worker"
ROLE_POLICY, LOG_GROUP = "aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/logGroup:LogGroup"


@dataclass(frozen=True)
class World:
    """A running stack. What it offers counts every use, so that no probe meets what another one left behind."""

    stack: LocalStack
    server: Server

    @functools.cached_property
    def state(self) -> State:
        return find_running(self.stack.directory)

    @functools.cached_property
    def aws(self) -> Aws:
        return Aws(self.state.emulator_port, self.state.region)

    @functools.cached_property
    def numbers(self) -> Iterator[int]:
        return itertools.count(1)

    @property
    def table_name(self) -> str:
        return str(self.state.outputs["table_name"])

    @property
    def issuer(self) -> str:
        """The issuer of the identity provider."""
        assert self.state.client is not None
        return self.state.client.issuer

    def function_name(self, function: str) -> str:
        return str(self.state.outputs["function_names"][function])

    def arn_of(self, kind: str, name: str) -> str:
        """Return the ARN of the only resource of a type whose name ends so."""
        [found] = [each for each in self.state.resources.values() if each.type == kind and each.name.endswith(name)]
        return str(found.outputs["arn"])

    # What each role may do.

    @functools.cached_property
    def declared(self) -> dict[str, list[Statement]]:
        """The statements of each role, as the program declares them."""
        found = {}
        for entry in self.state.resources.values():
            if entry.type == ROLE_POLICY:
                function = entry.name.removesuffix("-policy").rpartition("-")[2]
                found[function] = json.loads(entry.inputs["policy"])["Statement"]
        return found

    @functools.cache  # noqa: B019  # there is one world, to the end of the tests
    def labels(self, function: str) -> Labels:
        secret, group = "aws:secretsmanager/secret:Secret", LOG_GROUP
        return {
            self.arn_of(secret, "signing-key"): SIGNING_KEY,
            self.arn_of(secret, "upstream-secret"): CLIENT_SECRET,
            f"{self.arn_of(group, '-audit')}:log-stream:events": AUDIT_LOG,
            f"{self.arn_of(group, f'-{function}-logs')}:*": OWN_LOG,
            self.arn_of("aws:lambda/alias:Alias", "worker-live"): WORKER,
        }

    def permissions(self) -> list[Permission]:
        """Return all permissions of all roles."""
        return [each for name in FUNCTIONS for each in permissions(name, self.declared[name], self.labels(name))]

    @contextmanager
    def lacking(self, permission: Permission) -> Iterator[None]:
        """Take one permission from a role while in the context."""
        function = permission.function
        rest = without(permission, self.declared[function], self.labels(function))
        assert rest != self.declared[function], f"{permission} is not declared"
        self._put_policy(function, rest)
        try:
            yield
        finally:
            self._put_policy(function, self.declared[function])

    def _put_policy(self, function: str, statements: list[Statement]) -> None:
        name = self.function_name(function)
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.aws.client("iam").put_role_policy(RoleName=name, PolicyName=f"{name}-policy", PolicyDocument=document)

    def client_as(self, function: str, service: str) -> Any:
        """Return a client with the role of a function, which this test may assume from now on."""
        name = self.function_name(function)
        trust = trust_owner(self.aws, Service="lambda.amazonaws.com")
        self.aws.client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=trust)
        return RoleAws(self.aws, self.aws.arn("iam", f"role/{name}", region=False)).client(service)

    def table_as(self, function: str | None = None) -> DynamoDBTable:
        """Return the table as a function reaches it, or as the owner of the account does."""
        client = self.client_as(function, "dynamodb") if function else self.aws.client("dynamodb")
        table = DynamoDBTable(self.table_name)
        table._client = client
        return table

    # What the functions do.

    def renew_processes(self, function: str) -> None:
        """Let a function start anew, so that it has nothing in memory, as a new version of it does."""
        functions, name = self.aws.client("lambda"), self.function_name(function)
        functions.update_function_configuration(FunctionName=name, Description=f"version {next(self.numbers)}")
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def milliseconds(self) -> int:
        """Return now, as logs count."""
        return int(time.time() * 1000)

    def log_group(self, function: str) -> str:
        return self.arn_of(LOG_GROUP, f"-{function}-logs").rpartition(":")[2]

    def log_of(self, function: str, since: int) -> list[str]:
        """Return the lines of a function's log from a time on."""
        return self._events(self.log_group(function), since)

    def audit_log(self, since: int) -> list[dict[str, Any]]:
        """Return the events of the audit log from a time on."""
        return [json.loads(line) for line in self._events(str(self.state.outputs["audit_log"]), since)]

    def _events(self, group: str, since: int) -> list[str]:
        pages = self.aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        return [event["message"] for page in pages for event in page["events"]]

    # Who uses it.

    def machine(self, **metadata: Any) -> dict[str, Any]:
        """Return a new machine client."""
        return self.server.register(**metadata)

    def token(self) -> str:
        """Return the first token of a new machine client."""
        return self.server.token(self.machine())

    def editor(self, **metadata: Any) -> LoginClient:
        """Return a new client that users sign in to."""
        return LoginClient.new(self.server, **metadata)

    def user(self) -> User:
        """Return the user with a new browser."""
        return User(self.server.url)

    def sign_in(self, client: LoginClient, user: User | None = None, **changes: str | None) -> dict[str, Any]:
        """Return the tokens that a client gets when the user approves it and signs in."""
        return client.tokens((user or self.user()).authorize(client.url(**changes))["code"])

    def now(self) -> int:
        return int(time.time())
