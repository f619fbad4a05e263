"""How single values are read: what a site says, in either dialect, and what a person enters.

Of a site no value is an error: what is missing or odd is None, or empty. Of a person each is one
(`enter`) that is not of the field's kind.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boxoffice.domain.text import clean, hex_uuid

ChoiceLabels = Mapping[str, str]
"""What people say for each of the API's own words."""

LONGEST = 1_000_000
"""Characters of a text: more than any has, since one that is cut could be written back cut."""

_YEARS = range(1971, 2200)
"""Beyond these a moment cannot be moved to another time zone everywhere without an error."""

_LARGEST = 2**63
"""What a database can hold."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

_TRUE, _FALSE = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_LONGEST_NUMBER = 12
"""Digits."""

_RICHEST = 10**12
_CENT, _FINEST = Decimal("0.01"), Decimal("0.0001")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch


def flag(value: object) -> bool | None:
    """A yes or a no, also as a number or a word; None where it is neither."""
    if value is True or value is False:
        return value
    if isinstance(value, str):
        value = value.lower()
    if isinstance(value, int | float | str):
        return {1: True, 0: False, "1": True, "0": False, "true": True, "false": False}.get(value)
    return None


def refunded(value: object) -> bool:
    """Whatever stands there that is not a clear no: nobody is admitted on a doubt."""
    return bool(value) and flag(value) is not False


def whole(value: object) -> int | None:
    """A whole number, also as digits in a text; None where it is none or is out of all bounds."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if type(value) is int and -_LARGEST <= value < _LARGEST:  # True is no number
        return value
    return None


def money(value: object) -> Decimal | None:
    """An amount, as a number or as digits in a text, with two decimals at least and four at most.

    None where it is none, or is out of all bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int) and abs(value) >= _RICHEST:
        return None
    text = str(value).strip() if len(str(value)) < 64 else ""
    if not _AMOUNT(text):
        return None
    amount = Decimal(text)
    if abs(amount) >= _RICHEST:
        return None
    cents, fine = amount.quantize(_CENT), amount.quantize(_FINEST)
    return cents if cents == fine else fine


def price(value: object) -> Decimal | None:
    """As `money`, but nothing is sold for less than nothing."""
    read = money(value)
    return read if read is not None and read >= 0 else None


def currency(value: object) -> str:
    """A code of ISO 4217 in upper case; empty where it is none."""
    code = value.strip().upper() if isinstance(value, str) and len(value) < 10 else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def url(value: object) -> str:
    """An address as the site tells it; empty where it is none that could be asked for."""
    if isinstance(value, str) and len(value) <= 1000 and value.isascii() and value.isprintable():
        return value if " " not in value else ""
    return ""


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


def moment(value: object) -> datetime | None:
    """A time of ISO 8601, with or without seconds; naive where it gives no offset."""
    return _moment(value) if isinstance(value, str) and len(value) < 64 else None


def valid_on(value: object) -> str:
    """A ticket's date as `Ticket.date` holds it: never empty, so that no doubt becomes any day."""
    read = moment(value)
    return read.isoformat() if read is not None else clean(value, 64) or "unknown"


def raw(value: object, shown: str) -> str | None:
    """`value` as the site holds it, where that is not what is shown; no more than 2000 characters.

    Half a surrogate pair, which no database takes, becomes a question mark.
    """
    if value == shown or not isinstance(value, str):
        return None
    return value[:2000].encode(errors="replace").decode()


@lru_cache(maxsize=1024)
def title(text: str) -> str:
    """A text that a hundred thousand rows share: cleaned, and kept once."""
    return clean(text)


def without_tags(words: str) -> str:
    """A sentence of the site's, which may be HTML, as a text."""
    return unescape(_TAG.sub("", words[:3000]))


def last_part(value: object) -> str | None:
    """`nz9lb` of `https://test.ticketbutler.io/t/nz9lb/`."""
    if not isinstance(value, str):
        return None
    path = value.partition("?")[0].partition("#")[0]
    return clean(path.rstrip("/").rpartition("/")[2], 100) or None


def as_fields(value: object) -> dict[str, object]:
    """The fields of an object inside another; none where it is no object."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The elements of a list; none where it is no list."""
    return value if isinstance(value, list) else []


def aware(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time without an offset is of `zone`, or of UTC where that is not known."""
    return time.replace(tzinfo=zone or UTC) if time and time.tzinfo is None else time


def read_zone(name: object) -> tzinfo | None:
    """The time zone of an IANA name; None where there is none of that name."""
    if not name or not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, as "Europe"
        return None


# What a person enters


class Kind(StrEnum):
    """What a field holds, and so how it is shown and entered."""

    TEXT = "text"
    LINES = "lines"
    """A text of several lines; HTML, where the site takes it."""
    WHOLE = "whole"
    """A whole number, from 0."""
    MONEY = "money"
    MOMENT = "moment"
    """An aware datetime."""
    YES = "yes"
    """A yes or a no."""
    CHOICE = "choice"
    """One of `FieldInfo.choices`."""
    EMAIL = "email"
    URL = "url"
    UUID = "uuid"
    PART = "part"
    """A model inside the model."""
    PARTS = "parts"
    """A tuple of models."""


_TEXTS = frozenset({Kind.TEXT, Kind.LINES, Kind.EMAIL, Kind.URL, Kind.CHOICE})


class EntryError(ValueError):
    """What was entered cannot be that field's value; `sentence` says what can."""

    def __init__(self, label: str, wanted: str) -> None:
        self.sentence = f"{label}: {wanted}." if label else f"{wanted}."
        super().__init__(self.sentence)


def enter(kind: Kind, value: object, zone: tzinfo | None = None) -> Any:
    """The value of that kind that was entered; an empty one is None, or the empty text.

    Amounts are those with a decimal point: a person's own way of writing them is
    `boxoffice.domain.money.read_money`'s.

    Raises:
        ValueError: it is none; what it says is what is wanted instead.

    """
    if kind in {Kind.PART, Kind.PARTS}:
        raise ValueError("this is not entered as a text")
    if isinstance(value, bool) and kind is Kind.YES:
        return value
    if isinstance(value, bool):
        raise ValueError("this is no yes or no")
    if not isinstance(value, str | int | float | None):
        raise ValueError("give one value")
    text = "" if value is None else str(value).strip()
    if not text:
        return "" if kind in _TEXTS else None
    return _ENTER.get(kind, _as_it_is)(text, zone)


def _entered_whole(text: str, _zone: tzinfo | None) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ValueError("give a whole number, such as 120")
    return int(text)


def _entered_money(text: str, _zone: tzinfo | None) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    signed = text.startswith(("+", "-"))  # not so much more or less, as of a number of tickets
    if signed or not amount.is_finite() or amount.adjusted() > _LONGEST_NUMBER:
        raise ValueError("give an amount, such as 295.00")
    return amount


def _entered_moment(text: str, zone: tzinfo | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone is not None else None
    if moment is None:
        raise ValueError("give a day and a time, such as 2026-05-08 19:00+02:00")
    return moment


def _entered_yes(text: str, _zone: tzinfo | None) -> bool:
    if text.lower() in (*_TRUE, *_FALSE):
        return text.lower() in _TRUE
    raise ValueError("say yes or no")


def _entered_hex(text: str, _zone: tzinfo | None) -> str:
    if (uuid := hex_uuid(text)) is None:
        raise ValueError("give a uuid of 32 hex digits")
    return uuid


def _entered_url(text: str, _zone: tzinfo | None) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("give an address that begins with https://")
    return text


def _entered_email(text: str, _zone: tzinfo | None) -> str:
    if "@" not in text or " " in text:
        raise ValueError("give an e-mail address")
    return text


def _as_it_is(text: str, _zone: tzinfo | None) -> str:
    return text


_ENTER: Mapping[Kind, Callable[[str, tzinfo | None], Any]] = {
    Kind.WHOLE: _entered_whole,
    Kind.MONEY: _entered_money,
    Kind.MOMENT: _entered_moment,
    Kind.YES: _entered_yes,
    Kind.UUID: _entered_hex,
    Kind.URL: _entered_url,
    Kind.EMAIL: _entered_email,
}
