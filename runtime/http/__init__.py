"""From the proxy event to a request, and from an answer or an error to the response."""
