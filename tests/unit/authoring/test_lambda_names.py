"""The names by which Lambda functions are called."""

import pytest

from runtime.lambda_names import parse_function_name

ELSEWHERE = "arn:aws-us-gov:lambda:us-gov-west-1:210987654321:function:billing"


@pytest.mark.parametrize(
    ("text", "qualifier", "target", "arn"),
    [
        ("billing", None, "billing", "arn:aws:lambda:eu-west-1:123456789012:function:billing"),
        ("billing", "live", "billing:live", "arn:aws:lambda:eu-west-1:123456789012:function:billing:live"),
        ("billing:7", None, "billing:7", "arn:aws:lambda:eu-west-1:123456789012:function:billing:7"),
        (
            "210987654321:function:billing",
            "live",
            "210987654321:function:billing:live",
            "arn:aws:lambda:eu-west-1:210987654321:function:billing:live",
        ),
        (ELSEWHERE, None, ELSEWHERE, ELSEWHERE),
        (ELSEWHERE, "$LATEST", f"{ELSEWHERE}:$LATEST", f"{ELSEWHERE}:$LATEST"),
    ],
)
def test_a_function_is_named_by_name_or_arn_with_a_version_or_alias(
    text: str, qualifier: str | None, target: str, arn: str
) -> None:
    name = parse_function_name(text, qualifier)
    assert (name.target, name.arn("aws", "eu-west-1", "123456789012")) == (target, arn)


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [("", None), ("a b", None), ("a" * 65, None), ("billing:1", "2"), ("arn:aws:s3:::billing", None), ("a", "b.c")],
)
def test_anything_else_names_no_function(text: str, qualifier: str | None) -> None:
    with pytest.raises(ValueError, match="a function is named by"):
        parse_function_name(text, qualifier)
