"""Settings: a class whose members are environment variables and secrets of the app."""

import dataclasses
import functools
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

import msgspec

from runtime.authoring.secrets import SettingError, SettingMissing, Source, current_source


class _IsSecret:
    """Marks the type of a member that is a secret."""


Kind = TypeVar("Kind")
Class = TypeVar("Class", bound="Settings")
Secret = Annotated[Kind, _IsSecret()]
"""The type of a member that is a secret: ``Secret[str]``, or ``Secret[Login]`` for one that holds JSON."""
# What msgspec says without quoting a value.
_SAYS_NO_VALUE = ("Expected ", "Object missing ")


class Member(msgspec.Struct, frozen=True):
    """One member of a settings class: the setting that it comes from, and its type."""

    setting: str
    kind: Any
    is_secret: bool
    has_default: bool


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Settings:
    """The base of a class of settings. A subclass is a frozen dataclass, whose members are keywords.

    The member ``tickets_url`` comes from the environment variable ``TICKETS_URL``, and ``tickets_token: Secret[str]``
    from the secret ``TICKETS_TOKEN``. The text becomes the type of the member; a list or an object is read as JSON. A
    member without a default is required, and an empty text counts as missing.

    A tool, resource or prompt gets an instance in a parameter that is annotated with the class. Clients never see this
    parameter.
    """

    def __init_subclass__(cls) -> None:
        """Make the subclass a frozen dataclass."""
        super().__init_subclass__()
        dataclasses.dataclass(frozen=True, kw_only=True, repr=False)(cls)

    def __repr__(self) -> str:
        """Return the members without the values of secrets."""
        shown = [
            f"{name}={'***' if member.is_secret else repr(getattr(self, name))}"
            for name, member in members_of(type(self)).items()
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


def is_settings(annotation: Any) -> bool:
    """Whether an annotation is a class of settings."""
    return isinstance(annotation, type) and issubclass(annotation, Settings)


def contains_settings(annotation: Any) -> bool:
    """Whether an annotation is a class of settings, or is made of one, such as a union."""
    return is_settings(annotation) or any(map(contains_settings, get_args(annotation)))


def members_of(settings: type[Settings]) -> Mapping[str, Member]:
    """Return the members of a class of settings by name. Raise ``TypeError`` for a type that JSON cannot carry."""
    return _members(settings)  # type: ignore[arg-type]  # mypy takes the class for one of its instances


@functools.cache
def _members(settings: Any) -> Mapping[str, Member]:
    hints = get_type_hints(settings, include_extras=True)
    return {field.name: _member(field, hints[field.name]) for field in dataclasses.fields(settings)}


def read_settings(settings: type[Class]) -> Class:
    """Return an instance of a class of settings, for code that has no parameter for it.

    Raise ``SettingError`` that names all settings that are missing, empty or of the wrong kind.
    """
    source = current_source()
    values: dict[str, Any] = {}
    problems = []
    for name, member in members_of(settings).items():
        try:
            text = _read(source, member)
            if text:
                values[name] = _convert(member, text)
        except SettingError as error:
            problems.append(str(error))
    if problems:
        raise SettingError("; ".join(problems))
    return settings(**values)


def _read(source: Source, member: Member) -> str | None:
    """Return the text of a setting, or ``None`` if it is missing and the member has a default."""
    try:
        return source.secret(member.setting) if member.is_secret else source.variable(member.setting)
    except SettingMissing:
        if member.has_default:
            return None
        raise


def _convert(member: Member, text: str) -> Any:
    """Return the text as the type of the member. An error never quotes it."""
    try:
        return msgspec.convert(text, type=member.kind, strict=False)
    except msgspec.ValidationError as error:
        failure = error
    try:
        return msgspec.json.decode(text, type=member.kind)
    except msgspec.ValidationError as error:
        failure = error
    except msgspec.DecodeError:
        # It is not JSON, so the first failure tells more.
        pass
    reason = str(failure)
    what = f": {reason}" if reason.startswith(_SAYS_NO_VALUE) else ""
    place = "secret" if member.is_secret else "environment variable"
    raise SettingError(f"the {place} {member.setting} is not of the type that the tool needs{what}") from None


def _member(field: "dataclasses.Field[Any]", hint: Any) -> Member:
    is_secret, kind = _without_mark(hint)
    has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    # Raises TypeError for a type that JSON cannot carry.
    msgspec.json.schema_components([kind])
    return Member(field.name.upper(), kind, is_secret, has_default)


def _without_mark(hint: Any) -> tuple[bool, Any]:
    """Return whether a type is marked as a secret, also as an optional one, and the type without the mark."""
    if get_origin(hint) is Annotated:
        kind, *notes = get_args(hint)
        others = tuple(note for note in notes if not isinstance(note, _IsSecret))
        return len(others) < len(notes), Annotated[(kind, *others)] if others else kind
    marked = any(_without_mark(part)[0] for part in get_args(hint))
    return marked, hint
