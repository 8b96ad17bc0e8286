"""A docstring's text about parameters describes the parameters; all the rest is the description, word for word."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.authoring import Context, prompt, resource, tool
from runtime.authoring.docstring import read_docstring

GOOGLE = """
    Book a meeting room.

    The room must be free.

    Args:
        room (str): The name on the door.
        minutes: How long it takes.
            Round up.

            Never more than a day.
        *names: Who comes.

    Returns:
        The booking: its number and its room.

    Raises:
        ToolError: There is no such room.

    Note:
        Cancel early.

    Examples:
        >>> book_room("Blue", minutes=15)
        {"room": "Blue"}
    """
NUMPY = """
    Book a meeting room.

    Parameters
    ----------
    room : str
        The name on the door.
    minutes, seconds : int, optional
        How long it takes.

        Never more than a day.
    bare

    Returns
    -------
    dict
        The booking.

    Notes
    -----
    Cancel early.
    """
SPHINX = """
    Book a meeting room.

    :param room: The name on the door,
        as it is written.
    :param int minutes: How long it takes.
    :type room: str
    :returns: The booking.
    :rtype: dict
    :raises ToolError: There is no such room.

    Cancel early.
    """
EPYDOC = """
    Book a meeting room.

    @param room: The name on the door.
    @type room: str
    @return: The booking.
    """


def read(text: str) -> tuple[str, dict[str, str]]:
    found = read_docstring(inspect.cleandoc(text))
    return found.description, dict(found.parameters)


def test_google_style_keeps_every_other_section() -> None:
    description, parameters = read(GOOGLE)
    assert parameters == {
        "room": "The name on the door.",
        "minutes": "How long it takes.\nRound up.\n\nNever more than a day.",
        "names": "Who comes.",
    }
    assert description == inspect.cleandoc(
        """
        Book a meeting room.

        The room must be free.

        Returns:
            The booking: its number and its room.

        Raises:
            ToolError: There is no such room.

        Note:
            Cancel early.

        Examples:
            >>> book_room("Blue", minutes=15)
            {"room": "Blue"}
        """
    )


def test_numpy_style_keeps_every_other_section() -> None:
    description, parameters = read(NUMPY)
    assert parameters == {
        "room": "The name on the door.",
        "minutes": "How long it takes.\n\nNever more than a day.",
        "seconds": "How long it takes.\n\nNever more than a day.",
        "bare": "",
    }
    assert description == (
        "Book a meeting room.\n\nReturns\n-------\ndict\n    The booking.\n\nNotes\n-----\nCancel early."
    )


def test_sphinx_style_keeps_every_other_field() -> None:
    description, parameters = read(SPHINX)
    assert parameters == {"room": "The name on the door,\nas it is written.", "minutes": "How long it takes."}
    assert description == (
        "Book a meeting room.\n\n:returns: The booking.\n:rtype: dict\n"
        ":raises ToolError: There is no such room.\n\nCancel early."
    )


def test_epydoc_style_keeps_every_other_field() -> None:
    description, parameters = read(EPYDOC)
    assert parameters == {"room": "The name on the door."}
    assert description == "Book a meeting room.\n\n@return: The booking."


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "Takes arguments: several of them.",
        "Args:\nnothing is indented",
        "Args:\n    - a list: of things\n    - another",
        "Args:\n",
        "Parameters\n----------",
        "Parameters\n----------\n\n    an indented sentence",
        "See: this\n\n    name: an indented block under no heading",
        "The param: it is.",
        "Say :param in a sentence: fine.",
        "",
    ],
)
def test_what_only_looks_like_a_section_stays(text: str) -> None:
    assert read_docstring(text).description == text.strip()
    assert read_docstring(text).parameters == {}


def test_what_stands_among_the_parameters_and_describes_none_stays_under_its_heading() -> None:
    found = read_docstring("Do.\n\nArgs:\n    All are optional.\n    a: The first.\n\nDone.")
    assert found.parameters == {"a": "The first."}
    assert found.description == "Do.\n\nArgs:\n    All are optional.\n\nDone."


LINES = st.sampled_from(
    [
        *("", "Args:", "    a: {}", "    b (int): {}", "        {}", "Returns:", "    {}", "Parameters", "----------"),
        *("a : int", "a, b", ":param a: {}", ":param int c: {}", ":type a: int", ":returns: {}", "@param b: {}"),
        *("{}", "{} {}", "Notes", "-----", "  {}", "Args:", "    a: {}", "Parameters:", "\t{}", "    {}: {}"),
    ]
)


@given(st.lists(LINES, max_size=16))
def test_no_word_is_lost(lines: list[str]) -> None:
    """Whatever the lines are put together to, each word is part of some description, and of one alone."""
    text = "\n".join(line.format(f"w{number}a.", f"w{number}b.") for number, line in enumerate(lines))
    found = read_docstring(text)
    shown = " ".join([found.description, *found.parameters.values()]).split()
    words = [word for word in text.split() if word.endswith(".")]
    assert sorted({word for word in shown if word.endswith(".")}) == sorted(words)


def test_the_listing_shows_both() -> None:
    @tool
    def book_room(room: str, *, context: Context) -> str:
        """Book a room.

        Args:
            room: The name on the door.
            context: Who asks.

        Returns:
            The booking.
        """
        return room

    assert book_room.listing["description"] == "Book a room.\n\nReturns:\n    The booking."
    assert book_room.listing["inputSchema"]["properties"] == {
        "room": {"type": "string", "description": "The name on the door."}
    }

    @prompt
    def start(topic: str) -> str:
        """Start.

        Args:
            topic: What about.

        Examples:
            The weather.
        """
        return topic

    assert start.listing["description"] == "Start.\n\nExamples:\n    The weather."
    assert start.listing["arguments"][0]["description"] == "What about."


def test_a_resource_whose_variables_have_no_place_for_descriptions_keeps_them() -> None:
    """MCP, Resource Templates: there is a description of the whole, and none of a variable."""

    @resource("test://rooms/{room}")
    def room(room: str) -> str:
        """One room.

        Args:
            room: The name on the door.
        """
        return room

    assert room.listing["description"] == "One room.\n\nArgs:\n    room: The name on the door."
