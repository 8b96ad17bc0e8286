"""What the Pulumi CLI runs: the program in ``program.py``. An error that its user can mend ends it with one message.

The Python host of the CLI takes other ends for a crash, to which the engine adds "an unhandled error occurred".
"""

import runpy
import sys
from pathlib import Path

import pulumi

# The exit status by which pulumi-language-python knows that the user has been told what to do.
EXPLAINED = 32
FOLDER = Path(__file__).resolve().parent


def run_program() -> None:
    """Run the program. Exit with the status ``EXPLAINED`` after a ``pulumi.RunError``."""
    try:
        runpy.run_path(str(FOLDER / "program.py"), run_name="__main__")
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        sys.exit(EXPLAINED)


if __name__ == "__main__":
    # What the program imports is beside it.
    sys.path.insert(0, str(FOLDER))
    run_program()
