"""The client of the Ticketbutler API, version 3. Knows nothing of doors, queues or screens.

`Ticketbutler` is loaded when it is first asked for: errors and models are needed long before, and
it brings pydantic along.
"""

from typing import TYPE_CHECKING

from boxoffice.ticketbutler.errors import (
    CaptivePortal,
    Forbidden,
    Gone,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    SiteError,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from boxoffice.ticketbutler.models import Exchange, Limits, TicketList
from boxoffice.ticketbutler.site import read_site

if TYPE_CHECKING:
    from boxoffice.ticketbutler.client import Ticketbutler

__all__ = [
    "CaptivePortal",
    "Exchange",
    "Forbidden",
    "Gone",
    "KeyRefused",
    "Limits",
    "NoAnswer",
    "NotFound",
    "Refused",
    "ServerFault",
    "SiteError",
    "TicketList",
    "Ticketbutler",
    "TicketbutlerError",
    "TooMany",
    "Unreachable",
    "Unreadable",
    "read_site",
]


def __getattr__(name: str) -> object:
    if name != "Ticketbutler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from boxoffice.ticketbutler.client import Ticketbutler  # noqa: PLC0415 - see above

    return Ticketbutler
