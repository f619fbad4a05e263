"""Values of models as texts and as JSON, and back: for forms, tables and commands alike."""

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.organiser.fields import LONGEST, About, Kind, about

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_TEXTS = frozenset({Kind.TEXT, Kind.LINES, Kind.EMAIL, Kind.URL, Kind.CHOICE})
_NEVER_NONE = _TEXTS | {Kind.YES, Kind.PART, Kind.PARTS}
_LONGEST_NUMBER = 12
"""Digits."""
_MORE = re.compile(r"([+-])\s*([0-9]{1,9})")


class EntryError(ValueError):
    """What was entered cannot be that field's value; `sentence` says what can."""

    def __init__(self, field: About, wanted: str) -> None:
        self.sentence = f"{field.label}: {wanted}."
        super().__init__(self.sentence)


def shown(field: About, value: object) -> str:
    """`value` as people read it; unless it is a part, `entered` takes it too."""
    text = written(field, value)
    return field.choices.get(text, text)


def written(field: About, value: object) -> str:
    """The same in the API's own words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, tuple):
        return str(len(value))
    return clean(str(value), LONGEST, lines=field.kind is Kind.LINES)


def entered(field: About, text: str, zone: tzinfo | None = None, before: object = None) -> object:
    """The value that a person entered; an empty one is None, or the empty text.

    `zone`: of a moment without an offset. `before`: what it was; “+5” of a whole number is five
    more, “-5” five less. What may be chosen is taken in the API's words and in people's. Amounts
    are those with a decimal point: a person's own way of writing them is
    `boxoffice.domain.money.read_money`'s.

    Raises:
        EntryError: it is none.

    """
    text = text.strip()
    if not text and field.required:
        raise EntryError(field, "this is needed")
    if field.kind in {Kind.PART, Kind.PARTS, Kind.RAW}:
        raise EntryError(field, "this is not entered as a text")
    if not text:
        return "" if field.kind in _TEXTS else None
    match field.kind:
        case Kind.WHOLE:
            return _whole(field, text, before)
        case Kind.MONEY:
            return _money(field, text)
        case Kind.MOMENT:
            return _moment(field, text, zone)
        case Kind.YES:
            return _yes(field, text)
        case Kind.CHOICE:
            return _choice(field, text)
        case _:
            return _text(field, text)


def more(text: str, before: object) -> str:
    """What “+5” or “-5” makes of the whole number `before`; any other text as it is."""
    if not isinstance(before, int) or isinstance(before, bool):
        return text
    by = steps(text)
    return text if by is None else str(before + by)


def steps(text: str) -> int | None:
    """How many more “+5” is, or “-5”; None: it is another text."""
    found = _MORE.fullmatch(text.strip())
    return None if found is None else int(found[1] + found[2])


def as_json(value: object) -> Any:
    """A model, or a tuple of them, as JSON holds it: money as text, moments in ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_json(getattr(value, each.name)) for each in about(type(value))}
    if isinstance(value, Mapping):
        return {str(name): as_json(each) for name, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return as_json(value._asdict())
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(
    model: "type[DataclassInstance]",
    given: Mapping[str, object],
    zone: tzinfo | None = None,
    before: object = None,
) -> dict[str, Any]:
    """The editable fields of `model` in a JSON object, as values; others are left out.

    So that what a list wrote can be piped into a create: parts are made whole, and are new. A
    null is None where a field can be without a value; of a text, of a yes or a no, it is nothing
    given. `before`: what there is, for a text such as “+5”.

    Raises:
        EntryError: a value is not of its field's kind.

    """
    editable = [each for each in about(model) if each.editable and each.name in given]
    return {
        each.name: _given(each, given[each.name], zone, getattr(before, each.name, None))
        for each in editable
        if given[each.name] is not None or each.required or each.kind not in _NEVER_NONE
    }


def _given(field: About, value: object, zone: tzinfo | None, before: object) -> Any:
    if field.kind is Kind.PARTS:
        if not isinstance(value, list):
            raise EntryError(field, "give a list")
        return tuple(_part(field, each, zone) for each in value)
    if field.kind is Kind.PART:
        return _part(field, value, zone)
    if value is None:
        return entered(field, "", zone)
    if isinstance(value, bool):
        if field.kind is not Kind.YES:
            raise EntryError(field, "this is no yes or no")
        return value
    if not isinstance(value, str | int | float):
        raise EntryError(field, "give one value")
    # A number is that number: only a text can mean more or less.
    return entered(field, str(value), zone, before if isinstance(value, str) else None)


def _part(field: About, value: object, zone: tzinfo | None) -> Any:
    if field.model is None or not isinstance(value, Mapping):
        raise EntryError(field, "give an object")
    values = from_json(field.model, value, zone)
    missing = [each for each in about(field.model) if each.required and each.name not in values]
    for each in missing:
        raise EntryError(each, "this is needed")
    return field.model(**values)


def _whole(field: About, text: str, before: object) -> int:
    text = more(text, before)
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise EntryError(field, "give a whole number, such as 120")
    return int(text)


def _money(field: About, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    signed = text.startswith(("+", "-"))  # not so much more or less, as of a number of tickets
    if signed or not amount.is_finite() or amount.adjusted() > _LONGEST_NUMBER:
        raise EntryError(field, "give an amount, such as 295.00")
    return amount


def _moment(field: About, text: str, zone: tzinfo | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone is not None else None
    if moment is None:
        raise EntryError(field, "give a day and a time, such as 2026-05-08 19:00+02:00")
    return moment


def _yes(field: About, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise EntryError(field, "say yes or no")


def _choice(field: About, text: str) -> str:
    """The API's word; what is neither that nor a person's stays as it is."""
    folded = text.casefold()
    for api, said in field.choices.items():
        if folded in (api.casefold(), said.casefold()):
            return api
    return text


def _text(field: About, text: str) -> str:
    if field.kind is Kind.UUID:
        uuid = hex_uuid(text)
        if uuid is None:
            raise EntryError(field, "give a uuid of 32 hex digits")
        return uuid
    if field.kind is Kind.URL:
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise EntryError(field, "give an address that begins with https://")
    if field.kind is Kind.EMAIL and ("@" not in text or " " in text):
        raise EntryError(field, "give an e-mail address")
    return text
