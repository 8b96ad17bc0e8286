"""The command ``release``: requests move to the new versions of the functions step by step, and back if they fail."""
