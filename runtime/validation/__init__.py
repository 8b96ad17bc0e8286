"""JSON Schema validation in time linear in what is validated."""
