"""What these tools need: the key of the service, and where the service is."""

from components.needs import Needs


def declare(needs: Needs) -> None:
    """Make the secret, which an operator fills, and pass on the setting."""
    needs.secret("TICKETS_KEY")
    needs.environment("TICKETS_URL", needs.config("ticketsUrl"))
