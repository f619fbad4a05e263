"""Types of the models' fields: what they hold, how a site's value is read and a person's taken.

A value comes in one of three ways, told apart by the context of pydantic's validation:

- from a site's answer (`FROM_SITE`): texts are cleaned, and nothing odd is an error but in a uuid;
- from what a person or a program entered (`Entered`): what is not of the field's kind is an error;
- in code, with a value of its type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidationInfo,
)
from pydantic_core import CoreSchema, PydanticUndefined, core_schema

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import _
from boxoffice.ticketbutler import parsers

T = TypeVar("T")

ChoiceLabels = Mapping[str, str]
"""What people say for each of the API's own words."""

LONGEST = 1_000_000
"""Characters of a text: more than any has, since one that is cut could be written back cut."""

_TRUE, _FALSE = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
_LONGEST_NUMBER = 12
"""Digits."""


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

    Raises ValueError where it is none; what it says is what is wanted instead.
    """
    if kind in {Kind.PART, Kind.PARTS}:
        raise ValueError(_("this is not entered as a text"))
    if isinstance(value, bool) and kind is Kind.YES:
        return value
    if isinstance(value, bool):
        raise ValueError(_("this is no yes or no"))
    if not isinstance(value, str | int | float | None):
        raise ValueError(_("give one value"))
    text = "" if value is None else str(value).strip()
    if not text:
        return "" if kind in _TEXTS else None
    return _ENTER.get(kind, _as_it_is)(text, zone)


def _entered_whole(text: str, _zone: tzinfo | None) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ValueError(_("give a whole number, such as 120"))
    return int(text)


def _entered_money(text: str, _zone: tzinfo | None) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    signed = text.startswith(("+", "-"))  # not so much more or less, as of a number of tickets
    if signed or not amount.is_finite() or amount.adjusted() > _LONGEST_NUMBER:
        raise ValueError(_("give an amount, such as 295.00"))
    return amount


def _entered_moment(text: str, zone: tzinfo | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone is not None else None
    if moment is None:
        raise ValueError(_("give a day and a time, such as 2026-05-08 19:00+02:00"))
    return moment


def _entered_yes(text: str, _zone: tzinfo | None) -> bool:
    word, yes = text.lower(), (*_TRUE, _("yes"))
    if word in (*yes, *_FALSE, _("no")):
        return word in yes
    raise ValueError(_("say yes or no"))


def _entered_hex(text: str, _zone: tzinfo | None) -> str:
    if (uuid := hex_uuid(text)) is None:
        raise ValueError(_("give a uuid of 32 hex digits"))
    return uuid


def _entered_url(text: str, _zone: tzinfo | None) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(_("give an address that begins with https://"))
    return text


def _entered_email(text: str, _zone: tzinfo | None) -> str:
    if "@" not in text or " " in text:
        raise ValueError(_("give an e-mail address"))
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


FROM_SITE: Final = object()
"""The context in which an answer is read."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The context in which what a person or a program entered becomes a model."""

    zone: tzinfo | None = None
    """Of moments without an offset; None: they need one."""


@dataclass(frozen=True, slots=True)
class Holds:
    """In a field's type: what kind of value it holds, and how the site's is read."""

    kind: Kind
    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._value, handler(source))

    def _value(self, value: Any, info: core_schema.ValidationInfo) -> Any:
        if isinstance(info.context, Entered):
            return enter(self.kind, value, info.context.zone)
        if info.context is not FROM_SITE:
            return value
        read = self.read(value)
        if self.kind is Kind.MOMENT:
            return parsers.aware(read, parsers.read_zone(info.data.get("timezone")))
        return read


@dataclass(frozen=True, slots=True)
class Choices:
    """In a field's type: the API's words that may be entered, and what people say for each."""

    labels: ChoiceLabels
    others: bool = False
    """A site may have more of them."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._word, handler(source))

    def _word(self, value: Any, info: core_schema.ValidationInfo) -> Any:
        entered = isinstance(info.context, Entered) and isinstance(value, str)
        return self.word(value) if entered else value

    def word(self, text: str) -> str:
        """The API's word for `text`, which is in the API's words or in people's.

        Raises ValueError where there is none, and no site has others.
        """
        folded, labels = text.strip().casefold(), translated(self.labels)
        for api, label in self.labels.items():
            if folded in (api.casefold(), label.casefold(), labels[api].casefold()):
                return api
        if folded and not self.others:
            words = (f"{word} ({api})" if word != api else api for api, word in labels.items())
            raise ValueError(_("give one of these: {choices}").format(choices=", ".join(words)))
        return text.strip()


def translated(labels: ChoiceLabels) -> dict[str, str]:
    """What people say for each in the language in use."""
    return {api: _(label) for api, label in labels.items()}


def editable(default: Any = PydanticUndefined, *, required: bool = False, **info: Any) -> Any:
    """A field, as `pydantic.Field`, that may be changed; `required`: and is never empty."""
    return Field(default, json_schema_extra={"editable": True, "required": required}, **info)


def _only_rows(value: Any, info: ValidationInfo) -> Any:
    """What is no object is left out."""
    if info.context is not FROM_SITE:
        return value
    return tuple(row for row in parsers.as_list(value) if isinstance(row, dict))


def _as_row(value: Any, info: ValidationInfo) -> Any:
    return parsers.as_fields(value) if info.context is FROM_SITE else value


def _uuid(value: object) -> str:
    if (uuid := hex_uuid(value)) is None:
        raise ValueError("no uuid")
    return uuid


def _count(value: object) -> int | None:
    read = parsers.whole(value)
    return None if read is None else max(0, read)


def iso(value: datetime | None) -> str | None:
    """As JSON holds it."""
    return value.isoformat() if value is not None else None


_YES = Kind.YES
Uuid = Annotated[str, Holds(Kind.UUID, _uuid)]
"""In hex. An answer without it is none."""
UuidOrEmpty = Annotated[str, Holds(Kind.UUID, lambda value: hex_uuid(value) or "")]
OptionalUuid = Annotated[str | None, Holds(Kind.UUID, hex_uuid)]
Line = Annotated[str, Holds(Kind.TEXT, clean)]
OptionalLine = Annotated[str | None, Holds(Kind.TEXT, lambda value: clean(value) or None)]
Text = Annotated[str, Holds(Kind.TEXT, lambda value: clean(value, LONGEST))]
"""One line that may be written back: never cut."""
Lines = Annotated[str, Holds(Kind.LINES, lambda value: clean(value, LONGEST, lines=True))]
OptionalLines = Annotated[
    str | None,
    Holds(Kind.LINES, lambda value: None if value is None else clean(value, LONGEST, lines=True)),
]
Email = Annotated[str, Holds(Kind.EMAIL, lambda value: clean(value, 320))]
Url = Annotated[str, Holds(Kind.URL, parsers.url)]
Number = Annotated[int | None, Holds(Kind.WHOLE, parsers.whole)]
Count = Annotated[int | None, Holds(Kind.WHOLE, _count)]
"""From 0."""
Money = Annotated[Decimal | None, Holds(Kind.MONEY, parsers.money)]
Price = Annotated[Decimal | None, Holds(Kind.MONEY, parsers.price)]
"""From 0."""
NeededMoney = Annotated[Decimal, Holds(Kind.MONEY, parsers.price)]
NeededCount = Annotated[int, Holds(Kind.WHOLE, _count)]
"""The same two, of what must be given."""
Currency = Annotated[str, Holds(Kind.TEXT, parsers.currency)]
Moment = Annotated[
    datetime | None,
    Holds(Kind.MOMENT, parsers.moment),
    PlainSerializer(iso, return_type=str | None, when_used="json"),
]
"""Aware: without an offset it is of the model's `timezone`, or else of UTC."""
NeededMoment = Annotated[
    datetime,
    Holds(Kind.MOMENT, parsers.moment),
    PlainSerializer(iso, return_type=str, when_used="json"),
]
BoolDefaultFalse = Annotated[bool, Holds(_YES, lambda value: parsers.flag(value) is True)]
BoolDefaultTrue = Annotated[bool, Holds(_YES, lambda value: parsers.flag(value) is not False)]
OptionalBool = Annotated[bool | None, Holds(_YES, parsers.flag)]
Refunded = Annotated[bool, Holds(_YES, parsers.refunded)]
Rows = Annotated[tuple[T, ...], BeforeValidator(_only_rows)]
"""Models in a model."""
Part = Annotated[T, BeforeValidator(_as_row)]
"""A model in a model."""
