"""The names of keys: ``memorySize`` in a stack file and in other languages, ``memory_size`` in Python."""

import re


def snake_case(key: str) -> str:
    return re.sub("([A-Z])", r"_\1", key).lower()


def camel_case(name: str) -> str:
    return re.sub("_([a-z0-9])", lambda found: found[1].upper(), name)
