"""Values that the program declares and the runtime relies on."""

from typing import Final

# The one log stream of the audit log. CloudWatch Logs accepts any number of concurrent writers.
AUDIT_STREAM: Final = "events"
# The member of the authorizer's context that has the challenge for a denied token. A gateway response reads it.
CHALLENGE: Final = "wwwAuthenticate"
# The partition key of the table, a string, and the attribute by which its items expire, in seconds since 1970.
PARTITION_KEY: Final = "pk"
EXPIRY: Final = "expires_at"
# How long a task may wait for its worker to start. After that Lambda drops the invocation, and the task fails.
QUEUE_SECONDS: Final = 120
# What everything that invokes a function names. $LATEST changes in two steps, first the configuration and then the
# code; the alias moves from one published version to the next in one step.
LIVE: Final = "live"
# The names of functions that run tools of their own; the names of their resources contain these.
FUNCTION_NAME: Final = r"[a-z](-?[a-z0-9]){0,19}"
FUNCTION_RULE: Final = "it must be 1 to 20 lower case letters, digits and hyphens, starting with a letter"
# The tools of modules that the functions of the server do not import, beside their code.
MANIFEST: Final = "manifest.json"
