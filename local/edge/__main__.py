"""Run the edge: ``python -m local.edge``. ``local.servers`` does."""

import argparse
import asyncio
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.edge.server import Edge
from local.edge.settings import Settings

# More than the edge accepts, so that it answers itself to a request with too many headers.
_MAX_HEADER_BYTES = 64 * 1024


def main() -> None:
    """Serve until this process is stopped."""
    parser = argparse.ArgumentParser(prog="python -m local.edge", description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="file descriptor of the bound socket to listen on")
    parser.add_argument("--settings", type=Path, required=True, help="file with the settings")
    arguments = parser.parse_args()
    config = Config()
    config.bind = [f"fd://{arguments.socket}"]
    config.keep_alive_timeout = 75
    config.h11_max_incomplete_size = _MAX_HEADER_BYTES
    # The response keeps the emulator's Date and names no server.
    config.include_date_header = False
    config.include_server_header = False
    asyncio.run(serve(Edge(Settings.load(arguments.settings)), config))


if __name__ == "__main__":
    main()
