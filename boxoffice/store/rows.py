"""Rows as what they are rows of: a column is read as the type of the field of its name."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from inspect import isclass
from typing import Any, TypeVar, get_type_hints

from boxoffice.domain.models import Choice
from boxoffice.store.database import moment_or_none

T = TypeVar("T")


def from_row(
    kind: Callable[..., T], row: sqlite3.Row | Mapping[str, object], **others: object
) -> T:
    """`kind`, a dataclass or a NamedTuple, of the columns that are called as its fields are.

    `others`: fields that no column holds as such. What `json_docs` keeps whole is read alike.
    """
    readers = _readers(kind)
    fields = {name: readers[name](value) for name, value in dict(row).items() if name in readers}
    return kind(**fields | others)


def _decimal_or_none(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _texts(texts: str | Collection[str]) -> tuple[str, ...]:
    """Of a column that is JSON, or of a document's list."""
    return tuple(json.loads(texts) if isinstance(texts, str) else texts)


_READERS: dict[Any, Callable[[Any], Any]] = {
    bool: bool,
    bool | None: lambda value: None if value is None else bool(value),
    datetime: datetime.fromisoformat,
    datetime | None: moment_or_none,
    Decimal: Decimal,
    Decimal | None: _decimal_or_none,
    tuple[str, ...]: _texts,
    tuple[Choice, ...]: lambda choices: tuple(Choice(**choice) for choice in choices),
}


@cache
def _readers(kind: Callable[..., object]) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isclass(hint) and issubclass(hint, Enum):
        return hint
    return _READERS.get(hint, lambda value: value)
