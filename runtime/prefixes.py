"""The prefixes of the partition keys of the table, one for each kind of record.

The stores write them, and the IAM policies restrict each function to its prefixes (``dynamodb:LeadingKeys``).
"""

from typing import Final

CLIENTS: Final = "client#"
INITIAL_TOKENS: Final = "initial#"
COUNTERS: Final = "rate#"
ONE_TIME: Final = "once#"
REVOKED: Final = "revoked#"
GRANTS: Final = "grant#"
CLIENT_KEYS: Final = "keys#"
CLIENT_DOCUMENTS: Final = "document#"
PUSHED: Final = "par#"
LOGINS: Final = "login#"
SESSIONS: Final = "session#"
USERS: Final = "person#"
EXCHANGES: Final = "exchange#"
LEVELS: Final = "level#"
TASKS: Final = "task#"
CUTOFF: Final = "cutoff#"
