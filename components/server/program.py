"""The arguments of the server that the program of this repository declares."""

from typing import cast

from components.config import StackConfig
from components.config_values import read_rules
from components.server.arguments import RemoteMcpServerArgs
from components.server.keys import names_of
from components.stack_settings import read_settings


def read_arguments() -> RemoteMcpServerArgs:
    """Return what the current stack sets, as arguments. Raise ``pulumi.RunError`` if the configuration is not valid.

    It is checked here, before the component is there, because only a stack has secret values, which no message may
    show, keys of other projects, and tags from the AWS provider.
    """
    StackConfig.load()
    return cast("RemoteMcpServerArgs", names_of(read_settings(read_rules()).values))
