"""Tests of the declared stack with Pulumi's mocks, without an AWS account or the Pulumi CLI."""
