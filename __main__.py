"""What the Pulumi engine starts, as ``python FOLDER``, for programs that add this project as a package."""

import sys

from components.server.plugin import serve

if __name__ == "__main__":
    serve(sys.argv[1:])
