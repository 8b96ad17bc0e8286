"""The app with one tool, which runs in a function of its own."""

from runtime.authoring import App

app = App(modules=["tests.benchmarks.apps.hop_tools"])
