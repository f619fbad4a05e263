"""Small things kept whole, as JSON: events, ticket types, questions, answers."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from boxoffice.domain.models import Answer, Choice, Event, Question, TicketType
from boxoffice.store.writer import transaction

T = TypeVar("T", Event, TicketType, Question, Answer)
Fields = dict[str, Any]


class Document(NamedTuple):
    """A list of things about an event or a ticket."""

    topic: str
    subject: str
    things: tuple[Fields, ...]


def pack(topic: str, subject: str, things: Iterable[T]) -> Document:
    return Document(topic, subject, tuple(asdict(thing) for thing in things))


def save(connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
    rows = [
        (topic, subject, json.dumps(things, default=_text)) for topic, subject, things in documents
    ]
    with transaction(connection):
        connection.executemany("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", rows)


def save_events(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Keep these. What only another answer tells (zone, end, currency, limit) stays."""
    with transaction(connection):
        known = {each.uuid: each for each in read_topic(connection, "event", event)}
        rows = [
            (
                each.uuid,
                json.dumps([asdict(each.completed(known.get(each.uuid, each)))], default=_text),
            )
            for each in events
        ]
        connection.executemany("INSERT OR REPLACE INTO document VALUES ('event', ?, ?)", rows)


def read(
    connection: sqlite3.Connection, topic: str, subject: str, make: Callable[[Fields], T]
) -> tuple[T, ...] | None:
    """None: nothing was ever saved."""
    row = connection.execute(
        "SELECT data FROM document WHERE topic = ? AND subject = ?", (topic, subject)
    ).fetchone()
    return None if row is None else tuple(make(fields) for fields in json.loads(row[0]))


def read_topic(connection: sqlite3.Connection, topic: str, make: Callable[[Fields], T]) -> list[T]:
    rows = connection.execute("SELECT data FROM document WHERE topic = ?", (topic,))
    return [make(fields) for (data,) in rows for fields in json.loads(data)]


def event(fields: Fields) -> Event:
    start, end = _moment(fields.pop("start")), _moment(fields.pop("end"))
    return Event(start=start, end=end, **fields)


def ticket_type(fields: Fields) -> TicketType:
    return TicketType(
        price=_decimal(fields.pop("price")),
        fee=_decimal(fields.pop("fee", None)),
        sales_start=_moment(fields.pop("sales_start")),
        sales_end=_moment(fields.pop("sales_end")),
        **fields,
    )


def question(fields: Fields) -> Question:
    choices = tuple(Choice(**choice) for choice in fields.pop("choices"))
    return Question(choices=choices, **fields)


def answer(fields: Fields) -> Answer:
    return Answer(choices=tuple(fields.pop("choices")), **fields)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not kept in a document")
