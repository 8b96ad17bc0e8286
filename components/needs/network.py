"""The endpoints that an app asks for with its network."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pulumi

from components.app.errors import NeedsError, shown
from components.endpoints import GATEWAYS, Endpoints, EndpointsArgs
from components.location import Location
from components.needs.values import Told
from components.vpc import Vpc

# The last part of a service's name in PrivateLink: secretsmanager, rds-data, ecr.api.
SERVICE = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
SYSTEMS_MANAGER = re.compile(r"arn:[a-z-]+:ssm:")
ALLOWED = "allowed: True, False, or the services as PrivateLink names them, such as ['dynamodb', 'secretsmanager']"


def wrong_endpoints(endpoints: object) -> str | None:
    """Look at what an app says of endpoints."""
    if isinstance(endpoints, bool):
        return None
    if isinstance(endpoints, str) or not isinstance(endpoints, Sequence):
        return f"endpoints is {endpoints!r}; {ALLOWED}"
    wrong = [each for each in endpoints if not isinstance(each, str) or not SERVICE.fullmatch(each)]
    return f"endpoints has {wrong[0]!r}; {ALLOWED}" if wrong else None


def declare_endpoints(
    file: Path, told: Told, location: Location, tags: Mapping[str, str], opts: pulumi.ResourceOptions, *, name: str
) -> None:
    """Declare the endpoints that ``told`` asks for, and tell each function in a VPC to wait for them.

    Raise ``NeedsError`` if two functions ask, or if there is no route table for a route.
    """
    joined = [one for one in (told, *told.functions.values()) if "vpc" in one.single]
    asking = [one for one in joined if one.single["vpc"].endpoints is not False]
    if not asking:
        return
    if len(asking) > 1:
        raise NeedsError(f"{shown(file)}: network: endpoints serve a whole VPC; ask for them in one call")
    vpc: Vpc = asking[0].single["vpc"]
    known = sorted({service for one in joined for service in _services_of(one, has_table=one is told)})
    services = known if vpc.endpoints is True else list(dict.fromkeys(vpc.endpoints or ()))
    routed = [service for service in services if service in GATEWAYS]
    if routed and vpc.route_table_ids in ((), []):
        raise NeedsError(
            f"{shown(file)}: network: the endpoint of {routed[0]} is a route; name the route tables of the subnets in "
            f"route_table_ids, or name the other endpoints, without {routed[0]}, if there is one"
        )
    args = EndpointsArgs(vpc=vpc, services=services, location=location, tags=tags)
    endpoints = Endpoints(name, args, opts)
    for one in joined:
        one.single["vpc"] = dataclasses.replace(one.single["vpc"], routes=endpoints.resources)


def _services_of(told: Told, *, has_table: bool) -> Iterator[str]:
    """Return the services that a function calls, as far as the program knows.

    The functions of the server call DynamoDB, and Lambda for the worker and for functions of their own. Lambda sends
    their logs and traces itself.
    """
    if has_table:
        yield from ("dynamodb", "lambda")
    for place in told.secrets.values():
        arn = place[0] if isinstance(place, list) else place
        yield "ssm" if isinstance(arn, str) and SYSTEMS_MANAGER.match(arn) else "secretsmanager"
    actions = [action for statement in told.statements for action in statement.actions if isinstance(action, str)]
    # The other services that permissions name cost money, so their endpoints have to be named.
    yield from {"s3", "lambda"} & {action.partition(":")[0].lower() for action in actions}
