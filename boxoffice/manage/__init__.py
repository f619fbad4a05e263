"""What an organiser keeps: every kind of thing at a site, with the same few verbs.

`RESOURCES` are the kinds, which need no client; `Desk` is all of them at one site. Nothing of it is
imported where a door starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxoffice.manage.edit_input import edited as edited
from boxoffice.manage.edit_input import entered as entered
from boxoffice.manage.edit_input import for_create as for_create
from boxoffice.manage.edit_input import for_input as for_input
from boxoffice.manage.edit_input import for_update as for_update
from boxoffice.manage.events import Discounts, Events, TicketTypes
from boxoffice.manage.orders import Orders, Tickets
from boxoffice.manage.questions import Questions
from boxoffice.manage.resource import Action as Action
from boxoffice.manage.resource import Outcome as Outcome
from boxoffice.manage.resource import Resource as Resource
from boxoffice.manage.resource import SaleOf
from boxoffice.manage.resource import Verb as Verb
from boxoffice.manage.site import Exports, Webhooks
from boxoffice.paths import exports_folder
from boxoffice.ticketbutler.changes import Outdated as Outdated
from boxoffice.ticketbutler.changes import PendingChange as PendingChange
from boxoffice.ticketbutler.changes import PreparedChange as PreparedChange
from boxoffice.ticketbutler.edits import Difference as Difference
from boxoffice.ticketbutler.edits import NestedEdit as NestedEdit
from boxoffice.ticketbutler.edits import apply_edit as apply_edit
from boxoffice.ticketbutler.edits import list_edit as list_edit
from boxoffice.ticketbutler.fields import EntryError as EntryError
from boxoffice.ticketbutler.fields import Kind as Kind
from boxoffice.ticketbutler.record import FieldInfo as FieldInfo
from boxoffice.ticketbutler.record import Record as Record
from boxoffice.ticketbutler.record import default as default
from boxoffice.ticketbutler.record import field_info as field_info
from boxoffice.ticketbutler.record import shown as shown
from boxoffice.ticketbutler.record import written as written
from boxoffice.ticketbutler.resources.events import SHORTEST_REASON as SHORTEST_REASON

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

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf, folder: Path = Path()) -> None:
        """`sale_of`: nothing is booked here, but a person is told of money that is.

        `folder`: where this computer keeps what is of the site.
        """
        self._folder = folder
        self.resources: Mapping[str, Resource] = MappingProxyType(
            {resource.name: resource(client, sale_of) for resource in RESOURCES}
        )
        """By name."""
        self._client = client
        self._rights: dict[str, Rights] = {}

    def exports(self, event: str | None) -> Path:
        """The folder of the files that are about an event; None: about none."""
        return exports_folder(self._folder, event or "")

    async def read_rights(self, event: str) -> None:
        """Ask the site what the key may do with an event. API document: "Get Specific Event"."""
        details = await self._client.events.get_settings(event)
        self._rights[event] = Rights(
            details.team_organiser is not False, details.team_admin is not False
        )

    def rights(self, event: str | None) -> Rights:
        """As they were read last; all of them before that."""
        return self._rights.get(event or "", Rights())
