"""The secret values that this process has read, which no log line and no error may carry."""

import json
from urllib.parse import quote, quote_plus

# A shorter value would match parts of ordinary words.
SHORTEST = 6
REDACTED = "[redacted]"

_forms: set[str] = set()
_longest_first: list[str] = []


def hide(value: str) -> None:
    """Have ``redact`` replace a value from now on, until the process ends.

    It also replaces the value as Python and JSON quote it and as a URL carries it, each line of a value of several
    lines, and each text in a value that is JSON. It cannot know other forms: base64, a hash, a part of the value.
    """
    for text in {value, *value.splitlines(), *_texts(value)}:
        if len(text) >= SHORTEST:
            quoted = {repr(text)[1:-1], json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
            _forms.update({text, *quoted, quote(text, safe=""), quote(text), quote_plus(text)})
    _longest_first[:] = sorted(_forms, key=len, reverse=True)


def redact(text: str) -> str:
    """Return the text with ``[redacted]`` in place of the values that ``hide`` was given."""
    for form in _longest_first:
        if form in text:
            text = text.replace(form, REDACTED)
    return text


def is_hiding() -> bool:
    """Whether there is a value to replace."""
    return bool(_longest_first)


def forget() -> None:
    """Forget all values, for tests."""
    _forms.clear()
    _longest_first.clear()


def _texts(value: str) -> list[str]:
    """Return the texts in a value that is JSON, such as the password in a secret of a database."""
    if not value.startswith(("{", "[")):
        return []
    try:
        waiting = [json.loads(value)]
    except ValueError:
        return []
    texts: list[str] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            texts.append(node)
        else:
            waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return texts
