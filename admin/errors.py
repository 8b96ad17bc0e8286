"""What ends a command."""


class CommandFailed(Exception):
    """A command cannot do what it was asked for. The operator reads the text."""
