"""Reading what a client sent, strictly: each mistake is a 400 that names the field."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from boxoffice.sandbox.api import NULL, ApiError, text_field, wrong

T = TypeVar("T")

LARGEST = 2_147_483_647
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_WEB = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_REQUIRED = "This field is required."


def required(fields: dict[str, Any], *names: str) -> None:
    """Raise a 400 that names every one of `names` that is not there."""
    missing = [name for name in names if name not in fields]
    if missing:
        raise ApiError(400, {name: [_REQUIRED] for name in missing})


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
    """An amount, as number or as string, of at most two decimals."""
    if value is None:
        raise wrong(name, NULL)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong(name, "A valid number is required.")
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise wrong(name, "A valid number is required.") from error
    if not amount.is_finite() or "_" in str(value):
        raise wrong(name, "A valid number is required.")
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
    says = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss]."
    if value is None:
        raise wrong(name, NULL)
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise wrong(name, says)
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise wrong(name, says) from error
    if not 1970 <= read.year <= 9000:
        raise wrong(name, says)
    return read.replace(tzinfo=zone) if read.tzinfo is None else read.astimezone(zone)


def web_address(name: str, value: object) -> str:
    """An http or https address, fit to be called."""
    text = text_field(name, value, limit=1000)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong(name, "Enter a valid URL.") from error
    if not _WEB.fullmatch(text) or not host or parts.username is not None:
        raise wrong(name, "Enter a valid URL.")
    return text


def objects(name: str, value: object, most: int = 1000) -> list[dict[str, Any]]:
    """A list of objects, of a bounded length."""
    if not isinstance(value, list):
        kind = type(value).__name__
        raise wrong(name, f'Expected a list of items but got type "{kind}".')
    if len(value) > most:
        raise wrong(name, f"Ensure this field has no more than {most} elements.")
    if not all(isinstance(each, dict) for each in value):
        raise wrong(name, "Expected a list of objects.")
    return value


def read_each(
    name: str, items: list[dict[str, Any]], read: Callable[[dict[str, Any]], T]
) -> list[T]:
    """What `read` makes of each of `items`; a mistake is told at its place in the list."""
    done: list[T] = []
    for item in items:
        try:
            done.append(read(item))
        except ApiError as problem:
            told: list[object] = [{} for _ in done]
            told.append(problem.body)
            raise ApiError(400, {name: told} if name else told) from problem
    return done
