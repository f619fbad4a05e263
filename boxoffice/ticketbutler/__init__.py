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
from boxoffice.ticketbutler.site import read_site
from boxoffice.ticketbutler.wire import Exchange, Limits, TicketList

if TYPE_CHECKING:
    from boxoffice.domain.models import Address, Given
    from boxoffice.organiser import (
        Asked,
        ChoiceDetails,
        EventSettings,
        NewDiscountCode,
        NewEvent,
        NewTicketType,
        NewWebhook,
        QuestionDetails,
    )
    from boxoffice.ticketbutler.changes import PendingChange, Request
    from boxoffice.ticketbutler.client import Ticketbutler
    from boxoffice.ticketbutler.hooks import read_hook, read_purchase
    from boxoffice.ticketbutler.organiser import Organiser

__all__ = [
    "Address",
    "Asked",
    "CaptivePortal",
    "ChoiceDetails",
    "EventSettings",
    "Exchange",
    "Forbidden",
    "Given",
    "Gone",
    "KeyRefused",
    "Limits",
    "NewDiscountCode",
    "NewEvent",
    "NewTicketType",
    "NewWebhook",
    "NoAnswer",
    "NoPage",
    "NotFound",
    "Organiser",
    "PendingChange",
    "QuestionDetails",
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
    f"{__name__}.hooks": ("read_hook", "read_purchase"),
    f"{__name__}.organiser": ("Organiser",),
    "boxoffice.domain.models": ("Address", "Given"),
    "boxoffice.organiser": (
        *("Asked", "ChoiceDetails", "EventSettings", "NewDiscountCode", "NewEvent"),
        *("NewTicketType", "NewWebhook", "QuestionDetails"),
    ),
}

if not TYPE_CHECKING:  # a name that is not there is a mistake that can be seen

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
