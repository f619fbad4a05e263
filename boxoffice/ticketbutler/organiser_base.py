"""What the organiser's calls share: the client that asks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session


class Calls:
    """Calls over one client."""

    def __init__(self, client: "Session") -> None:
        self._client = client
