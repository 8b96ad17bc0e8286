"""Authentication by the AWS identity of the function, for an API that IAM authorizes."""

from runtime.authoring.tool import ToolError
from runtime.openapi.auth import Auth
from runtime.openapi.request import Request
from runtime.openapi.table import Place
from runtime.redaction import hide


class _SigV4:
    """Signature Version 4, made by botocore, which the Lambda runtime brings along."""

    place: Place = "header"
    name = "authorization"

    def __init__(self, service: str, region: str | None) -> None:
        self._service = service
        self._region = region

    def sign(self, request: Request) -> Request:
        # To import botocore takes some hundred milliseconds, which only a call of such a tool needs.
        from runtime.storage.request_signing import sign_request  # noqa: PLC0415

        try:
            headers = sign_request(
                request.method,
                f"{request.base.origin}{request.target}",
                request.headers,
                request.body,
                service=self._service,
                region=self._region,
            )
        except LookupError as error:
            raise ToolError("This tool has no AWS credentials to sign its requests with") from error
        for name in ("authorization", "x-amz-security-token"):
            hide(headers.get(name, ""))
        return request._replace(headers=headers)


def sigv4(service: str = "execute-api", *, region: str | None = None) -> Auth:
    """Sign requests with the role of the function: ``execute-api`` for API Gateway, ``lambda`` for a function URL.

    Without a region, it is that of the function. Allow the role to call the API in ``needs.py``.
    """
    return _SigV4(service, region)
