"""What a verdict rests on, read in one go: a thread's answer takes longer than its reads."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.models import Admission, Given, Order, Question, SeenIn
from boxoffice.store import admissions, documents, orders, queue_rows, tickets
from boxoffice.store.tickets import Pulled


class Known(NamedTuple):
    """What the lists and single reads say of a ticket beside itself."""

    order: Order | None
    seen_in: SeenIn | None
    """Between which looks it was checked in; None: it is not in, as far as is known here."""
    unanswered: tuple[Question, ...] | None
    """None: it was never read."""
    pulled: Pulled | None
    """The newest list of the event."""


class Done(NamedTuple):
    """What was done with a ticket on this computer."""

    admission: Admission | None
    on_the_way: list[Given]
    """Answers that the server has still to be told, the newest to each question."""
    undone_at: datetime | None
    """When we last undid a check-in of it at the server; None: never, or it was made again."""


def known(connection: sqlite3.Connection, ticket: str, order: str | None, event: str) -> Known:
    return Known(
        None if order is None else orders.one(connection, order),
        tickets.seen_in(connection, ticket),
        documents.read(connection, "unanswered", ticket, documents.question),
        tickets.pulled(connection, event),
    )


def done(connection: sqlite3.Connection, ticket: str) -> Done:
    ours = admissions.one(connection, ticket)
    return Done(
        ours,
        queue_rows.pending_answers(connection, ticket),
        admissions.undone_at(connection, ticket) if ours is None else None,
    )
