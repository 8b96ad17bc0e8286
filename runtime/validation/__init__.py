"""JSON Schema validation in time linear in the value."""
