"""The names of the local stack, which start with what ``Pulumi.yaml`` calls the project."""

from components.names import prefix_of
from local.program import STACK, project_name

PROJECT = project_name()
PREFIX = prefix_of(PROJECT, STACK)
