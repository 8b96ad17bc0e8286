"""The routes of the REST API, the permissions to call the functions behind them, and the stage."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.api_part import ApiPart
from components.encryption import Encryption
from components.function import Function
from components.gateway_responses import challenge, declare_gateway_responses
from components.methods import Methods, paths
from components.network_policy import declare_network_policy
from components.rest_api import RestApi
from runtime.routes import Route

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "userAgent": "$context.identity.userAgent",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "responseType": "$context.error.responseType",
    "clientId": "$context.authorizer.clientId",
    "subject": "$context.authorizer.subject",
    "responseBytes": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "traceId": "$context.xrayTraceId",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiArgs:
    """The arguments of ``Api``.

    ``public_url`` is the URL of the edge. With ``key_required``, every method needs the API key that the edge sends.
    ``web_acl_arn`` is the firewall of the stage, ``allowed_cidrs`` the networks that the API answers, all if empty.
    ``functions`` has each function that a route names. The stage depends on all resources in ``needs``.
    ``throttle_rate_limit`` is in requests per second, ``throttle_burst_limit`` in requests.
    """

    rest_api: RestApi
    public_url: pulumi.Output[str]
    key_required: bool
    web_acl_arn: pulumi.Input[str] | None
    allowed_cidrs: Sequence[str]
    stage_name: str
    routes: Sequence[Route]
    functions: Mapping[str, Function]
    authorizer: Function
    authorizer_cache_seconds: int
    challenge_scopes: Sequence[str]
    throttle_rate_limit: float
    throttle_burst_limit: int
    log_retention_days: int
    encryption: Encryption
    tracing: bool
    needs: Sequence[pulumi.Resource]
    tags: Mapping[str, str]


class Api(pulumi.ComponentResource):
    """The contents of a ``RestApi``: routes, authorizer, gateway responses, deployment and stage."""

    stage_name: pulumi.Output[str]
    invoke_url: pulumi.Output[str]
    access_log_name: pulumi.Output[str]

    def __init__(self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Api", name, {}, opts)
        rest_api = args.rest_api.api
        child = pulumi.ResourceOptions(parent=self)
        # Deleting the API deletes its parts, so destroy need not.
        part = pulumi.ResourceOptions(parent=self, deleted_with=rest_api)
        authorizer, authorizer_part = _declare_authorizer(name, args, part)
        methods = Methods(name, rest_api, authorizer.id, args.functions, args.key_required, part)
        restricted = bool(args.allowed_cidrs)
        www_authenticate = args.public_url.apply(lambda url: challenge(url, args.challenge_scopes))
        deployment = _declare_deployment(
            name,
            rest_api,
            [
                args.rest_api.part,
                authorizer_part,
                *methods.declare(paths(args.routes)),
                *declare_gateway_responses(name, rest_api.id, www_authenticate, part, restricted=restricted),
                *declare_network_policy(name, rest_api, args.allowed_cidrs, part),
            ],
            part,
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-access-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.encryption.key_arn,
            tags=args.tags,
            opts=child,
        )
        # A request to a function that API Gateway may not invoke yet gets a 500.
        needs = [*args.needs, *_allow_invocations(name, args, authorizer, child)]
        stage = _declare_stage(name, args, deployment, log_group, _after(needs, part))
        _declare_throttling(name, args, stage, part)
        if args.web_acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"{name}-firewall", resource_arn=stage.arn, web_acl_arn=args.web_acl_arn, opts=child
            )
        self.stage_name = stage.stage_name
        self.invoke_url = stage.invoke_url
        self.access_log_name = log_group.name
        self.register_outputs({"stage_name": self.stage_name, "invoke_url": self.invoke_url})


def _declare_authorizer(
    name: str, args: ApiArgs, opts: pulumi.ResourceOptions
) -> tuple[aws.apigateway.Authorizer, ApiPart]:
    authorizer_args = aws.apigateway.AuthorizerArgs(
        rest_api=args.rest_api.api.id,
        type="REQUEST",
        authorizer_uri=args.authorizer.invoke_arn,
        # API Gateway answers a request without it with 401 and invokes nothing.
        identity_source="method.request.header.Authorization",
        authorizer_result_ttl_in_seconds=args.authorizer_cache_seconds,
    )
    authorizer = aws.apigateway.Authorizer(f"{name}-authorizer", authorizer_args, opts)
    return authorizer, ApiPart(authorizer, authorizer_args)


def _declare_deployment(
    name: str, rest_api: aws.apigateway.RestApi, parts: Sequence[ApiPart], opts: pulumi.ResourceOptions
) -> aws.apigateway.Deployment:
    """Declare a snapshot of the ``parts``, which is replaced exactly when one of them changes.

    Pulumi deletes last, so a removed route is still in the API when this snapshot is taken. The route answers until the
    next deployment, but the function behind it is gone.
    """
    description = pulumi.Output.json_dumps([part.description for part in parts], sort_keys=True)
    return aws.apigateway.Deployment(
        f"{name}-deployment",
        rest_api=rest_api.id,
        triggers={"sha256": description.apply(lambda text: hashlib.sha256(text.encode()).hexdigest())},
        opts=_after([part.resource for part in parts], opts),
    )


def _declare_stage(
    name: str,
    args: ApiArgs,
    deployment: aws.apigateway.Deployment,
    log_group: aws.cloudwatch.LogGroup,
    opts: pulumi.ResourceOptions,
) -> aws.apigateway.Stage:
    return aws.apigateway.Stage(
        f"{name}-stage",
        rest_api=args.rest_api.api.id,
        deployment=deployment.id,
        stage_name=args.stage_name,
        access_log_settings=aws.apigateway.StageAccessLogSettingsArgs(
            destination_arn=log_group.arn, format=json.dumps(ACCESS_LOG)
        ),
        xray_tracing_enabled=args.tracing,
        tags=args.tags,
        opts=opts,
    )


def _declare_throttling(name: str, args: ApiArgs, stage: aws.apigateway.Stage, opts: pulumi.ResourceOptions) -> None:
    aws.apigateway.MethodSettings(
        f"{name}-throttling",
        rest_api=args.rest_api.api.id,
        stage_name=stage.stage_name,
        method_path="*/*",
        settings=aws.apigateway.MethodSettingsSettingsArgs(
            throttling_rate_limit=args.throttle_rate_limit,
            throttling_burst_limit=args.throttle_burst_limit,
            # API Gateway's own logs would contain tokens, bodies and the context of the authorizer.
            logging_level="OFF",
            data_trace_enabled=False,
        ),
        opts=opts,
    )


def _allow_invocations(
    name: str, args: ApiArgs, authorizer: aws.apigateway.Authorizer, opts: pulumi.ResourceOptions
) -> Iterator[pulumi.Resource]:
    """Allow only this API to invoke the functions: its stage calls the routes, and it calls the authorizer."""
    execution_arn = args.rest_api.api.execution_arn
    callers: dict[str, tuple[Function, pulumi.Output[str]]] = {
        key: (function, pulumi.Output.concat(execution_arn, f"/{args.stage_name}/*"))
        for key, function in args.functions.items()
    }
    callers["authorizer"] = (args.authorizer, pulumi.Output.concat(execution_arn, "/authorizers/", authorizer.id))
    for key, (function, source_arn) in callers.items():
        yield aws.lambda_.Permission(
            f"{name}-invoke-{key}",
            action="lambda:InvokeFunction",
            function=function.name,
            qualifier=function.qualifier,
            principal="apigateway.amazonaws.com",
            source_arn=source_arn,
            opts=opts,
        )


def _after(needs: Sequence[pulumi.Resource], opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return ``opts`` for a resource that comes after ``needs``: a child does not inherit what its component awaits."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(needs)))
