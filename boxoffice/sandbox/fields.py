"""Reading what a client sent, strictly: each mistake is a 400 that names the field.

A reader is given a field's name and value; it answers the value as the models hold it.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from boxoffice.sandbox.endpoint import ApiError

T = TypeVar("T")
Reader = Callable[[str, Any], Any]
Fields = dict[str, Any]

LARGEST = 2_147_483_647
LONG = 100_000
"""Characters of a text that may be a whole page."""
NULL = "This field may not be null."
_TRUE = (True, 1, "1", "true", "True", "TRUE", "yes", "on")
_FALSE = (False, 0, "0", "false", "False", "FALSE", "no", "off")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEB = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def wrong(name: str, says: str) -> ApiError:
    """The 400 of one field, as Django REST words it."""
    return ApiError(400, {name: [says]})


def required(fields: Fields, *names: str) -> None:
    """Raise a 400 that names every one of `names` that is not there."""
    missing = [name for name in names if name not in fields]
    if missing:
        raise ApiError(400, {name: ["This field is required."] for name in missing})


def read(
    fields: Fields, readers: Mapping[str, Reader], attributes: Mapping[str, str] | None = None
) -> Fields:
    """What is sent of the fields that have a reader, by their `attributes` or else their names."""
    names = attributes or {}
    return {
        names.get(name, name): reader(name, fields[name])
        for name, reader in readers.items()
        if name in fields
    }


def assign(thing: object, change: Mapping[str, object]) -> None:
    """Set attributes of `thing`."""
    for name, value in change.items():
        setattr(thing, name, value)


def read_list(name: str, value: object, reader: Callable[[Fields], T], most: int = 1000) -> list[T]:
    """What `reader` makes of a list of objects; a mistake is named at its place in the list.

    Without a `name`, the list is the whole body.
    """
    whole = name or "non_field_errors"
    if not isinstance(value, list):
        kind = type(value).__name__
        raise wrong(whole, f'Expected a list of items but got type "{kind}".')
    if len(value) > most:
        raise wrong(whole, f"Ensure this field has no more than {most} elements.")
    if not all(isinstance(item, dict) for item in value):
        raise wrong(whole, "Expected a list of objects.")
    results: list[T] = []
    for item in value:
        try:
            results.append(reader(item))
        except ApiError as problem:
            errors: list[object] = [*({} for _ in results), problem.body]
            raise ApiError(400, {name: errors} if name else errors) from problem
    return results


def optional(reader: Reader) -> Reader:
    """The same reader, for a field that may be null too."""
    return lambda name, value: None if value is None else reader(name, value)


def text(name: str, value: object, *, limit: int = 255, blank: bool = False) -> str:
    """A text as a Django form field takes it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong(name, NULL if value is None else "Not a valid string.")
    written = str(value).strip()
    if not written and not blank:
        raise wrong(name, "This field may not be blank.")
    if len(written) > limit:
        raise wrong(name, f"Ensure this field has no more than {limit} characters.")
    if "\0" in written:
        raise wrong(name, "Null characters are not allowed.")
    if any("\ud800" <= letter <= "\udfff" for letter in written):
        raise wrong(name, "Surrogate characters are not allowed.")
    return written


def optional_text(limit: int = 255) -> Reader:
    """The reader of a text that may be empty or null."""
    return optional(partial(text, limit=limit, blank=True))


def boolean(name: str, value: object) -> bool:
    if value is None:
        raise wrong(name, NULL)
    if isinstance(value, bool | int | str):
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
    raise wrong(name, "Must be a valid boolean.")


def integer(name: str, value: object, low: int = 0, high: int = LARGEST) -> int:
    """A whole number; one in a string too."""
    if value is None:
        raise wrong(name, NULL)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(name, "A valid integer is required.")
    if value < low:
        raise wrong(name, f"Ensure this value is greater than or equal to {low}.")
    if value > high:
        raise wrong(name, f"Ensure this value is less than or equal to {high}.")
    return value


def money(name: str, value: object) -> Decimal:
    """An amount of at most ten digits, two of them after the point; one in a string too."""
    if value is None:
        raise wrong(name, NULL)
    invalid = wrong(name, "A valid number is required.")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise invalid from error
    if not amount.is_finite() or "_" in str(value):
        raise invalid
    if amount < 0:
        raise wrong(name, "Ensure this value is greater than or equal to 0.")
    if amount.adjusted() > 7:
        raise wrong(name, "Ensure that there are no more than 10 digits in total.")
    exact = amount.quantize(Decimal("0.01")) if amount.adjusted() >= -9 else Decimal(0)
    if exact != amount:
        raise wrong(name, "Ensure that there are no more than 2 decimal places.")
    return exact


def moment(name: str, value: object, zone: ZoneInfo) -> datetime:
    """A date and time; one without an offset is meant in `zone`."""
    if value is None:
        raise wrong(name, NULL)
    invalid = wrong(
        name, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss]."
    )
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise invalid
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise invalid from error
    if not 1970 <= at.year <= 9000:
        raise invalid
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def email(name: str, value: object) -> str:
    """An e-mail address, or nothing."""
    address = text(name, value, blank=True)
    if address and not is_email(address):
        raise wrong(name, "Enter a valid email address.")
    return address


def is_email(address: str) -> bool:
    return _EMAIL.fullmatch(address) is not None


def web_address(name: str, value: object) -> str:
    """An http or https address, fit to be called."""
    address = text(name, value, limit=1000)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong(name, "Enter a valid URL.") from error
    if not _WEB.fullmatch(address) or not host or parts.username is not None:
        raise wrong(name, "Enter a valid URL.")
    return address


def mapping(name: str, value: object) -> Fields:
    if not isinstance(value, dict):
        raise wrong(name, "Invalid data. Expected a dictionary.")
    return value


def choice(name: str, value: object, choices: Collection[object]) -> object:
    """One of `choices`."""
    if value not in choices:
        raise wrong(name, "Not a valid choice.")
    return value
