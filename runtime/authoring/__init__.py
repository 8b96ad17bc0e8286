"""The decorators and types to write tools, resources and prompts with."""

from runtime.authoring.app import App
from runtime.authoring.asking import ClientRefused, Elicitation, Form, Root, Roots, Sample, Visit
from runtime.authoring.compatibility import CompatibilityWarning
from runtime.authoring.completion import completion
from runtime.authoring.content import (
    Annotations,
    Audio,
    Content,
    EmbeddedResource,
    Icon,
    Image,
    Message,
    ResourceLink,
    Text,
    ToolResult,
)
from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError
from runtime.authoring.headers import header
from runtime.authoring.prompt import Prompt, prompt
from runtime.authoring.resource import NoSuchResource, Resource, resource
from runtime.authoring.secrets import SettingError, secret
from runtime.authoring.settings import Secret, Settings, read_settings
from runtime.authoring.tool import Tool, ToolError, tool
from runtime.authoring.tool_options import ToolAnnotations

__all__ = [
    "Annotations",
    "App",
    "Audio",
    "ClientRefused",
    "CompatibilityWarning",
    "Content",
    "Context",
    "DefinitionError",
    "Elicitation",
    "EmbeddedResource",
    "Form",
    "Icon",
    "Image",
    "Message",
    "NoSuchResource",
    "Prompt",
    "Resource",
    "ResourceLink",
    "Root",
    "Roots",
    "Sample",
    "Secret",
    "SettingError",
    "Settings",
    "Text",
    "Tool",
    "ToolAnnotations",
    "ToolError",
    "ToolResult",
    "Visit",
    "completion",
    "header",
    "prompt",
    "read_settings",
    "resource",
    "secret",
    "tool",
]
