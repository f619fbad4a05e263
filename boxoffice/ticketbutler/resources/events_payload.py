"""Events with their ticket types as they are sent: what is new, and what is written back.

API document: "Create an event", "Update event". Pure.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from boxoffice.domain.text import hex_uuid
from boxoffice.ticketbutler.changes import jsonable, refuse
from boxoffice.ticketbutler.errors import Unreadable
from boxoffice.ticketbutler.resources.record import Record, changed, field_info
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.events import (
        EventAddress,
        EventDetails,
        EventSettings,
        NewEvent,
    )

STOCK = frozenset({"amount", "amount_total"})
_ROW = frozenset({"title", "price", "active", "members_only", "description", "start", "sort_id"})
"""What an update of the event may change of a ticket type; its stock goes by its own update."""


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
    for name in ("amount", "amount_left"):
        row.pop(name, None)
    for name in set(changed(before, after)) & _ROW:
        row[_api(name, after)] = jsonable(getattr(after, name))
    if STOCK & set(changed(before, after)):
        row.pop("amount_total", None)
    return row


def stock_changes(
    before: Iterable[TicketTypeDetails], after: Iterable[TicketTypeDetails]
) -> dict[str, dict[str, object]]:
    """By uuid, what each ticket type's own update is to say of its stock, where that is different.

    It is not written with the event: what is left of a type that is sold meanwhile would be written
    back as it was, and sites differ in how they read that.

    Raises:
        Refused: both what is left and the total are given, or a total smaller than what is sold.

    """
    known = {each.uuid: each for each in before}
    found: dict[str, dict[str, object]] = {}
    for each in after:
        then = known.get(each.uuid)
        different = sorted(STOCK & set(changed(then, each))) if then is not None else []
        if then is None or not different:
            continue
        if len(different) == 2:
            raise refuse("amount and amount_total", "Give the total or what is left, not both.")
        (name,) = different
        total = each.amount_total if name == "amount_total" else None
        if total is not None and total < (then.sold or 0):
            raise refuse(
                "fewer than sold",
                f"{then.sold} tickets are sold: the total cannot be smaller than that.",
            )
        found[each.uuid] = {name: getattr(each, name)}
    return found


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
