"""What the owner of a deployment writes tools and resources with."""

from runtime.authoring.app import App
from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError
from runtime.authoring.resource import Resource, resource
from runtime.authoring.tool import Tool, ToolError, tool

__all__ = ["App", "Context", "DefinitionError", "Resource", "Tool", "ToolError", "resource", "tool"]
