"""No function that everybody can call by its URL."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(name="lambda-url-authorized", kinds=["aws:lambda/functionUrl:FunctionUrl"])
def function_url(url: Resource, settings: Settings) -> Iterator[Finding]:
    """URLs of functions ask for AWS credentials."""
    if url.value("authorizationType") == "NONE":
        yield Finding(url, "authorizationType", "is NONE, so everybody can call the function", "set it to AWS_IAM")
