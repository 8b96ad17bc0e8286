"""What permits the functions that run tools to call the Lambda functions that an app offers as tools."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pulumi

from components.iam import Statement
from components.location import Location
from components.packaging.lambda_tools import LambdaTool
from runtime.lambda_names import FunctionName, parse_function_name

INVOKE = "lambda:InvokeFunction"
# Actions that permit it, too.
ALSO = {INVOKE, "lambda:Invoke*", "lambda:*", "*"}


def allow_calling(
    tools: Sequence[LambdaTool], location: Location, environment: Mapping[str, Any], permitted: Iterable[Statement]
) -> list[Statement]:
    """Return the permission to call exactly those functions that the source names.

    A function that a variable names must be in the ``environment`` of the app and among what is ``permitted`` already:
    both are told by ``needs.invoke``. Raise ``pulumi.RunError``, which names the place in the source.
    """
    may_call = any(ALSO.intersection(statement.actions) for statement in permitted)
    problems = [problem for tool in tools for problem in _wrong(tool, environment, may_call=may_call)]
    if problems:
        raise pulumi.RunError("\n  ".join(["A Lambda function cannot be a tool:", *problems]))
    named = {_parse(tool) for tool in tools if tool.function is not None}
    if not named:
        return []
    return [Statement(actions=[INVOKE], resources=[_arn(name, location) for name in sorted(named, key=str)])]


def _wrong(tool: LambdaTool, environment: Mapping[str, Any], *, may_call: bool) -> Iterator[str]:
    if tool.function is not None:
        try:
            _parse(tool)
        except ValueError as error:
            yield f"{tool.place}: {error}"
    elif tool.environment is None:
        yield (
            f"{tool.place}: the function must be written there as a text, so that the permission to call it can be "
            'declared; or name a variable, environment="NAME", and say in needs.py: '
            'needs.invoke(ARN, environment="NAME")'
        )
    elif tool.environment not in environment:
        yield (
            f"{tool.place}: the environment variable {tool.environment} is not declared; say in needs.py: "
            f'needs.invoke(ARN, environment="{tool.environment}")'
        )
    elif not may_call:
        yield (
            f"{tool.place}: nothing permits to call the function in {tool.environment}; say in needs.py: "
            f'needs.invoke(ARN, environment="{tool.environment}")'
        )


def _parse(tool: LambdaTool) -> FunctionName:
    return parse_function_name(tool.function or "", tool.qualifier)


def _arn(name: FunctionName, location: Location) -> pulumi.Output[str]:
    place = pulumi.Output.all(location.partition, location.region, location.account_id)
    return place.apply(lambda known: name.arn(*known))
