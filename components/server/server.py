"""The remote MCP server as one component, for the program of this repository and for others."""

import inspect
from collections.abc import Mapping
from typing import Any

import pulumi

from components.api import Api
from components.config import StackConfig
from components.config_values import Server
from components.edge.checks import EXTERNAL
from components.foundation import Foundation
from components.functions import declare_functions
from components.location import Place
from components.monitoring.monitoring import Monitoring
from components.server.arguments import RemoteMcpServerArgs
from components.server.entrance import Entrance, declare_entrance, declare_foundation
from components.server.ground import Ground, declare_app_needs
from components.server.keys import keys_of
from components.server.service import answering, declare_api, declare_monitoring, declare_trail, export_logs
from components.trail import Trail
from runtime.version import VERSION

TYPE = "remote-mcp:index:RemoteMcpServer"


class RemoteMcpServer(pulumi.ComponentResource):
    """A remote MCP server with its own OAuth 2.1 authorization server on API Gateway, Lambda and DynamoDB."""

    version: pulumi.Output[str]
    """The version of this project that declared the server."""
    url: pulumi.Output[str]
    """Where all published URLs start."""
    mcp_url: pulumi.Output[str]
    """The URL of the MCP endpoint, for clients."""
    issuer: pulumi.Output[str]
    """The issuer identifier of the authorization server."""
    registration_url: pulumi.Output[str]
    """Where clients register (RFC 7591)."""
    table_name: pulumi.Output[str]
    """The name of the DynamoDB table."""
    audit_log: pulumi.Output[str]
    """The name of the log group with the audit log."""
    signing_key_arn: pulumi.Output[str]
    """The ARN of the secret with the keys that sign access tokens."""
    authorizer_cache_seconds: pulumi.Output[int]
    """How long, in seconds, an ended access token may still be accepted."""
    identity_provider: pulumi.Output[str] | None
    """The issuer of the identity provider where users sign in, if there is one."""
    upstream_secret_name: pulumi.Output[str] | None
    """The name of the secret for the client secret at the identity provider, if there is one."""
    app_secrets: pulumi.Output[Mapping[str, str]] | None
    """The ARNs of the secrets that the stack makes for your tools, by their names, if there are some."""
    region: pulumi.Output[str]
    """The AWS region."""
    trail_bucket: pulumi.Output[str] | None
    """The bucket of the trail, if there is one."""
    function_names: pulumi.Output[Mapping[str, str]]
    """The names of the Lambda functions by what they do."""
    release_alarms: pulumi.Output[Mapping[str, str]]
    """The names in CloudWatch of the alarms that end a release, by their names here."""
    dashboard_url: pulumi.Output[str]
    """The URL of the dashboard in the AWS console."""
    api_id: pulumi.Output[str]
    """The id of the REST API."""
    stage_name: pulumi.Output[str]
    """The name of the stage of the REST API."""
    invoke_url: pulumi.Output[str] | None
    """The URL of the stage, if the edge is external: where that edge sends requests."""
    edge_target: pulumi.Output[str] | None
    """The host name that a DNS record for the domain name points to, if the edge has one."""

    def __init__(self, name: str, args: RemoteMcpServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare the server. All names in AWS start with ``name`` and the name of the stack.

        Raise ``pulumi.RunError`` if an argument is not valid. The message names each one and what it allows.
        """
        super().__init__(TYPE, name, {}, opts)
        place = Place(pulumi.InvokeOptions(parent=self))
        title = f"The arguments of the RemoteMcpServer {name} are not valid:"
        config = StackConfig.of(keys_of(args), Server(name=name, title=title, place=place))
        # Before there was this component, its parts were children of the stack.
        was_in_stack = pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)
        child = pulumi.ResourceOptions(parent=self, aliases=[was_in_stack])
        self._declare(Ground.of(name, config, place, child))
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """Return the outputs that this server has, by their names."""
        names = inspect.get_annotations(type(self))
        return {name: output for name in names if (output := getattr(self, name)) is not None}

    def _declare(self, ground: Ground) -> None:
        # First, because its owner wrote what may be wrong there.
        needs = declare_app_needs(ground)
        entrance = declare_entrance(ground)
        base = declare_foundation(ground, entrance.edge, needs)
        functions = declare_functions(base)
        api = declare_api(ground, entrance, base, functions)
        monitoring = declare_monitoring(ground, entrance, base, functions, api)
        named = {**answering(functions), "rotation": base.signing_key.rotation, "worker": functions.worker}
        named |= functions.tools.labels
        trail = declare_trail(ground, base, named)
        log_groups = {key: function.log_group_name for key, function in named.items()}
        log_groups |= {"access": api.access_log_name, "audit": base.audit_log.name}
        if entrance.firewall.log_group:
            log_groups["firewall"] = entrance.firewall.log_group
        export_logs(ground, log_groups)
        self.function_names = pulumi.Output.all(**{key: function.name for key, function in named.items()})
        self._publish_urls(ground, entrance, api)
        self._publish_names(ground, base, monitoring, trail)

    def _publish_urls(self, ground: Ground, entrance: Entrance, api: Api) -> None:
        self.url = self.issuer = entrance.edge.public_url
        self.mcp_url = pulumi.Output.concat(self.url, "/mcp")
        self.registration_url = pulumi.Output.concat(self.url, "/dcr")
        self.api_id = entrance.rest_api.api.id
        self.stage_name = api.stage_name
        self.invoke_url = api.invoke_url if ground.config.edge == EXTERNAL else None
        self.edge_target = entrance.edge.target
        self.region = ground.location.region

    def _publish_names(self, ground: Ground, base: Foundation, monitoring: Monitoring, trail: Trail | None) -> None:
        self.version = pulumi.Output.from_input(VERSION)
        self.table_name = base.store.name
        self.audit_log = base.audit_log.name
        self.signing_key_arn = base.signing_key.arn
        self.authorizer_cache_seconds = pulumi.Output.from_input(ground.config.authorizer_cache_seconds)
        provider = base.identity_provider
        self.identity_provider = pulumi.Output.from_input(provider.issuer) if provider else None
        self.upstream_secret_name = provider.secret_name if provider else None
        made = base.needs.made_secrets
        self.app_secrets = pulumi.Output.all(**made) if made else None
        self.trail_bucket = trail.bucket_name if trail else None
        self.release_alarms = pulumi.Output.all(**monitoring.release_alarms)
        self.dashboard_url = monitoring.dashboard_url
