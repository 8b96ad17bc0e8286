"""How often one address may call the endpoints that store something or check a secret for anybody."""

from collections.abc import Iterator, Sequence

import pulumi_aws as aws

from components.config import StackConfig
from components.firewall.paths import path_of, pattern
from runtime.routes import Route

WINDOW_SECONDS = 300
# A hosted client exchanges codes and refreshes tokens for all its users from a few addresses: ten requests a second.
FROM_HOSTED_CLIENTS = 3000
# AWS WAF counts within limits of these.
LEAST, MOST = 10, 2_000_000_000
FIELD = aws.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementRegexMatchStatementFieldToMatchUriPathArgs


def limits(config: StackConfig, routes: Sequence[Route]) -> Iterator[tuple[str, int]]:
    """Return the limited paths, each with the requests that one address may send in ``WINDOW_SECONDS``.

    The functions have limits of their own, which are exact and know the clients. None of these is lower: what a
    function would answer does not end here.
    """
    minutes = WINDOW_SECONDS // 60
    by_schema = {
        "oauth/registration": config.registrations_per_hour,
        "oauth/token": FROM_HOSTED_CLIENTS,
        "oauth/authorization": config.authorizations_per_minute * minutes,
        "oauth/pushed-authorization": max(FROM_HOSTED_CLIENTS, config.authorizations_per_minute * minutes),
    }
    for schema, requests in by_schema.items():
        yield path_of(schema, routes), min(max(requests, LEAST), MOST)


def exceeds(path: str, limit: int, stage_name: str | None) -> aws.wafv2.WebAclRuleStatementArgs:
    """Match the requests to a path beyond the ``limit`` of their address, however the path is written."""
    types = aws.wafv2
    # In this order: a path may be encoded, and may then have segments that lead back.
    transformations = [
        types.WebAclRuleStatementRateBasedStatementScopeDownStatementRegexMatchStatementTextTransformationArgs(
            priority=priority, type=kind
        )
        for priority, kind in enumerate(("URL_DECODE", "NORMALIZE_PATH"))
    ]
    field = types.WebAclRuleStatementRateBasedStatementScopeDownStatementRegexMatchStatementFieldToMatchArgs(
        uri_path=FIELD()  # type: ignore[no-untyped-call]
    )
    matches = types.WebAclRuleStatementRateBasedStatementScopeDownStatementRegexMatchStatementArgs(
        regex_string=pattern([path], stage_name), field_to_match=field, text_transformations=transformations
    )
    scope = types.WebAclRuleStatementRateBasedStatementScopeDownStatementArgs(regex_match_statement=matches)
    return types.WebAclRuleStatementArgs(
        rate_based_statement=types.WebAclRuleStatementRateBasedStatementArgs(
            aggregate_key_type="IP",
            evaluation_window_sec=WINDOW_SECONDS,
            limit=limit,
            scope_down_statement=scope,
        )
    )
