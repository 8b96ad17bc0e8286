"""The authorization server: one module per endpoint or idea."""
