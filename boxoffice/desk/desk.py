"""All kinds of things at one site."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from boxoffice.desk.of_events import EVENTS
from boxoffice.desk.of_orders import Orders
from boxoffice.desk.of_sales import SALES
from boxoffice.desk.of_site import SITE
from boxoffice.desk.resources import Resource, SaleOf

if TYPE_CHECKING:
    from boxoffice.ticketbutler import Ticketbutler

RESOURCES: tuple[type[Resource], ...] = (*EVENTS, Orders, *SALES, *SITE)


class Desk:
    """What a manager lists and changes, over one client."""

    def __init__(self, client: "Ticketbutler", sale_of: SaleOf) -> None:
        """`sale_of`: nothing is booked here, but a person is told of money that is."""
        self.resources: Mapping[str, Resource] = MappingProxyType(
            {each.name: each(client, sale_of) for each in RESOURCES}
        )
        """By name, in the order in which people look for them."""
