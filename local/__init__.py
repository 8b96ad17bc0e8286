"""The stack on this machine: the Pulumi program applied to an AWS emulator, without Pulumi's CLI or an account."""
