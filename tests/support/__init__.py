"""Shared test helpers: clients, keys, servers and users."""
