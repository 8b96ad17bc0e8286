"""The app of this server."""

from runtime.app import tools
from runtime.authoring import App

app = App(modules=[tools], instructions="Look up what customers owe and have ordered. Start with open_invoices.")
