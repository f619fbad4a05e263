"""Events: what an organiser holds. API document: "Events"."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from boxoffice.domain.models import Event
from boxoffice.domain.text import hex_uuid
from boxoffice.language import _
from boxoffice.ticketbutler.changes import (
    Endpoints,
    PreparedChange,
    acknowledgement,
    done,
    pending,
    refuse_lost,
    reread,
)
from boxoffice.ticketbutler.edits import apply_edit, differences, what_differs
from boxoffice.ticketbutler.errors import Refused, TicketbutlerError, Unreadable
from boxoffice.ticketbutler.fields import Kind
from boxoffice.ticketbutler.parsers import as_fields, as_list
from boxoffice.ticketbutler.record import Record, changed, changed_values, field_info
from boxoffice.ticketbutler.resources.event_models import (
    EventDetails,
    NewEvent,
    read_event,
    read_events,
    sent_moment,
)
from boxoffice.ticketbutler.resources.ticket_types import (
    LEFT,
    NO_SUCH_TYPE,
    STOCK,
    NewTicketType,
    TicketTypeDetails,
    newest,
    read_type,
    types_call,
)
from boxoffice.ticketbutler.wire import Call, hex_of, no_value, same

SHORTEST_REASON = 5
"""Characters."""


class Events(Endpoints):
    """API document: "Events"."""

    async def list(self, *, old: bool = False) -> Sequence[Event]:
        """The organiser's events; with `old`, expired ones too. API document: "Get All Events"."""
        return [event.as_event() for event in await self.list_details(old=old)]

    async def list_details(self, *, old: bool = False) -> Sequence[EventDetails]:
        """The same with all that a list tells: neither ticket types nor settings.

        API document: "Get All Events".
        """
        query = "old=true" if old else ""
        return await self._session.send(Call("GET", "events/", read_events, query=query))

    async def get(self, event: str) -> Event:
        """One event. API document: "Get Specific Event"."""
        return (await self.get_settings(event)).as_event()

    async def get_settings(self, event: str) -> EventDetails:
        """An event with its settings, and its ticket types as they are told there.

        API document: "Get Specific Event".
        """
        uuid = hex_of(event, "event")
        call = Call("GET", f"events/{uuid}/", same(uuid, read_event), "event")
        return await self._session.send(call)

    async def get_details(self, event: str) -> EventDetails:
        """An event with its settings, and its ticket types with their pk: two requests.

        API document: "Get Specific Event", "Get event ticket types".
        """
        uuid = hex_of(event, "event")
        details, ticket_types = await asyncio.gather(
            self.get_settings(uuid), self._session.send(types_call(uuid))
        )
        return details.replace(ticket_types=tuple(ticket_types))

    @pending
    async def create(self, event: NewEvent) -> PreparedChange[EventDetails]:
        """Make an event. API document: "Create an event".

        The answer does not tell its ticket types' pk: read them before changing it.
        """
        call = Call("POST", "events/", read_event, "event", body=event.payload(), slow=True)
        return self._prepared(call, differences(None, event))

    @pending
    async def update(self, event: str, **values: Any) -> PreparedChange[EventDetails]:
        """Change fields of an event: values, or edits of what the site has (`apply_edit`).

        API document: "Update event". Reads the event and all its ticket types, and sends what is
        different with every ticket type under its pk: those that `ticket_types` leaves out stay,
        those without a uuid are made. Returns the event as read again; where nothing but ticket
        types was changed, and the answer names all of them, as it has them.

        Stock that is different is set first, by the ticket types' own updates. A setting that is
        None stays as the site has it; an empty text empties it.

        Raises ValueError for a field that may not be changed, and Unreadable where the site does
        not tell the pk of every ticket type, so that nothing was sent, or, with `maybe_applied`,
        where a ticket type is gone.
        """
        before = await self.get_details(event)
        after = _with_settings(before, apply_edit(before, values))
        after = after.replace(ticket_types=_all_types(before.ticket_types, after.ticket_types))
        different = what_differs(before, after)
        path = f"events/{before.uuid}/"
        calls: list[Call[object]] = [
            Call("PATCH", f"{path}ticket-types/{was.uuid}/", no_value, "ticket type", body=body)
            for was, now in zip(before.ticket_types, after.ticket_types, strict=False)
            if (body := was.stock_change(now))
        ]
        payload: dict[str, object] = {}
        rows = _type_rows(before.raw.get("ticket_types"), before.ticket_types, after.ticket_types)
        if {difference.name.rpartition(".")[2] for difference in different} - STOCK:
            payload = _update_payload(before, after) | {"ticket_types": rows}
            calls.append(Call("POST", path, no_value, "event", body=payload, slow=True))
        types_alone = len(calls) == 1 and len(payload) == 1

        async def send() -> EventDetails:
            answer: object = None
            for at, call in enumerate(calls):
                try:
                    answer = await self._session.send(call, acknowledgement)
                except TicketbutlerError as error:
                    # What fails after the first leaves a part of it done.
                    error.maybe_applied = error.maybe_applied or at > 0
                    raise
            types = _acknowledged_types(after.ticket_types, rows, answer) if types_alone else None
            if types is not None:
                return before.replace(ticket_types=types)
            now = await reread(lambda: self.get_details(before.uuid))
            refuse_lost(before.ticket_types, now.ticket_types)
            return now

        return PreparedChange(calls[-1], send, different, edit=(before, after))

    @pending
    async def delete(self, event: str, reason: str) -> PreparedChange[None]:
        """Delete an event. `reason` is written to the people who have tickets.

        API document: "Delete event".

        Raises Refused, and sends nothing, where the reason has fewer than 5 characters.
        """
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused(
                "no reason",
                _(
                    "Give a reason of at least {shortest_reason} characters: it is written "
                    "to everybody with a ticket."
                ).format(shortest_reason=SHORTEST_REASON),
            )
        path, body = f"events/{hex_of(event, 'event')}/", {"delete_reason": reason.strip()}
        call: Call[None] = Call("DELETE", path, no_value, "event", body=body, slow=True)
        return self._prepared(call, read=done)


def _with_settings(before: EventDetails, after: EventDetails) -> EventDetails:
    """`after` with the settings that `before` has, where `after` does not give them.

    Settings that a caller made give nothing by a None; those that were read and changed take away.
    """
    if after.settings.raw:
        return after
    return after.replace(settings=before.settings.replace(**after.settings.given()))


def _update_payload(before: EventDetails, after: EventDetails) -> dict[str, object]:
    """What makes `after` of an event, but for its ticket types: what is different."""
    body: dict[str, object] = {}
    for info in field_info(EventDetails):
        was, now = getattr(before, info.name), getattr(after, info.name)
        if was == now or info.kind is Kind.PARTS:
            continue  # all ticket types go along, whatever is different
        if info.kind is Kind.MOMENT:
            now = sent_moment(now, info.name)
        elif isinstance(now, Record):
            # The whole of it as the site said it, but for what is different.
            now = dict(was.raw) | {name: getattr(now, name) for name in changed(was, now)}
        body[info.api] = now
    return body


# Its ticket types, written back with it


def _all_types(
    before: Sequence[TicketTypeDetails], wanted: Iterable[TicketTypeDetails]
) -> tuple[TicketTypeDetails, ...]:
    """These ticket types, and those of `before` that are not among them."""
    given = list(wanted)
    by_uuid = {kind.uuid: kind for kind in given if kind.uuid}
    if unknown := by_uuid.keys() - {item.uuid for item in before}:
        raise Refused(f"no ticket types {unknown}", _(NO_SUCH_TYPE))
    known = (by_uuid.get(ticket_type.uuid, ticket_type) for ticket_type in before)
    return (*known, *(part for part in given if not part.uuid))


def _type_rows(
    inside: object, before: Sequence[TicketTypeDetails], after: Iterable[TicketTypeDetails]
) -> list[dict[str, object]]:
    """All ticket types as an update of their event has them, each with its pk; new ones come last.

    `inside`: those that the event's own answer has.

    Raises Unreadable where the site does not tell every pk or type, and would delete the rest.
    """
    known, pks = {kind.uuid: kind for kind in before}, {kind.pk for kind in before}
    if len(known) < len(before) or len(pks) < len(before):
        raise _incomplete("two ticket types with one uuid or one pk")
    uuids = {hex_uuid(as_fields(row).get("uuid")) for row in as_list(inside)}
    if uuids - set(known):
        raise _incomplete("a ticket type of the event is not in the list of its ticket types")
    if None in pks:
        raise _incomplete("a ticket type without a pk")
    return [_type_row(known.get(item.uuid), item) for item in after]


def _acknowledged_types(
    sent: Sequence[TicketTypeDetails], rows: Sequence[Mapping[str, object]], answer: object
) -> tuple[TicketTypeDetails, ...] | None:
    """The ticket types as they are after an update of their event, by its answer.

    `rows`: what was sent of each of `sent`; it holds where the answer does not tell a field. None:
    the answer does not name them all, or a new one is among them.
    """
    there = map(as_fields, as_list(as_fields(answer).get("ticket_types")))
    found = {hex_uuid(row.get("uuid")): row for row in there}
    if not {kind.uuid for kind in sent} <= found.keys():
        return None
    return tuple(
        read_type(newest({**kind.raw, **row}, found[kind.uuid]))
        for kind, row in zip(sent, rows, strict=True)
    )


def _type_row(before: TicketTypeDetails | None, after: TicketTypeDetails) -> dict[str, object]:
    if before is None:
        total = after.amount_total if after.amount_total is not None else after.amount
        given = changed_values(TicketTypeDetails(amount=after.amount), after)
        new = NewTicketType(title=after.title, amount_total=total or 0)
        return new.payload() | given
    before.refuse_impossible(after)
    row = dict(before.raw) | {"pk": before.pk}
    different = changed_values(before, after)
    row |= {name: value for name, value in different.items() if name not in STOCK}
    gone = {*LEFT, "amount_total"} if STOCK & different.keys() else LEFT
    return {name: value for name, value in row.items() if name not in gone}


def _incomplete(why: str) -> Unreadable:
    sentence = _(
        "The site does not tell all of this event's ticket types, so that a change could delete "
        "the others: nothing was sent. Refresh, or change it on the site's own pages."
    )
    return Unreadable(why, sentence, maybe_applied=False)
