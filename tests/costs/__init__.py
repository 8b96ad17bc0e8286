"""Counts what the real handlers do on AWS, for the model behind ``python -m admin cost``."""
