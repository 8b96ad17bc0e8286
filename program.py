"""The stack of this project on one screen: configuration, component, outputs."""

import pulumi

from components.server.program import read_arguments
from components.server.server import RemoteMcpServer

server = RemoteMcpServer(pulumi.get_project(), read_arguments())
for name, output in server.outputs().items():
    pulumi.export(name, output)
