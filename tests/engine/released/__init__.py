"""Stacks as the last release left them: their state, and the resources behind it.

``python -m tests.engine.released`` records them: run it when a version is released, and commit the files.
"""
