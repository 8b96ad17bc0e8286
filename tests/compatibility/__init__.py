"""Neighbouring versions serve at the same time during a release, so each understands what the other one writes.

``recorded.json`` holds what the version before this one wrote, and how it read that. ``python -m tests.compatibility``
records this version: run it when a version is released, after the tests have passed, and commit the file.
"""
