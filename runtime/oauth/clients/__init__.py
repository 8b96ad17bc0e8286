"""Clients: registration, management, keys and authentication."""
