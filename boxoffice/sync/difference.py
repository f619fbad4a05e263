"""What a list that was just read changes in the one that was known. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from boxoffice.domain.models import Ticket

MANY = 20
"""Tickets; a shorter list may well be halved by a person."""


class Difference(NamedTuple):
    changed: list[Ticket]
    removed: list[str]
    doubtful: list[str]
    """Tickets of ours of which the list says otherwise than what is known of our check-in."""


def compare(
    known: Mapping[str, Ticket], listed: Sequence[Ticket], ours: Mapping[str, bool]
) -> Difference:
    """What `listed` changes in `known`, by uuid.

    `ours`: check-ins of this computer that the server had confirmed before the list was asked for,
    and whether each is known to be taken back at the site since. The list alone does not turn
    them: it may be an old one.
    """
    changed: list[Ticket] = []
    doubtful: list[str] = []
    for row in listed:
        ticket, before = row, known.get(row.uuid)
        if ticket.uuid in ours:
            if ticket.checked_in is ours[ticket.uuid]:
                doubtful.append(ticket.uuid)
            if not ticket.checked_in:
                ticket = ticket._replace(checked_in=before is not None and before.checked_in)
        if ticket != before and (before is None or ticket.completed(before) != before):
            changed.append(ticket if before is None else ticket.completed(before))
    removed = known.keys() - {ticket.uuid for ticket in listed}
    return Difference(changed, sorted(removed), doubtful)


def is_suspicious(before: int, now: int) -> bool:
    """Whether `now` tickets where there were `before` look like a fault of the site's."""
    return (before > 0 and now == 0) or (before >= MANY and now * 2 < before)
