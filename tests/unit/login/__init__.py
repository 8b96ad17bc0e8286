"""The interactive login."""
