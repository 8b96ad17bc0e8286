"""Stores in memory, for tests of what stands on stores. The contract tests hold them to what DynamoDB does."""
