"""Tickets, read from an answer: one, or a hundred thousand without holding the event loop up.

API document: "Get event tickets", "Get specific ticket". A list is meant for a worker thread.
"""

from collections.abc import Sequence

from boxoffice.collector import collector_paused
from boxoffice.domain.models import Ticket
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.json_stream import slices
from boxoffice.ticketbutler.parsers import flag, last_part, raw, refunded, title, valid_on, whole
from boxoffice.ticketbutler.wire import WrongShape


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
    name, number, kind = get("full_name"), get("id"), get("ticket_type_name")
    full_name = clean(name)
    return Ticket(
        uuid,
        event,
        checked_in,
        refunded(refund) if (refund := get("ticket_refund")) else False,
        full_name,
        clean(email, 320) if (email := get("email")) else "",
        whole(number) if number is not None else None,
        title(kind) if isinstance(kind, str) else "",
        whole(pk) if (pk := get("ticket_type_pk")) is not None else None,
        valid_on(get("ticket_type_date")) if get("has_ticket_type_date") else None,
        hex_uuid(order) if (order := get("purchase_uuid")) else None,
        (clean(external) or None) if (external := get("external_uuid")) else None,
        last_part(url) if (url := get("url")) else None,
        clean(seat) if (seat := get("seat")) else "",
        None if name is full_name else raw(name, full_name),
    )


def read_list(chunks: Sequence[bytes], event: str) -> tuple[list[Ticket], int]:
    """The tickets in the bytes of a list, and how many of its rows could not be read.

    Of two rows for one ticket the later counts.

    Raises:
        WrongShape: no list, or nothing in it is a ticket.

    """
    found: dict[str, Ticket] = {}
    unread = 0
    with collector_paused:
        for piece in slices(chunks):
            for row in piece:
                if (ticket := read_ticket(row, event)) is None:
                    unread += 1
                else:
                    found[ticket[0]] = ticket
    if unread and not found:
        raise WrongShape(f"none of {unread} rows is a ticket")
    return list(found.values()), unread
