"""The app of this server."""

from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools], instructions="Ask for the open tickets of a team.")
