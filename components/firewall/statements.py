"""The statements that the rules consist of."""

from collections.abc import Iterable, Sequence

import pulumi
import pulumi_aws as aws

Statement = aws.wafv2.WebAclRuleStatementArgs


def has_label(label: str) -> Statement:
    """Match a request to which a rule before this one added a label."""
    return Statement(
        label_match_statement=aws.wafv2.WebAclRuleStatementLabelMatchStatementArgs(scope="LABEL", key=label)
    )


def has_path(pattern: str) -> Statement:
    """Match a request whose path, as it was sent, matches a regular expression: no spelling of it gets more."""
    untouched = aws.wafv2.WebAclRuleStatementRegexMatchStatementTextTransformationArgs(priority=0, type="NONE")
    types = aws.wafv2
    whole = types.WebAclRuleStatementRegexMatchStatementFieldToMatchUriPathArgs()  # type: ignore[no-untyped-call]
    return Statement(
        regex_match_statement=aws.wafv2.WebAclRuleStatementRegexMatchStatementArgs(
            regex_string=pattern,
            field_to_match=aws.wafv2.WebAclRuleStatementRegexMatchStatementFieldToMatchArgs(uri_path=whole),
            text_transformations=[untouched],
        )
    )


def comes_from(ip_set_arn: pulumi.Input[str]) -> Statement:
    """Match a request whose connection comes from an address in a set."""
    return Statement(
        ip_set_reference_statement=aws.wafv2.WebAclRuleStatementIpSetReferenceStatementArgs(arn=ip_set_arn)
    )


def any_of(statements: Iterable[Statement]) -> Statement:
    """Match what one of the ``statements`` matches. AWS WAF takes no list of one."""
    choices: Sequence[Statement] = list(statements)
    if len(choices) == 1:
        return choices[0]
    return Statement(or_statement=aws.wafv2.WebAclRuleStatementOrStatementArgs(statements=choices))


def both(first: Statement, second: Statement) -> Statement:
    """Match what both statements match."""
    return Statement(and_statement=aws.wafv2.WebAclRuleStatementAndStatementArgs(statements=[first, second]))


def is_not(statement: Statement) -> Statement:
    """Match everything else."""
    return Statement(not_statement=aws.wafv2.WebAclRuleStatementNotStatementArgs(statement=statement))
