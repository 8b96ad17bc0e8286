"""Annotations whose schemas common clients accept, and those that they refuse; see clients.py."""

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

import msgspec
from msgspec import Meta

from runtime.authoring import header


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Size(enum.StrEnum):
    SMALL = "s"
    LARGE = "l"


class Point(NamedTuple):
    x: int
    y: int = 0


class Options(TypedDict, total=False):
    verbose: bool
    color: Color


@dataclasses.dataclass
class Room:
    """A room."""

    name: str
    color: Color = Color.RED
    tags: list[str] = dataclasses.field(default_factory=list)
    at: tuple[int, int] = (0, 0)


@dataclasses.dataclass
class House:
    """A house."""

    front: Room
    back: Room | None = None


class Cat(msgspec.Struct, tag=True):
    lives: int


class Dog(msgspec.Struct, tag=True):
    tricks: list[str]


class Pair(msgspec.Struct, array_like=True):
    left: int
    right: str = ""


@dataclasses.dataclass
class Folder:
    """A folder of folders."""

    name: str
    folders: "list[Folder]"


TAKEN = [
    *(str, int, float, bool, None, str | None, int | str | None, Color, Level, Size, Color | None, Size | None),
    *(Literal["a", "b"], Literal["a"], Literal[1, 2], Literal["a", None], Literal["a", 1, None]),
    *(list[int], list[list[str]], list[Literal["a"]], list[Color], collections.abc.Sequence[int], set[str]),
    *(frozenset[int], tuple[int, ...], tuple[int, int], tuple[int, str], tuple[int, str, Color | None], Point),
    *(list[tuple[float, float]], dict[str, int], dict[str, list[int]], dict[str, Color], dict[str, tuple[int, str]]),
    *(Room, House, House | None, list[House], Options, Cat | Dog, Annotated[Room, Meta(description="Which.")]),
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, uuid.UUID),
    *(Annotated[int, Meta(gt=0, lt=10)], Annotated[int, Meta(ge=0, le=10)], Annotated[float, Meta(ge=0.5)]),
    *(Annotated[str, Meta(min_length=1, max_length=3, pattern="^a")], Annotated[list[int], Meta(min_length=1)]),
    Annotated[int, Meta(examples=[1], title="T")],
]
# The annotation as docs/tools.md has it, and who does not take it.
LEAVING: dict[str, tuple[Any, set[str]]] = {
    "Any": (Any, {"Gemini"}),
    "list": (list, {"Gemini"}),
    "list[Any]": (list[Any], {"Gemini"}),
    "tuple": (tuple, {"Gemini"}),
    "bytes": (bytes, {"Gemini"}),
    "Decimal": (decimal.Decimal, {"OpenAI"}),
    "Meta(gt=...)": (Annotated[float, Meta(gt=0)], {"Gemini"}),
    "Meta(multiple_of=...)": (Annotated[int, Meta(multiple_of=5)], {"Gemini"}),
    "dict[Annotated[str, Meta(...)], int]": (dict[Annotated[str, Meta(max_length=3)], int], {"Gemini"}),
    "array_like": (Pair, {"Gemini"}),
    "header(...)": (Annotated[Literal["eu"], header("Region")], {"Gemini"}),
    "Folder": (Folder, {"VS Code", "Gemini"}),
}
