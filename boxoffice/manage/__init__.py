"""What an organiser keeps: every kind of thing at a site, with the same few verbs.

`RESOURCES` are the kinds, which need no client; `Desk` is all of them at one site. Nothing of it is
imported where a door starts.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxoffice.manage.discounts import Discounts
from boxoffice.manage.edit_input import entered, for_create, for_input, for_update, steps
from boxoffice.manage.events import Events
from boxoffice.manage.exports import Exports
from boxoffice.manage.orders import Orders
from boxoffice.manage.questions import Questions
from boxoffice.manage.resource import Action, Outcome, Resource, Row, SaleOf, Values, Verb
from boxoffice.manage.ticket_types import TicketTypes
from boxoffice.manage.tickets import Tickets
from boxoffice.manage.webhooks import Webhooks
from boxoffice.ticketbutler.changes import (
    Difference,
    Outdated,
    PendingChange,
    PreparedChange,
    Request,
)
from boxoffice.ticketbutler.parsers import EntryError, Kind
from boxoffice.ticketbutler.resources.events import SHORTEST_REASON
from boxoffice.ticketbutler.resources.record import (
    FieldInfo,
    Record,
    changed,
    default,
    field_info,
    shown,
    written,
)

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

RESOURCES: tuple[type[Resource], ...] = (
    Events,
    TicketTypes,
    Questions,
    Orders,
    Tickets,
    Discounts,
    Exports,
    Webhooks,
)
"""In the order in which people look for them."""


class Desk:
    """What a manager lists and changes, over one client."""

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf) -> None:
        """`sale_of`: nothing is booked here, but a person is told of money that is."""
        self.resources: Mapping[str, Resource] = MappingProxyType(
            {each.name: each(client, sale_of) for each in RESOURCES}
        )
        """By name."""


__all__ = [
    "RESOURCES",
    "SHORTEST_REASON",
    "Action",
    "Desk",
    "Difference",
    "EntryError",
    "FieldInfo",
    "Kind",
    "Outcome",
    "Outdated",
    "PendingChange",
    "PreparedChange",
    "Record",
    "Request",
    "Resource",
    "Row",
    "Values",
    "Verb",
    "changed",
    "default",
    "entered",
    "field_info",
    "for_create",
    "for_input",
    "for_update",
    "shown",
    "steps",
    "written",
]
