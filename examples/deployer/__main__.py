"""The roles of one AWS account: for each stack there, one that updates it and one that only looks at it.

Deploy it by hand, once per account, as docs/pipeline.md says.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

# Pulumi runs this file in its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from examples.deployer import permissions, trust

config = pulumi.Config()
subject = trust.check_subject(config.require("subject"))
project = config.get("project") or "remote-mcp"
stacks: Sequence[str] = config.get_object("stacks") or ["dev", "prod"]
branch = config.get("branch") or "main"
branch_of_update = branch if config.get_bool("checkBranch", True) else None
with_options = bool(config.get_bool("withOptions", True))
state = permissions.State(bucket, config.get("stateKeyArn")) if (bucket := config.get("stateBucket")) else None

# An account has at most one provider for GitHub.
provider: pulumi.Output[str] = (
    pulumi.Output.from_input(existing)
    if (existing := config.get("existingProviderArn"))
    else aws.iam.OpenIdConnectProvider(
        "github",
        url=f"https://{trust.HOST}",
        client_id_lists=[trust.AUDIENCE],
        opts=pulumi.ResourceOptions(protect=True),
    ).arn
)


def declare_role(
    name: str, trusted: Callable[[str], trust.Policy], statements: Sequence[permissions.Statement]
) -> pulumi.Output[str]:
    """Declare a role with ``statements``, in as many policies as they take, and return its ARN."""
    role = aws.iam.Role(
        name,
        name=name,
        assume_role_policy=provider.apply(lambda arn: json.dumps(trusted(arn))),
        permissions_boundary=config.get("permissionsBoundary"),
        tags={"project": project},
    )
    for number, document in enumerate(permissions.documents(statements), 1):
        policy = aws.iam.Policy(f"{name}-{number}", name=f"{name}-{number}", policy=document)
        aws.iam.RolePolicyAttachment(f"{name}-{number}", role=role.name, policy_arn=policy.arn)
    return role.arn


def declare_roles(stack: str) -> dict[str, pulumi.Output[str]]:
    """Declare both roles of a stack, and return their ARNs by the variables of the workflows."""
    of_stack = permissions.OfStack(project, stack, with_options=with_options, state=state)
    # Who updates a stack can change the roles whose names start like its own, so these start with another word.
    return {
        f"{stack}_deploy_role".upper(): declare_role(
            f"github-{project}-{stack}-deploy",
            lambda arn: trust.trust_of_update(arn, subject, stack, branch_of_update),
            of_stack.update(),
        ),
        f"{stack}_preview_role".upper(): declare_role(
            f"github-{project}-{stack}-preview",
            lambda arn: trust.trust_of_preview(arn, subject, branch),
            of_stack.preview(),
        ),
    }


pulumi.export("variables", {name: arn for stack in stacks for name, arn in declare_roles(stack).items()})
