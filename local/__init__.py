"""The local stack: applies the Pulumi program to an AWS emulator, without the Pulumi CLI or an AWS account."""
