"""Events with their ticket types as they are sent: what is new, and what is written back.

API document: "Create an event", "Update event". Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.domain.text import hex_uuid
from boxoffice.ticketbutler.changes import jsonable, refuse
from boxoffice.ticketbutler.errors import Unreadable
from boxoffice.ticketbutler.parsers import whole
from boxoffice.ticketbutler.resources.record import Record, changed, field_info
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.events import (
        EventAddress,
        EventDetails,
        EventSettings,
        NewEvent,
    )

_AMOUNTS = frozenset({"amount", "amount_total"})
_ROW = (
    "title",
    "price",
    "active",
    "amount",
    "amount_sold",
    "amount_total",
    "members_only",
    "description",
    "start",
    "sort_id",
)
"""The document's structure of a ticket type in an update."""


def new_event(event: "NewEvent") -> dict[str, object]:
    """The payload that makes an event."""
    if not event.title.strip():
        raise refuse("no title", "The event needs a title.")
    editable = [each.name for each in field_info(type(event.settings)) if each.editable]
    given = {name: getattr(event.settings, name) for name in editable}
    settings = {name: value for name, value in given.items() if value is not None}
    texts = {"team": event.team, "description": event.description, "summary": event.summary}
    body: dict[str, object] = {
        "title": event.title,
        "start_date": _moment(event, "start"),
        "ticket_types": [each.payload() for each in event.ticket_types],
        "is_members_only": event.members_only,
        "eventsettings": settings,
        "address": {name: text for name, text in event.venue if text},
    }
    if event.end is not None:
        body["end_date"] = _moment(event, "end")
    return body | {name: text for name, text in texts.items() if text}


def event_update(before: "EventDetails", after: "EventDetails") -> dict[str, object]:
    """What makes `after` of an event, but for its ticket types: what is different."""
    body: dict[str, object] = {}
    for name in changed(before, after):
        match name:
            case "venue":
                body["address"] = _address(before, after.venue)
            case "settings":
                body["eventsettings"] = _settings(before.settings, after.settings)
            case "start" | "end":
                body[_api(name, before)] = _moment(after, name)
            case "ticket_types":
                pass  # `type_rows`: all of them go along, whatever is different
            case _:
                body[_api(name, before)] = getattr(after, name)
    return body


def all_types(before: "EventDetails", wanted: Iterable[TicketTypeDetails]) -> "EventDetails":
    """`before` with these ticket types, and with those that are not among them."""
    given = list(wanted)
    named = {each.uuid for each in given if each.uuid}
    if unknown := named - {each.uuid for each in before.ticket_types}:
        raise refuse(f"no ticket types {unknown}", "The event has no such ticket type.")
    by_uuid = {each.uuid: each for each in given if each.uuid}
    kept = [by_uuid.get(each.uuid, each) for each in before.ticket_types]
    return before.replace(ticket_types=(*kept, *(each for each in given if not each.uuid)))


def type_rows(
    before: "EventDetails", after: Iterable[TicketTypeDetails]
) -> list[dict[str, object]]:
    """All ticket types as they are written back, each with its pk; those that are new come last.

    Raises:
        Unreadable: the site does not tell every pk, or not every type, and would delete the rest.

    """
    known = {each.uuid: each for each in before.ticket_types}
    inside = before.raw.get("ticket_types")
    rows = inside if isinstance(inside, list) else []
    pks = {each.pk for each in before.ticket_types}
    if len(known) < len(before.ticket_types) or len(pks) < len(before.ticket_types):
        raise _incomplete("two ticket types with one uuid or one pk")
    uuids = {hex_uuid(row.get("uuid")) if isinstance(row, dict) else None for row in rows}
    if uuids - set(known):
        raise _incomplete("a ticket type of the event is not in the list of its ticket types")
    if None in pks:
        raise _incomplete("a ticket type without a pk")
    return [_row(known.get(each.uuid), each) for each in all_types(before, after).ticket_types]


def _row(before: TicketTypeDetails | None, after: TicketTypeDetails) -> dict[str, object]:
    if before is None:
        total = after.amount_total if after.amount_total is not None else after.amount
        new = NewTicketType(
            title=after.title,
            price=after.price or Decimal(0),
            amount_total=total or 0,
            members_only=after.members_only,
        )
        rest = {"active": after.active, "description": after.description, "sort_id": after.sort_id}
        given = {name: value for name, value in rest.items() if value not in (None, "", True)}
        return (
            new.payload() | given | ({"start_date": jsonable(after.start)} if after.start else {})
        )
    before.refuse_emptied(after)
    row = dict(before.raw) | {"pk": before.pk}
    row.pop("amount_left", None)
    different = set(changed(before, after))
    for name in _ROW:
        api, value = _api(name, after), getattr(after, name)
        # Stock goes by another name than it came; of the rest, what was not told is not made up.
        if name in different or (name in _AMOUNTS and api not in row and value is not None):
            row[api] = jsonable(value)
    return row | amounts(before, after)


class Stock(NamedTuple):
    """How many tickets of a type there are to be, as `type_rows` says it."""

    before: TicketTypeDetails
    total: int
    left: int | None
    """As sent under `amount`."""

    def told(self, now: TicketTypeDetails) -> bool:
        """Whether the site has what was meant, or says nothing of it."""
        return now.total in (None, self.total, self.wanted(now))

    def wanted(self, now: TicketTypeDetails) -> int:
        """The total to set: none can be smaller than what is sold."""
        return max(self.total, now.sold or 0)

    def misread(self, now: TicketTypeDetails) -> bool:
        """Whether its total comes from what was sent as left, and from nobody else.

        Sites take that for the total, or add what is sold by then to it.
        """
        if self.left is None or now.total is None:
            return False
        sold = (self.before.sold or 0, now.sold or 0)
        return now.total == self.left or min(sold) <= now.total - self.left <= max(sold)

    @property
    def changes(self) -> bool:
        return self.total != self.before.total


def stock_of(
    before: Iterable[TicketTypeDetails], rows: Iterable[Mapping[str, object]]
) -> dict[str, Stock]:
    """What `rows` say of the ticket types that there were, by uuid."""
    stock: dict[str, Stock] = {}
    for then, row in zip(before, rows, strict=False):  # the new ones come last
        total, left = whole(row.get("amount_total")), whole(row.get("amount"))
        if total is None and left is not None and then.sold is not None:
            total = left + then.sold
        if total is not None:
            stock[then.uuid] = Stock(then, total, left)
    return stock


def amounts(before: TicketTypeDetails, after: TicketTypeDetails) -> dict[str, object]:
    """Stock as an update of the event takes it: by what is left, with the total beside it."""
    different = _AMOUNTS & set(changed(before, after))
    if not different:
        return {}
    if len(different) == 2:
        raise refuse("amount and amount_total", "Give the total or what is left, not both.")
    if before.sold is None:
        raise _incomplete("a ticket type that does not tell how many are sold")
    sold = before.sold
    total = after.amount_total if "amount_total" in different else (after.amount or 0) + sold
    if total is None or total < sold:
        raise refuse(
            "fewer than sold", f"{sold} tickets are sold: the total cannot be smaller than that."
        )
    return {"amount": total - sold, "amount_total": total}


def _address(before: "EventDetails", after: "EventAddress") -> dict[str, object]:
    """The whole address as the site said it, but for what is different."""
    said = before.raw.get("address")
    different = {name: getattr(after, name) for name in changed(before.venue, after)}
    return (dict(said) if isinstance(said, dict) else {}) | different


def with_settings(before: "EventDetails", after: "EventDetails") -> "EventDetails":
    """`after` with the settings that `before` has, where `after` does not give them.

    Settings that a caller made give nothing by a None; those that were read and changed take away.
    """
    if after.settings.raw:
        return after
    given = {
        name: getattr(after.settings, name) for name in changed(before.settings, after.settings)
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    return after.replace(settings=before.settings.replace(**wanted))


def _settings(before: "EventSettings", after: "EventSettings") -> dict[str, object]:
    return dict(before.raw) | {name: getattr(after, name) for name in changed(before, after)}


def _moment(event: "EventDetails | NewEvent", name: str) -> str | None:
    moment: datetime | None = getattr(event, name)
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} without an offset")
    return moment.isoformat() if moment is not None else None


def _api(name: str, of: Record) -> str:
    return next(each.api for each in field_info(type(of)) if each.name == name)


def _incomplete(why: str) -> Unreadable:
    return Unreadable(
        why,
        "The site does not tell all of this event's ticket types, so that a change could delete "
        "the others: nothing was sent. Refresh, or change it on the site's own pages.",
        maybe_applied=False,
    )
