"""Kinds of values that settings have, read as a config file or a variable gives them.

A reader gives the value, or raises SettingError. What stands in a variable is text, also where a
number is meant. They read as pydantic does, which reads what a site says: it is not loaded here,
since that takes longer than all else that is done before the door is drawn.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Self, TypeVar

from boxoffice.language import N_, _

T = TypeVar("T")
Value = TypeVar("Value")
Number = TypeVar("Number", int, float, Decimal)
Reader = Callable[[object], T]

_YES_OR_NO = {
    **dict.fromkeys(("1", "on", "t", "true", "y", "yes", 1), True),
    **dict.fromkeys(("0", "off", "f", "false", "n", "no", 0), False),
}
_WHOLE = re.compile(r"\s*([+-]?[0-9]+(?:_[0-9]+)*)(?:\.0+)?\s*").fullmatch
_NO_NUMBER = N_("input should be a valid number")
_FRACTION = N_("input should be a valid integer, got a number with a fractional part")
_NOT_FINITE = N_("input should be a finite number")
_TOO_LONG = N_("unable to parse input string as an integer, exceeded maximum size")
_LARGEST = 2**63


class SettingError(ValueError):
    """What is wrong with a value, as the end of a sentence without its full stop."""

    def __init__(self, reason: str, *place: str) -> None:
        super().__init__(reason)
        self.place = place
        """Of the value: the setting, and the key or the number inside it."""


class UnknownSettingError(SettingError):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__("not a setting", name)
        self.known = known


def read_at(place: str, read: Reader[T], value: object) -> T:
    """What `read` gives. Raises SettingError, which names the place."""
    try:
        return read(value)
    except SettingError as error:
        error.place = (place, *error.place)
        raise
    except ValueError as error:
        raise SettingError(str(error), place) from error


@dataclass(frozen=True)
class Table:
    """Settings that belong together: fields made by `setting`, each read when the table is made."""

    def __post_init__(self) -> None:
        for name, read in self.readers().items():
            object.__setattr__(self, name, read_at(name, read, getattr(self, name)))

    @classmethod
    def readers(cls) -> dict[str, Reader[Any]]:
        """By the name of the setting."""
        return {item.name: item.metadata["read"] for item in fields(cls) if item.metadata}

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """The table in which these are set. Raises SettingError: for the first that is wrong."""
        known = cls.readers()
        made = cls(**{name: given[name] for name in given if name in known})
        if unknown := next((name for name in given if name not in known), None):
            raise UnknownSettingError(unknown, [*known])
        return made


def setting(
    read: Reader[Any], default: Any = None, *, make: Callable[[], object] | None = None
) -> Any:
    """A field of a table; `make` makes its default, for each table anew."""
    if make is not None:
        return field(default_factory=make, metadata={"read": read})
    return field(default=default, metadata={"read": read})


def then(read: Reader[Value], *more: Callable[[Any], T]) -> Reader[T]:
    """Reads by the first, and has each of the others go on from what the one before gives."""

    def read_on(value: object) -> T:
        found: Any = read(value)
        for step in more:
            found = step(found)
        return found  # type: ignore[no-any-return] # the last step's

    return read_on


def optional(read: Reader[T]) -> Reader[T | None]:
    return lambda value: None if value is None else read(value)


def text(value: object) -> str:
    if not isinstance(value, str):
        raise SettingError(_("input should be a valid string"))
    return value


def one_of(*words: str) -> Reader[str]:
    def read(value: object) -> str:
        if value in words:
            return str(value)
        *first, last = map(repr, words)
        wanted = _("input should be {first} or {last}")
        raise SettingError(wanted.format(first=", ".join(first), last=last))

    return read


def yes_or_no(value: object) -> bool:
    if isinstance(value, str | int | float):
        found = _YES_OR_NO.get(value.lower() if isinstance(value, str) else value)
        if found is not None:
            return found
        if not isinstance(value, float):
            raise SettingError(_("input should be a valid boolean, unable to interpret input"))
    raise SettingError(_("input should be a valid boolean"))


def whole(value: object) -> int:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        if (found := _WHOLE(value)) is None:
            raise SettingError(
                _("input should be a valid integer, unable to parse string as an integer")
            )
        try:
            return int(found[1])
        except ValueError as error:  # thousands of digits, which Python will not read
            raise SettingError(_(_TOO_LONG)) from error
    if not isinstance(value, float):
        raise SettingError(_("input should be a valid integer"))
    if not math.isfinite(value):
        raise SettingError(_(_NOT_FINITE))
    if not value.is_integer():
        raise SettingError(_(_FRACTION))
    if abs(value) >= _LARGEST:
        raise SettingError(_(_TOO_LONG))
    return int(value)


def number(value: object) -> float:
    if not isinstance(value, int | float | str):
        raise SettingError(_(_NO_NUMBER))
    try:
        return float(value)
    except OverflowError as error:  # hundreds of digits
        raise SettingError(_(_NO_NUMBER)) from error
    except ValueError as error:
        raise SettingError(
            _("input should be a valid number, unable to parse string as a number")
        ) from error


def amount(value: object) -> Decimal:
    """A number as it is written, without the error of a float."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise SettingError(_("decimal input should be an integer, float, string or Decimal object"))
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise SettingError(_("input should be a valid decimal")) from error
    if not found.is_finite():
        raise SettingError(_(_NOT_FINITE))
    return found


def bounded(
    read: Reader[Number],
    *,
    least: int | None = None,
    above: int | None = None,
    most: int | None = None,
) -> Reader[Number]:
    """A number from `least` on, or above `above`, and not above `most`."""

    def read_bounded(value: object) -> Number:
        found = read(value)
        if most is not None and not found <= most:
            wrong, bound = _("input should be less than or equal to {bound}"), most
        elif above is not None and not found > above:
            wrong, bound = _("input should be greater than {bound}"), above
        elif least is not None and not found >= least:
            wrong, bound = _("input should be greater than or equal to {bound}"), least
        else:
            return found
        raise SettingError(wrong.format(bound=bound))

    return read_bounded


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise SettingError(_("input should be a valid tuple"))
    return tuple(read_at(str(at), text, item) for at, item in enumerate(value))


def named_texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise SettingError(_("input should be a valid dictionary"))
    return {name: read_at(name, text, value[name]) for name in value}


def path(value: object) -> Path:
    if not isinstance(value, str | Path) or "\0" in str(value):  # no system has such a name
        raise SettingError(_("input is not a valid path"))
    return Path(value)


def table(kind: type[Table]) -> Reader[Any]:
    def read(value: object) -> Table:
        if isinstance(value, kind):
            return value
        if not isinstance(value, Mapping):
            wanted = _("input should be a valid dictionary or instance of {kind}")
            raise SettingError(wanted.format(kind=kind.__name__))
        return kind.of(value)

    return read
