"""The functions of their own that some tools have: each with a role, an archive and needs of its own."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.config import StackConfig
from components.environments import Environment
from components.function import Function, FunctionArgs, FunctionSettings
from components.iam import Statement
from components.names import SUFFIX
from components.needs.values import AppNeeds, FunctionNeeds
from components.packaging.survey import Survey, SurveyedFunction, survey_app
from components.release import CANARY
from runtime.deployment import MANIFEST

# What outputs and alarms call the function with the tools of ``billing``: tool-billing.
KIND = "tool"
# Each has a role, a log group and alarms, and its callers have the names of all in their environments.
MOST = 10
# A caller ends its call so many seconds before its own time is over, and a function earlier than that: both can still
# say so.
CALLER_MARGIN = 2
FUNCTION_MARGIN = 3
# AWS Lambda API Reference, CreateFunction.
LONGEST_NAME = 64
UNKNOWN = "unknown before a deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFunctionsArgs:
    """The app whose tools have functions, and what these are made of. Their names start with ``prefix``."""

    prefix: str
    config: StackConfig
    settings: FunctionSettings
    needs: AppNeeds

    @property
    def request_seconds(self) -> int:
        """How long the mcp function runs at most."""
        return self.needs.timeout or self.config.timeout_seconds

    def longest(self, surveyed: SurveyedFunction) -> int:
        """Return how long a function may take for a call: as long as its callers wait, less a margin."""
        caller = self.config.worker_timeout_seconds if surveyed.tasks else self.request_seconds
        return max(caller - FUNCTION_MARGIN, 1)


@dataclass(frozen=True, slots=True)
class ToolFunctions:
    """The functions of an app's tools, by the names that the tools give them.

    ``manifest`` has the tools that the server lists without importing their modules; it is empty if there are none.
    """

    functions: Mapping[str, Function]
    manifest: bytes

    @property
    def labels(self) -> dict[str, Function]:
        """The functions by the names that alarms and outputs give them."""
        return {f"{KIND}-{name}": function for name, function in self.functions.items()}

    @property
    def allow_invoking(self) -> Sequence[Statement]:
        """The permission of a caller, for the versions that serve and no others."""
        return [function.allow_invoking for function in self.functions.values()]

    @property
    def files(self) -> dict[str, bytes]:
        """What the archive of a caller holds besides its code."""
        return {MANIFEST: self.manifest} if self.manifest else {}

    def environment(self, caller_seconds: int) -> Environment:
        """Return the environment by which a caller, which runs for ``caller_seconds`` at most, finds the functions."""
        if not self.functions:
            return {}
        names = {name: function.qualified_name for name, function in self.functions.items()}
        return {
            "TOOL_FUNCTIONS": pulumi.Output.json_dumps(names),
            "TOOL_SECONDS": str(max(caller_seconds - CALLER_MARGIN, 1)),
        }


def declare_tool_functions(args: ToolFunctionsArgs, opts: pulumi.ResourceOptions) -> ToolFunctions:
    """Declare the functions of an app's tools. Only an app that has such tools is imported to find them.

    Raise ``pulumi.RunError`` if the app cannot be imported, or does not fit to its needs file or to AWS.
    """
    packager = args.settings.packager
    survey = survey_app(packager.sources, args.config.app_module, packager.cache, _variables(args.needs))
    if problems := list(_problems(args, survey)):
        raise pulumi.RunError("\n".join(problems))
    functions = {name: _declare(name, args, surveyed, opts) for name, surveyed in sorted(survey.functions.items())}
    return ToolFunctions(functions, survey.manifest)


def _declare(name: str, args: ToolFunctionsArgs, surveyed: SurveyedFunction, opts: pulumi.ResourceOptions) -> Function:
    needs = args.needs.functions.get(name, FunctionNeeds())
    return Function(
        f"{args.prefix}-{KIND}-{name}",
        FunctionArgs(
            settings=args.settings,
            description=f"Runs the tools of {name}",
            handler="runtime.handlers.tool.handler",
            environment={"TOOL_FUNCTION": name, "TOOL_MODULES": json.dumps(surveyed.modules)},
            app_environment=needs.variables,
            allow=needs.statements,
            modules=surveyed.modules,
            timeout=needs.timeout or args.longest(surveyed),
            reserved_concurrency=needs.reserved_concurrency,
            provisioned_concurrency=needs.provisioned_concurrency,
            memory_size=needs.memory_size,
            layers=needs.layers,
            vpc=needs.vpc,
        ),
        opts,
    )


def _variables(needs: AppNeeds) -> dict[str, str]:
    """Return the variables that the app may read when it is imported, with the values that are known by now."""
    variables = {name: value for each in (needs, *needs.functions.values()) for name, value in each.environment.items()}
    return {name: value if isinstance(value, str) else UNKNOWN for name, value in variables.items()}


def _problems(args: ToolFunctionsArgs, survey: Survey) -> Iterator[str]:
    functions = survey.functions
    if len(functions) > MOST:
        yield f"The tools have {len(functions)} functions of their own; allowed: at most {MOST}. Let tools share one."
    for name in args.needs.functions.keys() - functions.keys():
        near = difflib.get_close_matches(name, functions, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the tools name {', '.join(functions) or 'none'}"
        yield f"needs.function({name!r}): no tool has @tool(function={name!r}); {hint}"
    for name, surveyed in functions.items():
        full = f"{args.prefix}-{KIND}-{name}{SUFFIX}"
        if len(full) > LONGEST_NAME:
            yield (
                f"@tool(function={name!r}): the function would be called {full!r}, which has {len(full)} characters; "
                f"allowed: at most {LONGEST_NAME}. Take a name that is shorter by {len(full) - LONGEST_NAME}."
            )
        yield from _wrong_needs(name, args, surveyed)


def _wrong_needs(name: str, args: ToolFunctionsArgs, surveyed: SurveyedFunction) -> Iterator[str]:
    needs, longest = args.needs.functions.get(name, FunctionNeeds()), args.longest(surveyed)
    if needs.timeout is not None and needs.timeout > longest:
        reason = "a task may take that long" if surveyed.tasks else "its tools answer requests, and none runs as a task"
        yield f"needs.function({name!r}).timeout is {needs.timeout}; allowed: at most {longest}, because {reason}"
    if needs.provisioned_concurrency is not None and args.config.release == CANARY:
        yield f"needs.function({name!r}).provision_concurrency: not with release {CANARY}, which Lambda refuses"
