"""The client of the Ticketbutler API, version 3. Knows nothing of doors, queues or screens.

`Ticketbutler` is loaded when it is first asked for: errors and models are needed long before, and
it brings pydantic along. What an organiser needs is loaded later still.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from boxoffice.ticketbutler.errors import (
    CaptivePortal,
    Forbidden,
    Gone,
    KeyRefused,
    NoAnswer,
    NoPage,
    NotAllowed,
    NotFound,
    Refused,
    ServerFault,
    SiteError,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from boxoffice.ticketbutler.site import read_site
from boxoffice.ticketbutler.wire import Exchange, Limits, TicketList

if TYPE_CHECKING:
    from boxoffice.ticketbutler.changes import PendingChange, Request
    from boxoffice.ticketbutler.client import Ticketbutler
    from boxoffice.ticketbutler.hooks import Hook, read_hook, read_purchase
    from boxoffice.ticketbutler.resources import Organiser

__all__ = [
    "CaptivePortal",
    "Exchange",
    "Forbidden",
    "Gone",
    "Hook",
    "KeyRefused",
    "Limits",
    "NoAnswer",
    "NoPage",
    "NotAllowed",
    "NotFound",
    "Organiser",
    "PendingChange",
    "Refused",
    "Request",
    "ServerFault",
    "SiteError",
    "TicketList",
    "Ticketbutler",
    "TicketbutlerError",
    "TooMany",
    "Unreachable",
    "Unreadable",
    "read_hook",
    "read_purchase",
    "read_site",
]


_LATER = {
    f"{__name__}.changes": ("PendingChange", "Request"),
    f"{__name__}.client": ("Ticketbutler",),
    f"{__name__}.hooks": ("Hook", "read_hook", "read_purchase"),
    f"{__name__}.resources": ("Organiser",),
}

if not TYPE_CHECKING:  # a name that is not there is a mistake that can be seen

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
