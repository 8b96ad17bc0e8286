"""Tests of the component that is the server: its arguments, its parts, and what it was before there was one."""

import json
from typing import Any, cast

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime.settings import set_root_resource

from components.config_values import SCHEMA_FILE
from components.server.arguments import RemoteMcpServerArgs
from components.server.keys import keys_of, names_of
from components.server.server import RemoteMcpServer
from docs.component_arguments import MODULE, arguments_module
from tests.infra.recorder import HERE, Recorder, RecordingMonitor

KEYS = json.loads(SCHEMA_FILE.read_bytes())["properties"]


def declare(recorder: Recorder, *names: str, **args: Any) -> RecordingMonitor:
    """Declare servers in a stack of another project, and return what saw their options."""
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    monitor = RecordingMonitor(recorder)
    pulumi.runtime.set_mocks(recorder, project="platform", stack="dev", preview=False, monitor=monitor)
    pulumi.runtime.set_all_config({"platform:memorySize": "1", "other:key": "x"})
    given = cast("RemoteMcpServerArgs", {"python_version": HERE, "app_needs": "none", **args})

    def program() -> None:
        for name in names:
            RemoteMcpServer(name, given)

    mocks.test(program)()  # type: ignore[no-untyped-call]
    return monitor


def test_the_arguments_are_made_from_the_schema_of_the_configuration() -> None:
    assert MODULE.read_text() == arguments_module(), "run make docs"


def test_each_key_of_the_configuration_is_an_argument() -> None:
    assert list(keys_of(names_of(dict.fromkeys(KEYS, "x") | {"upstream": {"clientId": "x"}}))) == list(KEYS)
    assert keys_of({"upstream": {"issuer": "i", "client_id": "c"}}) == {"upstream": {"issuer": "i", "clientId": "c"}}


@pytest.mark.slow
def test_two_servers_fit_into_one_stack_of_another_project_whose_configuration_does_not_matter() -> None:
    recorder = Recorder()
    declare(recorder, "tools", "reports", server_name="tools")
    declared = recorder.declared
    names = [resource.name for resource in declared]
    assert all(name.startswith(("tools", "reports", "aws-waf-logs-")) for name in names), names
    assert len({(resource.type, resource.name) for resource in declared}) == len(declared)
    tools, reports = (
        {name.removeprefix(start) for name in names if name.startswith(start)} for start in ("tools", "reports")
    )
    assert tools == reports


@pytest.mark.slow
def test_the_parts_keep_the_identity_that_they_had_as_children_of_the_stack() -> None:
    monitor = declare(Recorder(), "tools")
    parts = {
        key: options for key, options in monitor.options.items() if options.parent.endswith("RemoteMcpServer::tools")
    }
    assert len(parts) > 10
    assert all(options.was_in_stack for options in parts.values())
    inside = [options for key, options in monitor.options.items() if key not in parts]
    # Children inherit the alias of their component.
    assert not any(options.was_in_stack for options in inside)


def test_a_value_that_is_not_allowed_is_named_with_the_server_it_is_for() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        declare(Recorder(), "tools", memory_size=1.0, upstream={"issuer": "https://idp.example.com"})
    title, *problems = str(refused.value).split("\n  ")
    assert title == "The arguments of the RemoteMcpServer tools are not valid:"
    assert "memorySize is 1; allowed: an integer from 128 to 10240" in problems
    assert any(problem.startswith("upstream.clientId is required, but not set") for problem in problems)


def test_an_argument_that_there_is_not_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(pulumi.RunError, match="memory is 512, but there is no such key; did you mean memorySize"):
        declare(Recorder(), "tools", memory=512)


def test_a_name_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match=r"made of the name 'x{60}' and the stack 'dev', is too long"):
        declare(Recorder(), "x" * 60)
