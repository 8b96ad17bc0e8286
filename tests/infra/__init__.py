"""The declared stack, by Pulumi's mocks: no AWS account and no Pulumi CLI."""
