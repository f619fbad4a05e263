"""What is kept whole, as JSON: events, ticket types, questions, answers; and the carts of sales."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import Answer, AnswerInput, Choice, Event, Question, TicketType
from boxoffice.store.database import moment_or_none

T = TypeVar("T", Event, TicketType, Question, Answer)
Fields = dict[str, Any]


@dataclass(frozen=True)
class Topic(Generic[T]):
    """What a list of things is about, which is kept for each event, ticket or order."""

    name: str
    parse: Callable[[Fields], T]


def _event(fields: Fields) -> Event:
    start, end = moment_or_none(fields.pop("start")), moment_or_none(fields.pop("end"))
    return Event(start=start, end=end, **fields)


def _ticket_type(fields: Fields) -> TicketType:
    return TicketType(
        price=_decimal_or_none(fields.pop("price")),
        fee=_decimal_or_none(fields.pop("fee", None)),
        sales_start=moment_or_none(fields.pop("sales_start")),
        sales_end=moment_or_none(fields.pop("sales_end")),
        **fields,
    )


def _question(fields: Fields) -> Question:
    choices = tuple(Choice(**choice) for choice in fields.pop("choices"))
    return Question(choices=choices, **fields)


def _answer(fields: Fields) -> Answer:
    choices, headings = fields.pop("choices"), fields.pop("headings", ())
    return Answer(choices=tuple(choices), headings=tuple(headings), **fields)


TICKET_TYPES = Topic("ticket_types", _ticket_type)
"""Of an event."""
QUESTIONS = Topic("questions", _question)
"""What an event asks of each attendee."""
PURCHASE_QUESTIONS = Topic("purchase_questions", _question)
"""What an event asks of each buyer."""
UNANSWERED = Topic("unanswered", _question)
"""The questions of a ticket without an answer when that was last read."""
ANSWERS = Topic("answers", _answer)
"""Of a ticket or an order, when they were last read."""
_EVENT = Topic("event", _event)


def save(
    connection: sqlite3.Connection, topic: Topic[T], subject: str, things: Iterable[T]
) -> None:
    """Keep these of an event, a ticket or an order, in the place of those before."""
    connection.execute(
        "INSERT OR REPLACE INTO document (topic, subject, data) VALUES (?, ?, ?)",
        (topic.name, subject, json.dumps([asdict(thing) for thing in things], default=_text)),
    )


def get(connection: sqlite3.Connection, topic: Topic[T], subject: str) -> tuple[T, ...] | None:
    """None: nothing was ever saved."""
    row = connection.execute(
        "SELECT data FROM document WHERE topic = ? AND subject = ?", (topic.name, subject)
    ).fetchone()
    return tuple(map(topic.parse, json.loads(row["data"]))) if row else None


def get_list(connection: sqlite3.Connection, topic: Topic[T], subject: str) -> list[T]:
    """The same; none where nothing was ever saved."""
    return list(get(connection, topic, subject) or ())


def save_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Keep these; others stay, and so does what only another answer tells of these.

    That is the zone, the end, the currency or the limit.
    """
    known = {event.uuid: event for event in get_events(connection)}
    for event in events:
        save(connection, _EVENT, event.uuid, [event.completed(known.get(event.uuid, event))])


def get_events(connection: sqlite3.Connection) -> list[Event]:
    """All that were ever kept, by title."""
    rows = connection.execute("SELECT data FROM document WHERE topic = ?", (_EVENT.name,))
    events = [_event(fields) for row in rows for fields in json.loads(row["data"])]
    return sorted(events, key=lambda event: event.title)


def cart_to_json(cart: Cart) -> str:
    """In ASCII, so that any text is kept; amounts of money are texts.

    Raises ValueError where an amount is not a number.
    """
    amounts = [*(line.price for line in cart.lines), cart.given or Decimal(0)]
    if not all(amount.is_finite() for amount in amounts):
        raise ValueError("a cart holds an amount that is not a number")
    return json.dumps(
        {
            "event": cart.event,
            "currency": cart.currency,
            "lines": [(*line[:2], str(line.price), line.amount) for line in cart.lines],
            "buyer": asdict(cart.buyer),
            "paid": cart.paid,
            "given": None if cart.given is None else str(cart.given),
            "answers": cart.answers,
            "asked": cart.asked,
            "check_in": cart.check_in,
            "elsewhere": cart.elsewhere,
        }
    )


def cart_from_json(text: str) -> Cart:
    """The very same cart."""
    fields = json.loads(text)
    given = fields["given"]
    return Cart(
        event=fields["event"],
        currency=fields["currency"],
        lines=tuple(
            Line(ticket_type, title, Decimal(price), amount)
            for ticket_type, title, price, amount in fields["lines"]
        ),
        buyer=Buyer(**fields["buyer"]),
        paid=PaymentMethod(fields["paid"]),
        given=None if given is None else Decimal(given),
        answers=given_from_json(fields["answers"]),
        asked=tuple(
            TicketAnswers(ticket_type, given_from_json(answers))
            for ticket_type, answers in fields["asked"]
        ),
        check_in=fields["check_in"],
        elsewhere=tuple(fields.get("elsewhere", ())),
    )


def given_from_json(pairs: Iterable[Any]) -> tuple[AnswerInput, ...]:
    """Answers that are kept as pairs of question and value."""
    return tuple(
        AnswerInput(question, value if isinstance(value, str) else tuple(value))
        for question, value in pairs
    )


def _decimal_or_none(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not kept in a document")
