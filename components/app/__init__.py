"""The app that a stack serves, as its owner configures it: its settings, their schema and its needs file."""
