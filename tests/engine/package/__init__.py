"""The package in programs of other languages, as far as they can run without a full installation of Pulumi."""
