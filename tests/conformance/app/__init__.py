"""What the official conformance suite expects a server to offer, written as any deployment writes its own."""

from runtime.authoring import App
from tests.conformance.app import answers, asking, longer, prompts, resources

app = App(modules=[answers, asking, longer, prompts, resources])
