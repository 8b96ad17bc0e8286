"""The app of this server."""

from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools], instructions="Read the reports of this team. Start with list_reports.")
