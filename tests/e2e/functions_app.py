"""An app with a plain tool, and tools in functions of their own whose module the server does not import."""

from runtime.authoring import App
from tests.e2e import plain_members

app = App(modules=[plain_members, "tests.e2e.billing_members", "tests.e2e.post_members"])
