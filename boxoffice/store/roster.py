"""roster.db: a copy of the server's lists, and what single reads have taught beside them.

All of it can be read from the server again: a damaged file is thrown away and made anew.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from boxoffice.clock import Clock, SystemClock
from boxoffice.domain.code_matching import Match
from boxoffice.domain.codes import Code, Framing
from boxoffice.domain.models import (
    Answer,
    CodesKnown,
    Event,
    Order,
    Question,
    SeenIn,
    Ticket,
    TicketType,
)
from boxoffice.store import codes, documents, knowledge, orders, sightings, tickets
from boxoffice.store.errors import DamagedError
from boxoffice.store.kin import kin
from boxoffice.store.knowledge import Known
from boxoffice.store.roster_schema import connect, connect_reader, discard
from boxoffice.store.tickets import CHUNK, Pulled
from boxoffice.store.writer import Database

P = ParamSpec("P")
T = TypeVar("T")


class RosterStore:
    """The lists on disk. What a scan looks up is read on a connection of its own, past any load.

    All methods raise StoreError where the file cannot be read or written; after DamagedError it is
    a new and empty one.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._renewing = asyncio.Lock()
        self._writer = Database(path, lambda: connect(path))
        self._reader = Database(path, lambda: connect_reader(path))

    @classmethod
    async def open(cls, path: Path, *, clock: Clock | None = None) -> "RosterStore":
        """Open the file at `path`, made where there is none that can be used.

        Raises StoreError. `clock` dates what single reads say.
        """
        store = cls(path, clock or SystemClock())
        await store._open()
        return store

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._reader.close()
        await self._writer.close()

    # Events, ticket types, questions

    async def save_events(self, events: Iterable[Event]) -> None:
        """Keep these; events kept before stay, and so does what these do not tell."""
        await self._write(documents.save_events, list(events))

    async def events(self) -> list[Event]:
        """All that were ever kept, by title."""
        events = await self._read(documents.read_topic, "event", documents.event)
        return sorted(events, key=lambda event: event.title)

    async def save_ticket_types(self, event: str, types: Iterable[TicketType]) -> None:
        await self._write(documents.save, [documents.pack("ticket_types", event, types)])

    async def ticket_types(self, event: str) -> list[TicketType]:
        found = await self._read(documents.read, "ticket_types", event, documents.ticket_type)
        return list(found or ())

    async def save_questions(self, event: str, questions: Iterable[Question]) -> None:
        await self._write(documents.save, [documents.pack("questions", event, questions)])

    async def questions(self, event: str) -> tuple[Question, ...] | None:
        """What `event` asks of each attendee; None: it was never read."""
        return await self._read(documents.read, "questions", event, documents.question)

    async def save_purchase_questions(self, event: str, questions: Iterable[Question]) -> None:
        await self._write(documents.save, [documents.pack("purchase_questions", event, questions)])

    async def purchase_questions(self, event: str) -> tuple[Question, ...] | None:
        """What `event` asks of each buyer; None: it was never read."""
        return await self._read(documents.read, "purchase_questions", event, documents.question)

    # The list

    async def load(self, event: str) -> list[Ticket]:
        """All tickets of `event`, in no order."""
        return await self._write(tickets.load, event)

    async def apply(
        self,
        event: str,
        changed: Sequence[Ticket],
        removed: Collection[str],
        *,
        at: datetime,
        fingerprint: str,
        first: bool,
    ) -> bool:
        """Take over what a list read at `at` says differently; `pulled` tells of it when all is in.

        `first`: `changed` is a whole list that is new here. What a row lacks and a single read has
        taught (order, external_uuid, url, ticket_type_pk, date) stays. False: another process has
        taken over a newer list, so this one was not, or not all of it: `load` says what holds.
        """
        if first:
            changed = await self._write(tickets.begin_load, changed)
        last = max(0, len(changed) - 1) // CHUNK * CHUNK
        for start in range(0, last, CHUNK):
            piece = changed[start : start + CHUNK]
            if not await self._write(tickets.store, event, piece, at, self._clock.now()):
                return False
        return await self._write(
            tickets.finish, event, changed[last:], removed, at, fingerprint, self._clock.now()
        )

    async def pulled(self, event: str) -> Pulled | None:
        """The newest list taken over; None: none yet."""
        return await self._read(tickets.pulled, event)

    # Single reads

    async def learn(self, ticket: Ticket) -> None:
        """Keep a single read. Without an event (`""`), the one it is known to belong to stays."""
        await self._write(tickets.learn, ticket, self._clock.now())

    async def learn_order(self, order: Order) -> None:
        await self._write(codes.learn_order, order)

    async def save_unanswered(self, ticket: str, questions: Iterable[Question]) -> None:
        await self._write(documents.save, [documents.pack("unanswered", ticket, questions)])

    async def save_answers(self, ticket: str, answers: Iterable[Answer]) -> None:
        await self._write(documents.save, [documents.pack("answers", ticket, answers)])

    # What the list does not tell

    async def learn_codes(self, ticket: Ticket) -> None:
        """Keep what a single read tells beside the list: not whether it is in, or refunded."""
        await self._write(codes.learn, ticket)

    async def learn_orders(self, orders: Iterable[Order]) -> None:
        """Keep orders of a long list, where they were not read by themselves."""
        await self._write(codes.learn_orders, list(orders))

    async def set_read(self, *subjects: str) -> None:
        """There is nothing to be learnt of these tickets and orders."""
        await self._write(codes.mark, subjects)

    async def set_unread(self, tickets: Iterable[str]) -> None:
        """The codes of these tickets may have changed."""
        await self._write(codes.unmark, list(tickets))

    async def codes_known(self, event: str) -> CodesKnown:
        """How far the tickets of `event` were read. Looks at every one of them."""
        return await self._write(codes.known, event)

    async def unread_tickets(
        self, event: str, *, valid: Callable[[str], bool], besides: Collection[str], most: int
    ) -> list[str]:
        """Tickets that were not read by themselves, those first that are likeliest to come.

        `valid`: whether a ticket of this date may come today. `besides`: tickets to be left out.
        """
        return await self._write(codes.unread_tickets, event, valid, besides, most)

    async def unread_orders(
        self, event: str, *, valid: Callable[[str], bool], besides: Collection[str], most: int
    ) -> list[str]:
        """The same of orders, of which at least one ticket is known."""
        return await self._write(codes.unread_orders, event, valid, besides, most)

    async def all_orders_told(self, event: str) -> bool:
        """Whether the order of each ticket of `event` is known."""
        return await self._read(codes.all_orders_told, event)

    async def orders_asked(self, event: str) -> datetime | None:
        """When the list of the event's orders was last asked for; None: never."""
        return await self._read(codes.asked_at, event)

    async def note_orders_asked(self, event: str, at: datetime) -> None:
        """The list of the event's orders is asked for."""
        await self._write(codes.note_asked, event, at)

    # Looking up

    async def ticket(self, uuid: str) -> Ticket | None:
        return await self._read(tickets.one, uuid)

    async def match(self, text: str, framing: Framing, event: str) -> Match[Ticket]:
        """What a scanned text names, by the most trusted of its readings that names any ticket.

        A uuid, also an order's, names tickets of every event, all else those of `event`.
        """
        return await self._read(tickets.match, text, framing, event)

    async def named(self, code: Code, event: str) -> list[Ticket]:
        """The tickets that `code` names, by the most certain of its names that any has.

        A uuid, also an order's, names tickets of every event, the other names those of `event`.
        """
        return await self._read(tickets.named, code, event)

    async def tickets(self, uuids: Collection[str]) -> list[Ticket]:
        """Those of `uuids` that are known here, in no order."""
        return await self._read(tickets.several, uuids)

    async def by_uuid_part(self, part: str, event: str, *, at_end: bool) -> list[Ticket]:
        """The tickets of `event` whose uuid begins or ends with `part`; two at most."""
        return await self._read(tickets.by_uuid_part, part, event, at_end=at_end)

    async def known(self, ticket: str, order: str | None, event: str) -> Known:
        """What is known of `ticket` beside itself; `order`: its order, to be looked up too."""
        return await self._read(knowledge.known, ticket, order, event)

    async def kin(self, ticket: Ticket, span: int) -> list[Ticket]:
        """Those who may be on one order with `ticket`, the likeliest first, 500 at most.

        On its order, with its e-mail address or surname, or numbered at most `span` away.
        """
        return await self._write(kin, ticket, span)

    async def sightings(self) -> dict[str, SeenIn]:
        """Between which looks each ticket was checked in that was not in at the first look."""
        found: dict[str, SeenIn] = {}
        more = await self._read(sightings.behind, "")
        while more:
            found.update(more)
            more = await self._read(sightings.behind, more[-1][0])
        return found

    async def order(self, uuid: str) -> Order | None:
        return await self._read(orders.one, uuid)

    async def of_order(self, order: str) -> list[Ticket]:
        """Those that are known to be on an order, by number."""
        return await self._read(tickets.of_order, order)

    async def highest_number(self, event: str) -> int | None:
        """The highest number of a ticket of `event`; None: none is known."""
        return await self._read(tickets.highest_number, event)

    async def order_ids(self, event: str) -> dict[str, str]:
        """What people call the orders of `event` that are known here, by the orders' uuids."""
        return await self._read(orders.ids, event)

    async def unanswered(self, ticket: str) -> tuple[Question, ...] | None:
        """The questions without an answer when that was last read; None: never."""
        return await self._read(documents.read, "unanswered", ticket, documents.question)

    async def answers(self, ticket: str) -> list[Answer]:
        """The answers when they were last read."""
        found = await self._read(documents.read, "answers", ticket, documents.answer)
        return list(found or ())

    # The two connections

    async def _open(self) -> None:
        await self._writer.open()
        try:
            await self._reader.open()
        except BaseException:
            await self._writer.close()
            raise

    async def _write(
        self,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self._run(self._writer, work, *args, **kwargs)

    async def _read(
        self,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return await self._run(self._reader, work, *args, **kwargs)

    async def _run(
        self,
        database: Database,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        try:
            return await database.run(work, *args, **kwargs)
        except DamagedError as error:
            await self._renew(database)
            raise DamagedError(
                f"{self._path} was damaged and is made anew: the list is read again.", str(error)
            ) from error

    async def _renew(self, damaged: Database) -> None:
        async with self._renewing:
            if damaged not in (self._writer, self._reader):
                return  # another who met the damage was quicker
            await self.close()
            await asyncio.to_thread(discard, self._path)
            path = self._path
            self._writer = Database(path, lambda: connect(path))
            self._reader = Database(path, lambda: connect_reader(path))
            await self._open()
