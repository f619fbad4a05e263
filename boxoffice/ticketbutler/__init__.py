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
    from boxoffice.ticketbutler.changing import Change, Request
    from boxoffice.ticketbutler.client import Ticketbutler
    from boxoffice.ticketbutler.hooks import read_hook, read_purchase
    from boxoffice.ticketbutler.organiser import Organiser

__all__ = [
    "CaptivePortal",
    "Change",
    "Exchange",
    "Forbidden",
    "Gone",
    "KeyRefused",
    "Limits",
    "NoAnswer",
    "NoPage",
    "NotFound",
    "Organiser",
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
    "Change": "changing",
    "Organiser": "organiser",
    "Request": "changing",
    "Ticketbutler": "client",
    "read_hook": "hooks",
    "read_purchase": "hooks",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
