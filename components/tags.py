"""The tags of all resources, and what AWS allows in them.

IAM has the narrowest rules, and every tag is also one of a role.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# AWS Identity and Access Management API Reference, Tag.
LONGEST_KEY = 128
LONGEST_VALUE = 256
PUNCTUATION = frozenset("_.:/=+-@")
# The first letter of a Unicode category: letters, separators and numbers.
CATEGORIES = frozenset("LZN")
# IAM and AWS STS quotas: tags of a role.
MOST_TAGS = 50
RESERVED = "aws:"


class Tag(NamedTuple):
    """A tag and where it comes from: ``tags``, ``aws:defaultTags``, or this project."""

    key: str
    value: str
    origin: str


def tags_of(project: str, stack: str, configured: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of every resource. ``configured`` may give ``project`` and ``stack`` other values."""
    return {"project": project, "stack": stack, **configured}


def wrong_tags(project: str, stack: str, configured: Mapping[str, str], defaults: Mapping[str, str]) -> Iterator[str]:
    """Report tags that AWS would refuse. ``defaults`` are those that the AWS provider adds to every resource."""
    own = tags_of(project, stack, {})
    tags = [Tag(key, value, "this project") for key, value in own.items() if key not in configured]
    tags += [Tag(key, value, "tags") for key, value in configured.items()]
    # The provider leaves out a default tag with the same key as one of the resource.
    kept = {tag.key for tag in tags}
    tags += [Tag(key, value, "aws:defaultTags") for key, value in defaults.items() if key not in kept]
    for tag in tags:
        yield from _wrong_tag(tag)
    yield from _equal_keys(tags)
    if len(tags) > MOST_TAGS:
        yield f"tags and aws:defaultTags make {len(tags)} tags with project and stack; allowed: at most {MOST_TAGS}"


def _wrong_tag(tag: Tag) -> Iterator[str]:
    key, value, origin = tag
    if not 1 <= len(key) <= LONGEST_KEY:
        yield f"{origin} has a key of {len(key)} characters, {key!r}; allowed: 1 to {LONGEST_KEY}"
    if len(value) > LONGEST_VALUE:
        yield f"{origin} has a value of {len(value)} characters for {key!r}; allowed: at most {LONGEST_VALUE}"
    if key.lower().startswith(RESERVED):
        yield f"{origin} has the key {key!r}; allowed: keys that do not start with aws: in upper or lower case"
    for what, text in (("key", key), ("value of", value)):
        strangers = sorted({character for character in text if not _is_allowed(character)})
        if strangers:
            yield (
                f"{origin} has {' '.join(map(repr, strangers))} in the {what} {key!r}; allowed: letters, digits, "
                f"spaces and {' '.join(sorted(PUNCTUATION))}"
            )


def _equal_keys(tags: list[Tag]) -> Iterator[str]:
    """Report keys that differ only in case."""
    seen: dict[str, Tag] = {}
    for tag in tags:
        other = seen.setdefault(tag.key.casefold(), tag)
        if other is not tag:
            yield (
                f"{tag.origin} has the key {tag.key!r}, and {other.origin} has {other.key!r}; allowed: keys that "
                "differ in more than case, because IAM takes these for the same"
            )


def _is_allowed(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character)[0] in CATEGORIES
