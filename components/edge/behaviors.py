"""What a distribution passes on and what it keeps."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.edge.origin import ORIGIN_ID
from runtime.routes import Route

# Policies that AWS manages have the same id in every account.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# It forwards Authorization. It leaves out Host, because API Gateway refuses the name of another host.
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# CloudFront knows only this set as one that contains POST.
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
CACHED_METHODS = ("GET", "HEAD")
LONGEST_CACHED_SECONDS = 31_536_000


def default_behavior() -> aws.cloudfront.DistributionDefaultCacheBehaviorArgs:
    """Return the behavior for everything that is not cached: pass on the whole request and keep nothing."""
    return aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
        target_origin_id=ORIGIN_ID,
        viewer_protocol_policy="https-only",
        allowed_methods=METHODS,
        cached_methods=CACHED_METHODS,
        cache_policy_id=CACHING_DISABLED,
        origin_request_policy_id=ALL_VIEWER_EXCEPT_HOST_HEADER,
        # Compression would hold back the events of a stream.
        compress=False,
    )


def declare_cached_behaviors(
    name: str, routes: Sequence[Route], opts: pulumi.ResourceOptions
) -> list[aws.cloudfront.DistributionOrderedCacheBehaviorArgs]:
    """Declare the cache policy, and return the behavior of each cached path: keep the response as long as it says.

    Nothing of a client's request but its URL reaches the origin, so no request can change what others get.
    """
    policy = _declare_cache_policy(name, opts)
    return [
        aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
            path_pattern=path,
            target_origin_id=ORIGIN_ID,
            viewer_protocol_policy="https-only",
            allowed_methods=METHODS,
            cached_methods=CACHED_METHODS,
            cache_policy_id=policy.id,
            compress=False,
        )
        for path in sorted({route.path for route in routes if route.cached})
    ]


def _declare_cache_policy(name: str, opts: pulumi.ResourceOptions) -> aws.cloudfront.CachePolicy:
    """Declare the policy that obeys the response. The one that AWS manages for this would forward Host."""
    parameters = aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginArgs(
        cookies_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs(
            cookie_behavior="none"
        ),
        headers_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs(
            header_behavior="none"
        ),
        query_strings_config=aws.cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs(
            # The query is the version of the style sheet.
            query_string_behavior="all"
        ),
        enable_accept_encoding_brotli=False,
        enable_accept_encoding_gzip=False,
    )
    return aws.cloudfront.CachePolicy(
        f"{name}-cache",
        comment="Keep a response for as long as it says",
        min_ttl=0,
        default_ttl=0,
        max_ttl=LONGEST_CACHED_SECONDS,
        parameters_in_cache_key_and_forwarded_to_origin=parameters,
        opts=opts,
    )
