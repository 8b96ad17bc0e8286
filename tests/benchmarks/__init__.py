"""Measures the mcp function against other ways to serve MCP from Lambda. Run it with ``make bench``."""
