"""The functions of a stack, as tests look at them."""

from tests.infra.recorder import Declaration, Stack

FUNCTIONS = ("authorizer", "login", "mcp", "oauth", "rotation", "worker")


def lambda_function(stack: Stack, name: str) -> Declaration:
    return stack.one("lambda/function:Function", f"-{name}")


def environment(stack: Stack, name: str) -> dict[str, str]:
    return dict(lambda_function(stack, name).inputs["environment"]["variables"])
