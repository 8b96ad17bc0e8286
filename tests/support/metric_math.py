"""Metric math on one moment, as far as alarms use it.

CloudWatch User Guide, Using metric math: in arithmetic and comparisons, a missing value counts as 0 beside a value;
without any value there is no result, and a division by 0 has none. ``IF`` has a result where its condition has one.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping

Value = float | None

OPERATORS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}
IDENTIFIER = re.compile("[a-z][A-Za-z0-9_]*")


def evaluate(expression: str, values: Mapping[str, Value]) -> Value:
    """Return the value of an expression over metrics by their ids. Raise ``ValueError`` for other syntax."""
    for name in values:
        if not IDENTIFIER.fullmatch(name):
            raise ValueError(f"CloudWatch takes no id {name}")
    return _evaluate(ast.parse(expression, mode="eval").body, values)


def _evaluate(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(int() | float() as number):
            return float(number)
        case ast.Name(name):
            return values[name]
        case ast.BinOp(left, sign, right):
            return _combine(OPERATORS[type(sign)], _evaluate(left, values), _evaluate(right, values))
        case ast.Compare(left, [sign], [right]):
            return _compare(OPERATORS[type(sign)], left, right, values)
        case ast.Call(ast.Name("IF"), [condition, yes, no]):
            holds = _evaluate(condition, values)
            return None if holds is None else _evaluate(yes if holds else no, values)
    raise ValueError(ast.unparse(node))


def _compare(
    sign: Callable[[float, float], float], left: ast.expr, right: ast.expr, values: Mapping[str, Value]
) -> Value:
    """Return 1 or 0. A comparison of a missing value with a number has no result."""
    first, second = _evaluate(left, values), _evaluate(right, values)
    if isinstance(right, ast.Constant) and first is None:
        return None
    return _combine(sign, first, second)


def _combine(sign: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if left is None and right is None:
        return None
    try:
        return float(sign(left or 0.0, right or 0.0))
    except ZeroDivisionError:
        return None
