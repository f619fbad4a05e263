"""What the organiser's calls share: the client that asks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boxoffice.ticketbutler.asking import Asking


class Calls:
    """Calls over one client."""

    def __init__(self, client: "Asking") -> None:
        self._client = client
