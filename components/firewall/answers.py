"""What the firewall answers: JSON that pages of any origin can read, like every other error of this API."""

import json
from typing import NamedTuple

import pulumi_aws as aws

from components import gateway_responses
from components.gateway_responses import CORS, REFUSED


class Answer(NamedTuple):
    """A response, and the key of its body. ``headers`` come on top of those for CORS."""

    key: str
    status: int
    error: str
    description: str
    retry_seconds: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers. AWS WAF sets the content type itself."""
        # RFC 9110 10.2.3.
        wait = {"Retry-After": str(self.retry_seconds)} if self.retry_seconds else {}
        return {**CORS, **wait, "Cache-Control": "no-store"}


BLOCKED = Answer("blocked", 403, "access_denied", REFUSED)
OUTSIDE = Answer("outside", 403, "access_denied", gateway_responses.OUTSIDE.description)
TOO_MANY = Answer("too-many", 429, "temporarily_unavailable", "Too many requests; try again in a minute.", 60)


def block(answer: Answer) -> aws.wafv2.WebAclRuleActionArgs:
    """Return the action that ends a request with an answer."""
    response = aws.wafv2.WebAclRuleActionBlockCustomResponseArgs(
        response_code=answer.status,
        custom_response_body_key=answer.key,
        response_headers=[
            aws.wafv2.WebAclRuleActionBlockCustomResponseResponseHeaderArgs(name=name, value=value)
            for name, value in answer.headers.items()
        ],
    )
    return aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs(custom_response=response))


def body(answer: Answer) -> aws.wafv2.WebAclCustomResponseBodyArgs:
    """Return the body of an answer. It has no request id, because AWS WAF has no variables."""
    text = json.dumps({"error": answer.error, "error_description": answer.description})
    return aws.wafv2.WebAclCustomResponseBodyArgs(key=answer.key, content=text, content_type="APPLICATION_JSON")
