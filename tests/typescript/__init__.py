"""The official TypeScript clients, logged in by a user."""
