"""The result of a tool for the response of an API."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from runtime.authoring.content import Audio, Content, EmbeddedResource, Image, Text, ToolResult
from runtime.authoring.tool import ToolError
from runtime.openapi.send import Response
from runtime.openapi.table import Operation
from runtime.redaction import redact
from runtime.validation.schemas import Schema, SchemaViolation

LONGEST_PROBLEM: Final = 1_000
# RFC 9457 3.1, and what APIs call the same.
PROBLEM_MEMBERS: Final = ("title", "detail", "message", "error", "error_description", "errors", "code")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NEXT: Final = re.compile(r"<([^<>]*)>[^<>]*;\s*rel=\"?(?:[^\"<>;,]* )?next\b", re.IGNORECASE)
_JSON: Final = re.compile(r"application/(?:[^;\s]+\+)?json\b", re.IGNORECASE)


def to_result(operation: Operation, results: Schema | None, response: Response) -> ToolResult:
    """Return the result for a response. Raise ``ToolError`` for a status that is not 2xx.

    ``results`` is the compiled output schema. The structured content is what matches it: an API may return something
    else than its document says, and the text has all of it.
    """
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise ToolError(_problem(response))
    content_type = response.headers.get("content-type", "")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise ToolError("The API sent a compressed response, although it was asked for none")
    if not response.body:
        return ToolResult([f"{response.status} {response.reason}".strip()], structured={} if results else None)
    if _JSON.match(content_type):
        return _json_result(operation, results, response)
    block = _block(operation.name, content_type.partition(";")[0].strip().lower(), response.body)
    return ToolResult([block], structured={} if results else None)


def _json_result(operation: Operation, results: Schema | None, response: Response) -> ToolResult:
    text = redact(response.body.decode(errors="replace"))
    try:
        value = msgspec.json.decode(text)
    except ValueError:
        return ToolResult([text], structured={} if results else None)
    blocks: list[Content | str] = [msgspec.json.encode(value).decode()]
    if note := _next_page(operation, response.headers.get("link", "")):
        blocks.append(note)
    return ToolResult(blocks, structured=_fitting(results, value) if results else None)


def _fitting(results: Schema, value: Any) -> dict[str, Any]:
    """Return the members of a value that match the schema, in which no member is required."""
    members = value if isinstance(value, dict) else {}
    if _fits(results, members):
        return members
    return {name: member for name, member in members.items() if _fits(results, {name: member})}


def _fits(schema: Schema, value: Any) -> bool:
    try:
        schema.check(value)
    except SchemaViolation:
        return False
    return True


def _block(name: str, media_type: str, body: bytes) -> Content:
    kind = media_type.partition("/")[0]
    if kind == "text" or media_type.endswith(("xml", "yaml", "javascript")) or not media_type:
        return Text(redact(body.decode(errors="replace")))
    if kind == "image":
        return Image(body, media_type)
    if kind == "audio":
        return Audio(body, media_type)
    return EmbeddedResource(f"response://{name}", body, media_type)


def _next_page(operation: Operation, link: str) -> str:
    """Say how to get the next page, if the response links to it (RFC 8288, relation ``next``)."""
    match = _NEXT.search(link)
    if match is None:
        return ""
    arguments = {parameter.name: parameter.argument for parameter in operation.parameters if parameter.place == "query"}
    following = {
        arguments[name]: value for name, value in parse_qsl(urlsplit(match[1]).query) if name in arguments and value
    }
    if not following:
        return "There are more results."
    stated = ", ".join(f"{name}={_shorten(value, 200)}" for name, value in following.items())
    return f"There are more results. Call this tool again with {stated}"


def _problem(response: Response) -> str:
    """Return what a model may read of an error. A 5xx can have a stack trace, so only its status is told."""
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    told = f"The API answered {response.status} {reason}".strip()
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{told}. It failed; the same call may work later"
    if wait := response.headers.get("retry-after", ""):
        told = f"{told} (Retry-After: {_shorten(wait, 40)})"
    detail = _detail(response)
    return f"{told}: {detail}" if detail else told


def _detail(response: Response) -> str:
    """Return the bounded part of a 4xx body that says what is wrong: of a JSON object, and of plain text."""
    content_type = response.headers.get("content-type", "")
    text = response.body.decode(errors="replace")
    if content_type.lower().startswith("text/plain"):
        return _shorten(redact(text), LONGEST_PROBLEM)
    if not _JSON.match(content_type):
        return ""
    try:
        problem = msgspec.json.decode(text)
    except ValueError:
        return ""
    if isinstance(problem, Mapping):
        problem = {name: problem[name] for name in PROBLEM_MEMBERS if problem.get(name)} or problem
    told = msgspec.json.encode(problem).decode()
    return _shorten(redact(told), LONGEST_PROBLEM)


def _shorten(text: str, most: int) -> str:
    clean = _CONTROL.sub(" ", text).strip()
    return clean if len(clean) <= most else f"{clean[:most]}…"
