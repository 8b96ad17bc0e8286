"""The local stack: what it applies, what it starts and stops, and what it tells."""
