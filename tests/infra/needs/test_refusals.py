"""What a needs file may not say. The message names the file, the line and the member."""

from pathlib import Path

import pulumi
import pytest

from tests.infra.needs.declaring import run_file

ALLOWED_ACTION = "allowed: a service and an action, such as 's3:GetObject'"
NAMES = "allowed: two or more letters, digits and _ that start with a letter"
TEXT = "allowed: a string, or an output that becomes one"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("needs.alow('s3:GetObject', '*')", "needs.alow: there is no such member; did you mean allow?"),
        ("needs.zzz", "needs.zzz: there is no such member; there are account, allow, config, "),
        ("needs.function('billing').config", "needs.function('billing').config: there is no such member; "),
        ("needs.allow('s3GetObject', 'arn:aws:s3:::x')", f"needs.allow: 's3GetObject' is no action; {ALLOWED_ACTION}"),
        ("needs.allow(['s3:GetObject', 5], 'arn:aws:s3:::x')", f"needs.allow: 5 is no action; {ALLOWED_ACTION}"),
        ("needs.allow([], 'arn:aws:s3:::x')", "needs.allow: no action is named"),
        ("needs.allow('s3:GetObject', [])", "needs.allow: no resource is named"),
        ("needs.allow('s3:GetObject', ['a', 5])", f"needs.allow: 5 is no string; {TEXT}"),
        ("needs.allow('s3:GetObject', 'a', {'Equals': {}})", "needs.allow: 'Equals' is no operator of conditions"),
        (
            "needs.allow('s3:GetObject', 'a', {'NullIfExists': {'k': 'v'}})",
            "needs.allow: 'NullIfExists' is no operator",
        ),
        ("needs.allow('s3:GetObject', 'a', {'Bool': 'yes'})", "needs.allow: condition has 'yes' for 'Bool'"),
        ("needs.environment('1ST', 'x')", f"needs.environment: '1ST' is no name of a variable; {NAMES}"),
        ("needs.environment('AWS_REGION', 'x')", "needs.environment: AWS_REGION is a variable that Lambda sets"),
        ("needs.environment('TABLE_NAME', 'x')", "needs.environment: TABLE_NAME is a variable that this server sets"),
        ("needs.environment('SECRETS', 'x')", "needs.environment: SECRETS is a variable that this server sets"),
        ("needs.environment('SIZE', 5)", f"needs.environment: SIZE: 5 is no string; {TEXT}"),
        ("needs.environment('A1', 'x'); needs.environment('A1', 'y')", "needs.environment: A1 is set twice"),
        ("needs.secret('a b')", f"needs.secret: 'a b' is no name of a secret; {NAMES}"),
        ("needs.secret('KEY', arn='key')", "needs.secret: arn is 'key'; allowed: the ARN of a secret"),
        ("needs.secret('KEY'); needs.secret('KEY')", "needs.secret: KEY is named twice"),
        ("needs.layer('arn:aws:lambda:eu-west-1:123456789012:layer:x')", "needs.layer: 'arn:aws:lambda:eu-west-1:"),
        ("needs.layer(5)", f"needs.layer: 5 is no string; {TEXT}"),
        ("needs.memory(64)", "needs.memory: 64 is not allowed; allowed: an integer from 128 to 10240"),
        ("needs.memory('512')", "needs.memory: '512' is not allowed; allowed: an integer from 128 to 10240"),
        ("needs.memory(True)", "needs.memory: True is not allowed"),
        ("needs.memory(512); needs.memory(512)", "needs.memory: it is set twice"),
        ("needs.timeout(30)", "needs.timeout: 30 is not allowed; allowed: an integer from 1 to 29"),
        ("needs.reserve_concurrency(-1)", "needs.reserve_concurrency: -1 is not allowed; allowed: an integer from 0"),
        ("needs.function('Billing')", "needs.function: 'Billing' is no name of a function; it must be 1 to 20"),
        ("needs.function('a').timeout(901)", "needs.function('a').timeout: 901 is not allowed; allowed: an integer"),
        ("needs.invoke(None)", f"needs.invoke: None is no string; {TEXT}"),
        ("needs.config('subnets')", "needs.config: app:subnets is not set"),
        ("needs.allow()", "TypeError: FunctionCollector.allow() missing 2 required positional arguments"),
        ("needs.memory(mb=1)", "TypeError: FunctionCollector.memory() got an unexpected keyword argument 'mb'"),
        ("undefined", "NameError: name 'undefined' is not defined"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run_file(tmp_path, line)
    assert str(refused.value).startswith(f"{tmp_path}/needs.py:6: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "needs.py has no function declare(needs)"),
        ("declare = 5", "needs.py has no function declare(needs)"),
        ("import nothing_like_this", "needs.py:1: ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("\ndef declare(needs:\n    pass\n", "needs.py:2: SyntaxError: '(' was never closed"),
    ],
)
def test_a_file_that_cannot_be_run_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run_file(tmp_path, text=text)
    assert str(refused.value).startswith(f"{tmp_path}/{message}")
