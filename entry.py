"""What the Pulumi CLI runs: the program in ``__main__.py``. An error that its user can mend ends it with one message.

The Python host of the CLI takes other ends for a crash, to which the engine adds "an unhandled error occurred".
"""

import runpy
import sys
from pathlib import Path

import pulumi

# The exit status by which pulumi-language-python knows that the user has been told what to do.
EXPLAINED = 32


def run_program() -> None:
    """Run the program. Exit with the status ``EXPLAINED`` after a ``pulumi.RunError``."""
    try:
        # A folder, unlike a file, becomes the first place to import from.
        runpy.run_path(str(Path(__file__).parent), run_name="__main__")
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        sys.exit(EXPLAINED)


if __name__ == "__main__":
    run_program()
