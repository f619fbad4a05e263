"""All kinds of things at one site."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxoffice.desk.of_events import EVENTS
from boxoffice.desk.of_orders import Orders
from boxoffice.desk.of_sales import SALES
from boxoffice.desk.of_site import SITE
from boxoffice.desk.resources import Resource

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

RESOURCES: tuple[type[Resource], ...] = (*EVENTS, Orders, *SALES, *SITE)


class Desk:
    """What a manager lists and changes, over one client."""

    def __init__(self, client: "Ticketbutler") -> None:
        self.resources: Mapping[str, Resource] = MappingProxyType(
            {each.name: each(client) for each in RESOURCES}
        )
        """By name, in the order in which people look for them."""
