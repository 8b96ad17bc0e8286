"""The app of this deployment. Add a module of your own and name it here."""

from runtime.app import resources, tools
from runtime.authoring import App

app = App(
    modules=[tools, resources],
    instructions="Start with whoami, which shows how this server sees you, then look at the resource server://about.",
)
