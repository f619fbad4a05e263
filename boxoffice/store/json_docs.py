"""Documents: events, ticket types, questions, answers and more, each stored as one JSON."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from boxoffice.domain.models import Answer, AnswerInput, Event, Question, TicketType
from boxoffice.store.database import from_row

if TYPE_CHECKING:  # a start sells nothing
    from boxoffice.domain.discount import DiscountCode

T = TypeVar("T", Event, TicketType, Question, Answer, "DiscountCode")


class Topic(NamedTuple, Generic[T]):
    """A kind of list, of which each event, ticket or order can have one."""

    name: str
    kind: Callable[..., T]


TICKET_TYPES = Topic("ticket_types", TicketType)
"""The ticket types of an event."""
QUESTIONS = Topic("questions", Question)
"""What an event asks of each attendee."""
PURCHASE_QUESTIONS = Topic("purchase_questions", Question)
"""What an event asks of each buyer."""
UNANSWERED = Topic("unanswered", Question)
"""The questions of a ticket that had no answer when they were last read."""
ANSWERS = Topic("answers", Answer)
"""The answers of a ticket or an order, as they were last read."""
_EVENT = Topic("event", Event)


def save(
    connection: sqlite3.Connection, topic: Topic[T], subject: str, things: Iterable[T]
) -> None:
    """Store a list of an event, a ticket or an order; it replaces the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO document (topic, subject, data) VALUES (?, ?, ?)",
        (topic.name, subject, json.dumps([asdict(thing) for thing in things], default=to_text)),
    )


def get(connection: sqlite3.Connection, topic: Topic[T], subject: str) -> tuple[T, ...] | None:
    """The list of an event, a ticket or an order, as last stored; None: there never was one."""
    row = connection.execute(
        "SELECT data FROM document WHERE topic = ? AND subject = ?", (topic.name, subject)
    ).fetchone()
    return tuple(_read(topic, row)) if row else None


def get_list(connection: sqlite3.Connection, topic: Topic[T], subject: str) -> list[T]:
    """The same as a list; empty if there never was one."""
    return list(get(connection, topic, subject) or ())


def _read(topic: Topic[T], row: sqlite3.Row) -> list[T]:
    return [from_row(topic.kind, fields) for fields in json.loads(row["data"])]


def save_answers(connection: sqlite3.Connection, ticket: str, answers: Sequence[Answer]) -> None:
    """Store all answers of a ticket, and drop the answered questions from its unanswered ones."""
    save(connection, ANSWERS, ticket, answers)
    unanswered = get(connection, UNANSWERED, ticket)
    if unanswered is not None:
        answered = {answer.question for answer in answers}
        left = [question for question in unanswered if question.uuid not in answered]
        save(connection, UNANSWERED, ticket, left)


def save_listed_answers(
    connection: sqlite3.Connection, answers: Mapping[str, Sequence[Answer]]
) -> None:
    """Store answers that a long list has, for tickets whose answers were not read by themselves."""
    for ticket, given in answers.items():
        if get(connection, ANSWERS, ticket) is None:
            save(connection, ANSWERS, ticket, given)


def answers_at(connection: sqlite3.Connection, event: str) -> dict[str, list[Answer]]:
    """By ticket of `event`, all answers that are known."""
    rows = connection.execute(
        "SELECT subject, data FROM document JOIN ticket ON ticket.uuid = subject"
        " WHERE topic = ? AND data <> '[]' AND ticket.event = ?",
        (ANSWERS.name, event),
    )
    return {row["subject"]: _read(ANSWERS, row) for row in rows}


def without_answers(
    connection: sqlite3.Connection,
    event: str,
    asked: Callable[[str], bool],
    besides: Collection[str],
    most: int,
) -> list[str]:
    """Tickets whose answers were never read, `most` at most, those who are not in yet first.

    `asked`: whether tickets of a type are asked what the door shows. `besides`: tickets to leave
    out.
    """
    types = connection.execute("SELECT DISTINCT ticket_type FROM ticket WHERE event = ?", (event,))
    wanted = [row["ticket_type"] for row in types if asked(row["ticket_type"])]
    rows = connection.execute(
        "SELECT uuid FROM ticket LEFT JOIN document ON topic = ? AND subject = uuid"
        " WHERE event = ? AND subject IS NULL AND NOT refunded"
        " AND ticket_type IN (SELECT value FROM json_each(?))"
        " AND uuid NOT IN (SELECT value FROM json_each(?))"
        " ORDER BY checked_in, number, uuid LIMIT ?",
        (ANSWERS.name, event, json.dumps(wanted), json.dumps([*besides]), most),
    )
    return [row["uuid"] for row in rows]


def save_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Store these events; others stay. Fields that an event lacks keep the value stored before.

    Those are the time zone, the end, the currency or the limit, which not every answer has.
    """
    for event in events:
        known = get_event(connection, event.uuid) or event
        save(connection, _EVENT, event.uuid, [event.completed(known)])


def get_event(connection: sqlite3.Connection, uuid: str) -> Event | None:
    known = get(connection, _EVENT, uuid)
    return known[0] if known else None


def get_events(connection: sqlite3.Connection) -> list[Event]:
    """All events that were ever stored, by title."""
    rows = connection.execute("SELECT data FROM document WHERE topic = ?", (_EVENT.name,))
    events = [event for row in rows for event in _read(_EVENT, row)]
    return sorted(events, key=lambda event: event.title)


def given_from_json(pairs: Iterable[Any]) -> tuple[AnswerInput, ...]:
    """Answers that are stored as pairs of question and value."""
    return tuple(
        AnswerInput(question, value if isinstance(value, str) else tuple(value))
        for question, value in pairs
    )


def to_text(value: object) -> str:
    """For `json.dumps`: write moments and amounts as texts. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not kept in a document")
