"""How the values of an answer are read, in either dialect, and what types of fields are made of it.

The functions fail on no value. A model ignores what it does not name; what is missing or odd falls
back to a default, save the uuid that names the thing.
"""

import logging
import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.wire import WrongShape

log = logging.getLogger(__name__)

_YEARS = range(1971, 2200)
"""Beyond these a moment cannot be moved to another time zone everywhere without an error."""

_LARGEST = 2**63
"""What a database can hold."""

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


def last_part(value: object) -> str | None:
    """`nz9lb` of `https://test.ticketbutler.io/t/nz9lb/`."""
    if not isinstance(value, str):
        return None
    path = value.partition("?")[0].partition("#")[0]
    return clean(path.rstrip("/").rpartition("/")[2], 100) or None


def _needed_uuid(value: object) -> str:
    uuid = hex_uuid(value)
    if uuid is None:
        raise ValueError("no uuid")
    return uuid


def _line(value: object) -> str:
    return clean(value)


def _email(value: object) -> str:
    return clean(value, 320)


def _yes(value: object) -> bool:
    return flag(value) is True


def _not_no(value: object) -> bool:
    return flag(value) is not False


def _maybe_line(value: object) -> str | None:
    return clean(value) or None


def _count(value: object) -> int | None:
    read = whole(value)
    return None if read is None else max(0, read)


def _list(value: object) -> object:
    return value if isinstance(value, list) else []


def as_fields(value: object) -> object:
    """The fields of an object inside another; none where it is no object."""
    return value if isinstance(value, dict) else {}


def aware(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time without an offset is of `zone`, or of UTC where that is not known."""
    return time.replace(tzinfo=zone or UTC) if time and time.tzinfo is None else time


Uuid = Annotated[str, BeforeValidator(_needed_uuid)]
OptionalUuid = Annotated[str | None, BeforeValidator(hex_uuid)]
Line = Annotated[str, BeforeValidator(_line)]
Email = Annotated[str, BeforeValidator(_email)]
BoolDefaultFalse = Annotated[bool, BeforeValidator(_yes)]
Refunded = Annotated[bool, BeforeValidator(refunded)]
BoolDefaultTrue = Annotated[bool, BeforeValidator(_not_no)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
Number = Annotated[int | None, BeforeValidator(whole)]
Count = Annotated[int | None, BeforeValidator(_count)]
OptionalBool = Annotated[bool | None, BeforeValidator(flag)]
OptionalLine = Annotated[str | None, BeforeValidator(_maybe_line)]
Price = Annotated[Decimal | None, BeforeValidator(price)]
Money = Annotated[Decimal | None, BeforeValidator(money)]
Currency = Annotated[str, BeforeValidator(currency)]
Url = Annotated[str, BeforeValidator(url)]
Elements = Annotated[list[object], BeforeValidator(_list)]

Shape = TypeVar("Shape", bound=BaseModel)


def read_one(shape: type[Shape], value: object) -> Shape:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        # Where and why, not what: the values are people's.
        problem = "; ".join(f"{each['loc']} {each['type']}" for each in error.errors())
    raise WrongShape(f"{shape.__name__}: {problem}")


def read_each(shape: type[Shape], value: object, what: str) -> list[Shape]:
    """The elements of a list that can be read; the others are counted in the log."""
    if not isinstance(value, list):
        raise WrongShape(f"no list of {what}")
    read: list[Shape] = []
    problem = ""
    for element in value:
        try:
            read.append(read_one(shape, element))
        except WrongShape as error:
            problem = str(error)
    if problem and not read:
        raise WrongShape(f"none of {len(value)} {what}: {problem}")
    if problem:
        unread = len(value) - len(read)
        log.warning("%d of %d %s could not be read: %s", unread, len(value), what, problem)
    return read
