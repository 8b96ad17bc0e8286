"""The parent of what a needs file declares gives it the provider of the server."""

import pulumi
import pulumi_aws as aws
from pulumi.runtime import mocks
from pulumi.runtime.settings import get_root_resource, set_root_resource

from components.needs.parent import App
from tests.infra.recorder import Recorder


def test_a_resource_gets_the_provider_of_the_server_unless_it_names_one() -> None:
    found: dict[str, object] = {}
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")

    def program() -> None:
        ours, other = aws.Provider("ours", region="eu-west-1"), aws.Provider("other", region="us-east-1")
        app = App("app", pulumi.ResourceOptions(providers=[ours]))
        root = get_root_resource()
        with app.as_default_parent():
            found["plain"] = aws.sns.Topic("plain")._provider is ours
            elsewhere = pulumi.ResourceOptions(provider=other)
            found["named"] = aws.sns.Topic("named", opts=elsewhere)._provider is other
            component = pulumi.ComponentResource("mine:index:Thing", "thing")
            child = aws.sns.Topic("child", opts=pulumi.ResourceOptions(parent=component))
            found["child"] = child._provider is ours
        found["after"] = get_root_resource() is root

    mocks.test(program)()  # type: ignore[no-untyped-call]
    assert found == {"plain": True, "named": True, "child": True, "after": True}
