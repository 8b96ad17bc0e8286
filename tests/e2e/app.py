"""An app that has everything an app can have, served from outside ``runtime``."""

from runtime.authoring import App
from tests.e2e import feature_members, scoped_members, tasks_app

app = App(modules=[feature_members, scoped_members, tasks_app], instructions="For the official client.")
