"""What every edge offers to the rest of the stack."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.config import StackConfig
from components.rest_api import RestApi
from runtime.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeArgs:
    """The arguments of every ``Edge``. ``web_acl_arn`` is the firewall: a distribution has it itself."""

    config: StackConfig
    rest_api: RestApi
    routes: Sequence[Route]
    web_acl_arn: pulumi.Input[str] | None
    tags: Mapping[str, str]


class Edge(pulumi.ComponentResource):
    """What clients connect to.

    ``public_url`` is where all published URLs start. ``target`` is the host name that a DNS record for ``domainName``
    points to, if the edge has one. With ``needs_key``, API Gateway refuses requests that did not come through the edge.
    ``key_hashes`` is the JSON array of the SHA-256 hashes of the keys that it then accepts.
    """

    public_url: pulumi.Output[str]
    target: pulumi.Output[str] | None = None
    needs_key: bool = False
    key_hashes: pulumi.Input[str] = "[]"

    @property
    def environment(self) -> Mapping[str, pulumi.Input[str]]:
        """What a function knows about the edge: its URL, and where the address of a client is found.

        ``forwarded``: the second value from the right of ``X-Forwarded-For``, because CloudFront appends the client's
        address and API Gateway that of CloudFront. Only what nobody can go around is trusted to do so. ``source``: the
        address that connected to API Gateway.
        """
        return {"PUBLIC_URL": self.public_url, "CLIENT_ADDRESS": "forwarded" if self.needs_key else "source"}

    @abstractmethod
    def open(self, stage_name: pulumi.Input[str]) -> None:
        """Declare what leads from the edge to the stage. It comes last, because it needs the stage."""


def url_of(host: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the https URL of a host."""
    return pulumi.Output.concat("https://", host)
