"""Resources bear the tags by which their owner and costs are found."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from aws_rules.resource import UNKNOWN, Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

# Every type of the AWS provider with an input called tags, one a line.
TAGGABLE = frozenset((Path(__file__).parent / "taggable.txt").read_text().split())
KEYS = Setting({"type": "array", "items": {"type": "string"}}, [], "the keys of the tags that every resource needs")


@Maker(name="required-tags", kinds=TAGGABLE, settings={"keys": KEYS})
def tags(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Resources that take tags have those whose keys the configuration lists."""
    own, all_of_them = resource.value("tags"), resource.value("tagsAll")
    if UNKNOWN in (own, all_of_them):
        return
    # The default tags of the provider are in tagsAll alone.
    found = {key for tags in (own, all_of_them) if isinstance(tags, Mapping) for key in tags}
    for key in settings["keys"]:
        if key not in found:
            yield Finding(
                resource, "tags", f"lacks the key {key!r}", "add it, or set it in the defaultTags of the provider", key
            )
