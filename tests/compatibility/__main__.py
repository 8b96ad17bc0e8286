"""Release a version, or record the present one again: ``make release VERSION=1.1.0``."""

import sys
from datetime import UTC, datetime

from runtime.version import VERSION
from tests.compatibility.releasing import NoRelease, record, release

wanted = sys.argv[1] if len(sys.argv) > 1 else VERSION
try:
    if wanted != VERSION:
        release(wanted, datetime.now(UTC).date())
except (NoRelease, ValueError) as error:
    sys.exit(f"error: {error}")
record(wanted)
print(f"Recorded {wanted}. Commit it, and name the commit: git tag v{wanted}")  # noqa: T201  # a command for a person
