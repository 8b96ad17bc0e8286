"""Tests of what an app needs."""
