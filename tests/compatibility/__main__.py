"""Record this version, for the next one to be tested with: ``python -m tests.compatibility``."""

from tests.compatibility.recording import FILE, Recording

Recording.make().save()
print(f"Recorded in {FILE}. Commit it together with the version.")  # noqa: T201  # a command for a person
