"""Makes up requests of every kind and holds the answers against the OpenAPI document."""
