"""What an organiser keeps: every kind of thing at a site, with the same few verbs.

`RESOURCES` are the kinds, which need no client; `Desk` is all of them at one site. Nothing of it is
imported where a door starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxoffice.manage.discounts import Discounts
from boxoffice.manage.edit_input import edited, entered, for_create, for_input, for_update
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
from boxoffice.ticketbutler.resources.edits import NestedEdit, apply_edit, list_edit
from boxoffice.ticketbutler.resources.events import SHORTEST_REASON, event_call
from boxoffice.ticketbutler.resources.record import (
    FieldInfo,
    Record,
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


@dataclass(frozen=True, slots=True)
class Rights:
    """What a key may do, as far as the site tells: what it does not tell is left to its answers."""

    organiser: bool = True
    """Change an event, and what is of it."""
    admin: bool = True
    """Change what is of the whole site."""


class Desk:
    """What a manager lists and changes, over one client."""

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf) -> None:
        """`sale_of`: nothing is booked here, but a person is told of money that is."""
        self.resources: Mapping[str, Resource] = MappingProxyType(
            {each.name: each(client, sale_of) for each in RESOURCES}
        )
        """By name."""
        self._client = client
        self._rights: dict[str, Rights] = {}

    async def read_rights(self, event: str) -> None:
        """Ask the site what the key may do with an event. API document: "Get Specific Event"."""
        details = await self._client.send(event_call(event))
        self._rights[event] = Rights(
            details.team_organiser is not False, details.team_admin is not False
        )

    def rights(self, event: str | None) -> Rights:
        """As they were read last; all of them before that."""
        return self._rights.get(event or "", Rights())


__all__ = [
    "RESOURCES",
    "SHORTEST_REASON",
    "Action",
    "Desk",
    "Difference",
    "EntryError",
    "FieldInfo",
    "Kind",
    "NestedEdit",
    "Outcome",
    "Outdated",
    "PendingChange",
    "PreparedChange",
    "Record",
    "Request",
    "Resource",
    "Rights",
    "Row",
    "Values",
    "Verb",
    "apply_edit",
    "default",
    "edited",
    "entered",
    "field_info",
    "for_create",
    "for_input",
    "for_update",
    "list_edit",
    "shown",
    "written",
]
