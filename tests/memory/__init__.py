"""Stores in memory for tests. The contract tests check that they behave like DynamoDB."""
