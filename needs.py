"""What your tools need: permissions, environment variables, secrets, a network. docs/authoring.md says more.

``pulumi up`` and ``make up`` run this file. It is never packaged.
"""

from components.needs import Needs


def declare(needs: Needs) -> None:
    """Declare what your tools need. These need nothing."""
