"""An API that has an OpenAPI document, as tools."""

from runtime.openapi.auth import Auth, basic, bearer, header_key, query_key
from runtime.openapi.tools import OpenApiError, openapi_tools

__all__ = ["Auth", "OpenApiError", "basic", "bearer", "header_key", "openapi_tools", "query_key"]
