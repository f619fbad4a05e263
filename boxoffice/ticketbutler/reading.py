"""What all shapes of the API's answers are made of, and how one or many are read.

What a shape does not name is ignored; what is missing or odd falls back to a default, save the uuid
that names the thing. An element of a list that cannot be read is left out and logged.
"""

import logging
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.fields import (
    currency,
    flag,
    moment,
    money,
    price,
    refunded,
    url,
    whole,
)
from boxoffice.ticketbutler.wire import WrongShape

log = logging.getLogger(__name__)


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
MaybeUuid = Annotated[str | None, BeforeValidator(hex_uuid)]
Line = Annotated[str, BeforeValidator(_line)]
Email = Annotated[str, BeforeValidator(_email)]
Yes = Annotated[bool, BeforeValidator(_yes)]
Refunded = Annotated[bool, BeforeValidator(refunded)]
NotNo = Annotated[bool, BeforeValidator(_not_no)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
Number = Annotated[int | None, BeforeValidator(whole)]
Count = Annotated[int | None, BeforeValidator(_count)]
MaybeYes = Annotated[bool | None, BeforeValidator(flag)]
MaybeLine = Annotated[str | None, BeforeValidator(_maybe_line)]
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
