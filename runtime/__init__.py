"""Everything that runs in Lambda. It knows nothing of Pulumi."""
