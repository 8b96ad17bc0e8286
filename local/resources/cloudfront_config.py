"""What Pulumi calls the parts of a distribution and of a cache policy, as CloudFront wants them."""

from collections.abc import Sequence
from typing import Any

from local.resources.kind import Properties, rename_keys

_DISTRIBUTION = {
    "aliases": "",
    "comment": "Comment",
    "customErrorResponses": "",
    "defaultCacheBehavior": "",
    "enabled": "Enabled",
    "httpVersion": "HttpVersion",
    "isIpv6Enabled": "IsIPV6Enabled",
    "orderedCacheBehaviors": "",
    "origins": "",
    "restrictions": "",
    "viewerCertificate": "",
    # It tells the provider to wait, and CloudFront nothing.
    "waitForDeployment": "",
    "webAclId": "WebACLId",
}
_BEHAVIOR = {
    "allowedMethods": "",
    "cachePolicyId": "CachePolicyId",
    "cachedMethods": "",
    "compress": "Compress",
    "originRequestPolicyId": "OriginRequestPolicyId",
    "pathPattern": "PathPattern",
    "targetOriginId": "TargetOriginId",
    "viewerProtocolPolicy": "ViewerProtocolPolicy",
}
_ORIGIN = {
    "customHeaders": "",
    "customOriginConfig": "",
    "domainName": "DomainName",
    "originId": "Id",
    "originPath": "OriginPath",
}
_CUSTOM_ORIGIN = {
    "httpPort": "HTTPPort",
    "httpsPort": "HTTPSPort",
    "originProtocolPolicy": "OriginProtocolPolicy",
    "originReadTimeout": "OriginReadTimeout",
    "originSslProtocols": "",
}
_CERTIFICATE = {
    "acmCertificateArn": "ACMCertificateArn",
    "cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
    "minimumProtocolVersion": "MinimumProtocolVersion",
    "sslSupportMethod": "SSLSupportMethod",
}
_ERROR = {"errorCachingMinTtl": "ErrorCachingMinTTL", "errorCode": "ErrorCode"}
_HEADER = {"name": "HeaderName", "value": "HeaderValue"}
_POLICY = {
    "comment": "Comment",
    "defaultTtl": "DefaultTTL",
    "maxTtl": "MaxTTL",
    "minTtl": "MinTTL",
    "name": "",
    "parametersInCacheKeyAndForwardedToOrigin": "",
}
_PARAMETERS = {
    "cookiesConfig": "",
    "enableAcceptEncodingBrotli": "EnableAcceptEncodingBrotli",
    "enableAcceptEncodingGzip": "EnableAcceptEncodingGzip",
    "headersConfig": "",
    "queryStringsConfig": "",
}


def distribution_config(name: str, inputs: Properties) -> Properties:
    """Return the ``DistributionConfig``. AWS creates only one distribution for each ``name``."""
    restriction = rename_keys(inputs["restrictions"], {"geoRestriction": "geoRestriction"})["geoRestriction"]
    kind = rename_keys(restriction, {"restrictionType": "RestrictionType"})
    return rename_keys(inputs, _DISTRIBUTION) | {
        "CallerReference": name,
        "Aliases": _list(inputs.get("aliases", [])),
        "Origins": _list([_origin(origin) for origin in inputs["origins"]]),
        "DefaultCacheBehavior": _behavior(inputs["defaultCacheBehavior"]),
        "CacheBehaviors": _list([_behavior(behavior) for behavior in inputs.get("orderedCacheBehaviors", [])]),
        "CustomErrorResponses": _list([rename_keys(error, _ERROR) for error in inputs.get("customErrorResponses", [])]),
        "ViewerCertificate": rename_keys(inputs["viewerCertificate"], _CERTIFICATE),
        "Restrictions": {"GeoRestriction": {**kind, "Quantity": 0}},
    }


def cache_policy_config(name: str, inputs: Properties) -> Properties:
    """Return the ``CachePolicyConfig`` of a cache policy, whose name defaults to ``name``."""
    parameters = inputs["parametersInCacheKeyAndForwardedToOrigin"]
    cookies = rename_keys(parameters["cookiesConfig"], {"cookieBehavior": "CookieBehavior"})
    headers = rename_keys(parameters["headersConfig"], {"headerBehavior": "HeaderBehavior"})
    queries = rename_keys(parameters["queryStringsConfig"], {"queryStringBehavior": "QueryStringBehavior"})
    return rename_keys(inputs, _POLICY) | {
        "Name": inputs.get("name", name),
        "ParametersInCacheKeyAndForwardedToOrigin": rename_keys(parameters, _PARAMETERS)
        | {"CookiesConfig": cookies, "HeadersConfig": headers, "QueryStringsConfig": queries},
    }


def _origin(origin: Properties) -> Properties:
    custom = origin["customOriginConfig"]
    protocols = {"OriginSslProtocols": _list(custom["originSslProtocols"])}
    return rename_keys(origin, _ORIGIN) | {
        "CustomOriginConfig": rename_keys(custom, _CUSTOM_ORIGIN) | protocols,
        "CustomHeaders": _list([rename_keys(header, _HEADER) for header in origin.get("customHeaders", [])]),
    }


def _behavior(behavior: Properties) -> Properties:
    methods = _list(behavior["allowedMethods"]) | {"CachedMethods": _list(behavior["cachedMethods"])}
    return rename_keys(behavior, _BEHAVIOR) | {"AllowedMethods": methods}


def _list(items: Sequence[Any]) -> Properties:
    return {"Quantity": len(items), "Items": list(items)}
