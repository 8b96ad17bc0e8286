"""HTTP: from the proxy event to a request, and from a result or an error to the response."""
