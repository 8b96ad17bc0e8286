"""Signs requests to services that authorize by AWS identity (Signature Version 4)."""

import functools
from collections.abc import Mapping

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def sign_request(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, service: str, region: str | None
) -> Mapping[str, str]:
    """Return the headers of a request with a signature of the function's own role.

    Without a region, it is that of the function. Raise ``LookupError`` if there are no credentials or no region.
    """
    credentials = _session().get_credentials()
    region = region or _session().get_config_variable("region")
    if credentials is None or region is None:
        raise LookupError("there are no AWS credentials, or no region")
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    SigV4Auth(credentials.get_frozen_credentials(), service, region).add_auth(request)
    return {name.lower(): str(value) for name, value in request.headers.items()}
