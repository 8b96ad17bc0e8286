"""The app of this server."""

from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools], instructions="Look at the tables first, then query them. Bind every value as a parameter.")
