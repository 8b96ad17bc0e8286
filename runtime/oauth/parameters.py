"""The form-encoded parameters of a request to the authorization server."""

from runtime.http.body import form_parameters
from runtime.http.event import Request
from runtime.oauth.errors import InvalidRequest
from runtime.validation.schemas import SchemaViolation, schema

MAX_BYTES = 64 * 1024


def read_parameters(request: Request, schema_name: str, repeatable: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the parameters of a request, or raise ``InvalidRequest`` if they do not match the schema."""
    parameters = form_parameters(request, MAX_BYTES, repeatable)
    try:
        schema(schema_name).check(parameters)
    except SchemaViolation as violation:
        raise InvalidRequest.from_violation(violation) from violation
    return parameters
