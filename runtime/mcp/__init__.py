"""The Model Context Protocol: revisions, messages, methods."""
