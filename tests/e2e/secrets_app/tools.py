"""Tools that read an environment variable, a secret of the stack, and a parameter that exists."""

from runtime.authoring import Secret, Settings, secret, tool


class Tickets(Settings):
    """What the first tool needs."""

    tickets_url: str
    tickets_token: Secret[str]
    parameter: Secret[str]


@tool
def lengths(tickets: Tickets) -> dict[str, int]:
    """Return the lengths of all values."""
    return {"url": len(tickets.tickets_url), "token": len(tickets.tickets_token), "parameter": len(tickets.parameter)}


@tool
def leak() -> str:
    """Fail with the secret in the error."""
    raise RuntimeError(f"GET https://tickets.example.com/?token={secret('TICKETS_TOKEN')} failed")
