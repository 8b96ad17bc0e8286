"""Serve the package for the engine to attach to: print the port, and go on until it is ended.

``python FOLDER`` is how the engine starts it. That cannot be attached to, because the SDK's server does not know how.
"""

import asyncio
import sys
from typing import Any

import grpc.aio
from google.protobuf import empty_pb2
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2_grpc

from components.server.plugin import RemoteMcpProvider


class _Servicer(ProviderServicer):
    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802  # the name is Pulumi's
        """Take the address of the engine, which the engine otherwise gives as an argument."""
        self.engine_address = request.address
        return empty_pb2.Empty()


async def _serve() -> None:
    server = grpc.aio.server()
    servicer = _Servicer(RemoteMcpProvider(), [], engine_address="")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(_serve())
