"""Three example tools; replace them with your own."""

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from msgspec import Meta

from runtime.authoring import Context, ToolError, tool


@dataclass(frozen=True)
class Identity:
    """How this server sees its caller."""

    client_id: str
    subject: str
    scopes: list[str]
    protocol_version: str


@tool(title="Who am I")
def whoami(context: Context) -> Identity:
    """Tell the caller its client id, its subject, its scopes and the protocol revision it speaks."""
    return Identity(context.client_id, context.subject, sorted(context.scopes), context.protocol_version)


@tool(title="Current time")
def current_time(utc_offset_minutes: Annotated[int, Meta(ge=-720, le=840)] = 0) -> str:
    """The current date and time in ISO 8601, at an offset from UTC given in minutes."""
    return datetime.now(timezone(timedelta(minutes=utc_offset_minutes)) if utc_offset_minutes else UTC).isoformat()


_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


@tool(title="Calculate")
def calculate(expression: Annotated[str, Meta(min_length=1, max_length=200)]) -> str:
    """Work out an arithmetic expression of numbers, parentheses and the operators + - * / %."""
    try:
        value = _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolError("That is not an arithmetic expression.") from error
    except ZeroDivisionError as error:
        raise ToolError("Division by zero.") from error
    if not math.isfinite(value):
        raise ToolError("The result is too large.")
    return str(value)


def _value(node: ast.AST) -> float:
    """Return the value of an expression tree of numbers and the operators above. Raise ``ValueError`` for any other."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand))
    raise ValueError("not arithmetic")
