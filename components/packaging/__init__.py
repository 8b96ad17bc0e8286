"""Builds the archives of the functions."""
