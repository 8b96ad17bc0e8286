"""What the program declares and the runtime relies on. Pure data, read by both."""

from typing import Final

# The one log stream of the audit log: CloudWatch Logs takes any number of writers at once.
AUDIT_STREAM: Final = "events"
# How long a task may wait for its worker to start. After that Lambda drops the invocation, and the task has failed.
QUEUE_SECONDS: Final = 120
