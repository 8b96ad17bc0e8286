"""The operations of a ticket service as tools."""

from runtime.openapi import header_key, openapi_tools

tickets = openapi_tools(
    "tickets.yaml",
    operations=["tag:tickets"],
    base_url="${TICKETS_URL}",
    auth=header_key("X-Api-Key", secret="TICKETS_KEY"),  # nosec B106  # the name of the secret
    # The service of this example is on the machine of its reader, and speaks http.
    private_addresses=True,
)
