"""The clients whose way the doctor walks."""

from admin.doctor.clients.chatgpt import CHATGPT
from admin.doctor.clients.claude import CLAUDE
from admin.doctor.clients.claude_code import CLAUDE_CODE
from admin.doctor.clients.copilot_studio import COPILOT_STUDIO
from admin.doctor.clients.cursor import CURSOR
from admin.doctor.clients.inspector import INSPECTOR
from admin.doctor.clients.mcp_remote import MCP_REMOTE
from admin.doctor.clients.python_sdk import PYTHON_SDK
from admin.doctor.clients.typescript_sdk import TYPESCRIPT_SDK
from admin.doctor.clients.vscode import VSCODE

PROFILES = (
    CLAUDE,
    CLAUDE_CODE,
    CHATGPT,
    VSCODE,
    CURSOR,
    COPILOT_STUDIO,
    INSPECTOR,
    MCP_REMOTE,
    PYTHON_SDK,
    TYPESCRIPT_SDK,
)
