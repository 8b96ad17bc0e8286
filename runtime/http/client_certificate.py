"""The certificate with which a client connected, where API Gateway asks for one (mutual TLS)."""

from collections.abc import Mapping
from typing import Any

# The limit of schemas/audit-event.json. The standard sets none.
MOST_CHARACTERS = 512


def certificate_subject(event: Mapping[str, Any]) -> str | None:
    """Return the subject of the certificate in a proxy or authorizer event, cut off, or ``None`` if there is none.

    API Gateway has verified the certificate and writes this part of the event itself. No header says anything about it.
    """
    identity = event["requestContext"].get("identity") or {}
    subject = (identity.get("clientCert") or {}).get("subjectDN")
    return str(subject)[:MOST_CHARACTERS] if subject else None
