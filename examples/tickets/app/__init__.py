"""The app of this server."""

from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools], instructions="Look tickets up before you open or change one.")
