"""Tickets: one in full, and the list of all of them, read without holding the event loop up.

API document: "Tickets". The list is read into the door's own values at once, past the model: it
holds a hundred thousand rows, and is meant for a worker thread.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import Field

from boxoffice.collector import collector_paused
from boxoffice.domain.models import Answer, AnswerInput, Question, Ticket
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, pending
from boxoffice.ticketbutler.edits import apply_edit
from boxoffice.ticketbutler.fields import Kind
from boxoffice.ticketbutler.json_stream import RawRows, decoded
from boxoffice.ticketbutler.parsers import flag, last_part, refunded, title, valid_on, whole
from boxoffice.ticketbutler.record import Record, changed_values, read_one
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.questions import read_questions
from boxoffice.ticketbutler.ticket_list import (
    NO_HASHES,
    NO_TICKETS,
    KnownRows,
    RowHashes,
    TicketList,
)
from boxoffice.ticketbutler.wire import (
    Call,
    Reply,
    WrongShape,
    hex_of,
    no_value,
    not_json,
    same,
)

log = logging.getLogger(__name__)


def _checked_in(value: object) -> bool:
    if (read := flag(value)) is None:
        raise ValueError("a ticket that is neither in nor not in")
    return read


CheckedIn = Annotated[bool, fields.Holds(Kind.YES, _checked_in)]


class TicketDetails(Record):
    uuid: fields.Uuid = Field(title="Id")
    number: fields.Number = Field(None, title="Number", validation_alias="id")
    full_name: fields.Text = fields.editable("", title="Name")
    email: fields.Email = Field("", title="E-mail")
    company_name: fields.Line = Field("", title="Company")
    ticket_type: fields.Line = Field("", title="Ticket type", validation_alias="ticket_type_name")
    checked_in: CheckedIn = fields.editable(title="Checked in")
    refunded: fields.Refunded = Field(False, title="Refunded", validation_alias="ticket_refund")
    external_uuid: fields.Text = fields.editable(
        "", title="External id", description="Another system's name for it."
    )
    lead_tracking_reference: fields.Text = fields.editable("", title="Lead tracking reference")
    order: fields.UuidOrEmpty = Field("", title="Order", validation_alias="purchase_uuid")
    seat: fields.Line = Field("", title="Seat")
    url: fields.Url = Field("", title="Link")

    @classmethod
    def of(cls, ticket: Ticket) -> "TicketDetails":
        """As far as a list tells."""
        return cls(
            uuid=ticket.uuid,
            number=ticket.number,
            full_name=ticket.full_name,
            email=ticket.email,
            company_name=ticket.company_name or "",
            ticket_type=ticket.ticket_type,
            checked_in=ticket.checked_in,
            refunded=ticket.refunded,
            external_uuid=ticket.external_uuid or "",
            order=ticket.order or "",
            seat=ticket.seat,
        )


def read_ticket(row: object, event: str) -> Ticket | None:
    """The ticket in a row of either dialect; None when it names no ticket or not its check-in.

    Runs a hundred thousand times a list: what is absent or needs nothing costs no call.
    """
    if not isinstance(row, dict):
        return None
    get = row.get
    uuid = hex_uuid(get("uuid"))
    checked_in = get("checked_in")
    if checked_in is not True and checked_in is not False:
        checked_in = flag(checked_in)
    if uuid is None or checked_in is None:
        return None
    number, kind = get("id"), get("ticket_type_name")
    return Ticket(
        uuid,
        event,
        checked_in,
        refunded(refund) if (refund := get("ticket_refund")) else False,
        clean(get("full_name")),
        clean(email, 320) if (email := get("email")) else "",
        whole(number) if number is not None else None,
        title(kind) if isinstance(kind, str) else "",
        whole(pk) if (pk := get("ticket_type_pk")) is not None else None,
        valid_on(get("ticket_type_date"))
        if (dated := get("has_ticket_type_date"))
        else (None if dated is None else ""),
        hex_uuid(order) if (order := get("purchase_uuid")) else None,
        (clean(external) or None) if (external := get("external_uuid")) else None,
        last_part(url) if (url := get("url")) else None,
        clean(seat) if (seat := get("seat")) else "",
        (clean(company) or None) if (company := get("company_name")) else None,
    )


def read_list(
    chunks: Iterable[bytes],
    event: str,
    known: RowHashes = NO_HASHES,
    fingerprint: str = "",
    before: Mapping[str, Ticket] = NO_TICKETS,
) -> TicketList:
    """The tickets in the bytes of a list; of rows that are `known`, only that they are there.

    Of two rows for one ticket the later counts. `before`: tickets in memory by uuid, so that what
    is the same in both is there once.

    Raises WrongShape where it is no list, or nothing in it is a ticket.
    """
    with collector_paused:
        raw = RawRows(chunks)
        rows = _Rows(event, raw.first, known, before)
        left: Sequence[bytes] = ()
        for piece in raw.pieces():
            if left := rows.add_raw(piece):
                break
        rows.settle()
        for row in raw.elements(left):
            rows.add(row)
        listed = rows.listed(fingerprint)
    if listed.unread and not listed.uuids:
        raise WrongShape(f"none of {listed.unread} rows is a ticket")
    return listed


class _Rows:
    """What was read of a list."""

    def __init__(
        self, event: str, first: bytes, known: RowHashes, before: Mapping[str, Ticket]
    ) -> None:
        """`first`: what all raw rows begin with."""
        self._event, self._first, self._before = event, first, before
        self._known = known.uuids if known.first == first else NO_HASHES.uuids
        self._new: dict[str, Ticket] = {}
        self._hashed: dict[int, str] = {}
        """Whose rows were cut off, by the rows' hashes: what came last is the last."""
        self._is_each_once = True
        self._count = self._unread = 0

    def add(self, row: object) -> str | None:
        """Gives whose it is."""
        self._count += 1
        ticket = read_ticket(row, self._event)
        if ticket is None:
            self._unread += 1
            return None
        uuid = ticket.uuid
        self._new[uuid] = _sharing(ticket, self._before.get(uuid))
        return uuid

    def add_raw(self, rows: Sequence[bytes]) -> Sequence[bytes]:
        """Gives those that were not added: the first is no JSON by itself.

        A row that is known is JSON, and what is in it says nothing that it did not say before.
        """
        hashes = [*map(hash, rows)]
        uuids = [*map(self._known.get, hashes)]
        if None not in uuids:
            self._count += len(rows)
            self._add_hashed(hashes, cast("list[str]", uuids))
            return ()
        for number, (hashed, known) in enumerate(zip(hashes, uuids, strict=True)):
            if known is not None:
                self._count += 1
                self._add_hashed([hashed], [known])
                continue
            try:
                row = decoded(self._first + rows[number] + b"}")
            except (ValueError, RecursionError):
                return rows[number:]
            if (uuid := self.add(row)) is not None:
                self._add_hashed([hashed], [uuid])
        return ()

    def _add_hashed(self, hashes: Sequence[int], uuids: Sequence[str]) -> None:
        count = len(self._hashed) + len(hashes)
        self._hashed.update(zip(hashes, uuids, strict=True))
        if len(self._hashed) < count:  # a row comes again
            for hashed in hashes:
                self._hashed[hashed] = self._hashed.pop(hashed)

    def settle(self) -> None:
        """Of two rows that were cut off for one ticket, let the later count."""
        if sum(map(self._new.__contains__, self._hashed.values())) > len(self._new):
            self._is_each_once = False
            for uuid, hashed in {uuid: one for one, uuid in self._hashed.items()}.items():
                if hashed in self._known:
                    self._new.pop(uuid, None)

    def listed(self, fingerprint: str) -> TicketList:
        tickets, hashed = [*self._new.values()], self._hashed
        uuids, hashes = hashed.values(), RowHashes(self._first, hashed)
        if not self._is_each_once or len(hashed) < self._count - self._unread:
            return TicketList(fingerprint, tickets, self._unread, {*uuids, *self._new})
        return TicketList(fingerprint, tickets, self._unread, uuids, hashes)


def _sharing(ticket: Ticket, before: Ticket | None) -> Ticket:
    """The ticket, made of what `before` is made of, as far as they are the same."""
    if before is None:
        return ticket
    if ticket == before:
        return before
    return Ticket._make(old if old == new else new for old, new in zip(before, ticket, strict=True))


def read_details(value: object) -> TicketDetails:
    """API document: "Get specific ticket", "Update ticket details"."""
    return read_one(TicketDetails, value)


def read_for_door(uuid: str) -> Callable[[object], Ticket]:
    """Reads one ticket as a door needs it, and makes sure that it is the one asked for."""

    def read(value: object) -> Ticket:
        ticket = read_ticket(value, "")
        if ticket is None or ticket.uuid != uuid:
            raise WrongShape("not the ticket asked for")
        return ticket

    return read


class Tickets(Endpoints):
    """API document: "Tickets"."""

    async def list(self, event: str, *, since: KnownRows | None = None) -> TicketList | None:
        """All tickets of the event, or what is new `since`; None where the answer is the same.

        May take minutes and holds every ticket of the event. A large list is read in a thread.
        `Ticket.event` is the event asked for: the API's answers do not tell it. API document: "Get
        event tickets".
        """
        uuid = hex_of(event, "event")

        async def read(call: Call[None], reply: Reply) -> TicketList | None:
            if since is not None and reply.fingerprint == since.fingerprint:
                return None
            known = since.begin() if since is not None else NO_HASHES
            before = since.tickets if since is not None else NO_TICKETS
            chunks, reply = reply.drain()
            try:
                listed = await asyncio.to_thread(
                    read_list, chunks, uuid, known, reply.fingerprint, before
                )
            except WrongShape as error:
                problem = str(error)
            else:
                if listed.unread:
                    log.warning("%d of %d tickets could not be read", listed.unread, listed.rows)
                return listed
            raise not_json(reply, f"{call}: {reply.status}: {problem}")

        call = Call("GET", f"events/{uuid}/tickets/", no_value, "event", large=True)
        return await self._session.exchange(call, read)

    async def get(self, ticket: str, *, retry: bool = True) -> Ticket:
        """One ticket, whose `event` is empty. API document: "Get specific ticket"."""
        uuid = hex_of(ticket, "ticket")
        call = Call("GET", f"tickets/{uuid}/", read_for_door(uuid), "ticket", retry=retry)
        return await self._session.send(call)

    async def get_details(self, ticket: str) -> TicketDetails:
        """One ticket with all its fields. API document: "Get specific ticket"."""
        uuid = hex_of(ticket, "ticket")
        call = Call("GET", f"tickets/{uuid}/", same(uuid, read_details), "ticket")
        return await self._session.send(call)

    async def patch(
        self, ticket: str, *, checked_in: bool | None = None, full_name: str | None = None
    ) -> Ticket:
        """Change what is given, without a look at it, and return what the site then has.

        API document: "Update ticket details".

        It is the answer's own fields that prove the change. A site answers the same to a check-in
        that was there before.
        """
        uuid = hex_of(ticket, "ticket")
        given = {"checked_in": checked_in, "full_name": full_name}
        body = {name: value for name, value in given.items() if value is not None}
        if not body:
            raise ValueError("nothing to change")
        call = Call("PATCH", f"tickets/{uuid}/", read_for_door(uuid), "ticket", body=body)
        return await self._session.send(call)

    @pending
    async def update(self, ticket: str, **values: Any) -> PreparedChange[TicketDetails]:
        """Change name, check-in, external id or lead tracking reference of a ticket.

        API document: "Update ticket details". A check-in at a door goes through its journal
        instead.

        Raises ValueError for a field that may not be changed.
        """
        before = await self.get_details(ticket)
        after = apply_edit(before, values)
        path, read = f"tickets/{before.uuid}/", same(before.uuid, read_details)
        call = Call("PATCH", path, read, "ticket", body=changed_values(before, after))
        return self._edited(call, before, after)

    async def questions(self, ticket: str) -> Sequence[Question]:
        """Every question of the ticket, answered or not.

        API document: "Get Ticket Specific Questions".
        """
        return await self._questions(ticket, "all", retry=True)

    async def unanswered(self, ticket: str, *, retry: bool = True) -> Sequence[Question]:
        """Questions without an answer. API document: "Get Unanswered Questions"."""
        return await self._questions(ticket, "unanswered", retry=retry)

    async def _questions(self, ticket: str, which: str, *, retry: bool) -> Sequence[Question]:
        path = f"tickets/{hex_of(ticket, 'ticket')}/questions/{which}/"
        call = Call("GET", path, read_questions, "ticket", retry=retry)
        return [question.as_question() for question in await self._session.send(call)]

    async def answers(self, ticket: str, *, retry: bool = True) -> Sequence[Answer]:
        """What an attendee answered. API document: "Get Collected Ticket Data"."""
        return await self._session.send(answers_call(ticket, "ticket")._replace(retry=retry))

    @pending
    async def answer(
        self, ticket: str, given: Sequence[AnswerInput]
    ) -> PreparedChange[Sequence[Answer]]:
        """Store answers; those not given stay as they are. Gives all that are then stored.

        API document: "Collect Ticket Data".
        """
        return self._prepared(answers_call(ticket, "ticket", given))
