"""An app whose tools read secrets."""

from runtime.authoring import App
from tests.e2e.secrets_app import tools

app = App(modules=[tools])
