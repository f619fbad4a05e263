"""Webhooks, and what they bring. API document: "Webhooks"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from boxoffice.organiser.fields import Kind, raw_field, said

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "all": "When anything is happening in the system",
        "event.all": "When anything is happening to an event",
        "event.added": "A new event is created",
        "event.updated": "An event is updated",
        "event.removed": "An event is deleted",
        "purchase.all": "When anything is happening to a purchase",
        "purchase.paid": "A purchase payment has been finalised",
        "purchase.cancelled": "A purchase has been started and cancelled before completion",
        "purchase.refunded": "A purchase has been refunded",
        "purchase.newsletter": "A purchase is paid and the buyer wants the newsletter",
        "ticket.checkin": "A ticket has been checked in",
        "ticket.paid": "A ticket has been fully registered and paid for",
        "ticket.refund": "A ticket has been cancelled after it was fully registered",
        "ticket.updated": "Details of a ticket have been updated, such as name or e-mail",
    }
)
"""What may be listened to. API document: "Actions". A site may offer others, or not all of them."""

_ACTION = "What it listens to, such as ticket.checkin."


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of what happens."""

    uuid: str = field(metadata=said("Uuid", Kind.UUID))
    url: str = field(default="", metadata=said("Address", Kind.URL, edit=True, required=True))
    action: str = field(
        default="",
        metadata=said(
            "Action", Kind.CHOICE, edit=True, required=True, choices=tuple(ACTIONS), help=_ACTION
        ),
    )
    active: bool = field(default=True, metadata=said("Active", Kind.YES, edit=True))
    scope: str = field(default="", metadata=said("Scope"))
    """`whitelabel`: all teams of the site; `team`."""
    created: datetime | None = field(default=None, metadata=said("Created", Kind.MOMENT))
    updated: datetime | None = field(default=None, metadata=said("Updated", Kind.MOMENT))


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be made."""

    url: str = field(metadata=said("Address", Kind.URL, edit=True, required=True))
    action: str = field(
        default="all",
        metadata=said(
            "Action", Kind.CHOICE, edit=True, required=True, choices=tuple(ACTIONS), help=_ACTION
        ),
    )


@dataclass(frozen=True, slots=True)
class Hook:
    """What a webhook brought. API document: "Webhook structure".

    Anybody may have sent it: it is a hint of what to read again, never a fact.
    """

    uuid: str = field(metadata=said("Uuid"))
    """In hex where it is one; the document shows some that are none."""
    scope: str = field(default="", metadata=said("Scope"))
    action: str = field(default="", metadata=said("Action"))
    live: bool = field(default=False, metadata=said("Live", Kind.YES))
    whitelabel: str = field(default="", metadata=said("Site"))
    team: str = field(default="", metadata=said("Team"))
    event: str = field(default="", metadata=said("Event", Kind.UUID))
    """uuid of the event it names; empty: none."""
    order: str = field(default="", metadata=said("Order", Kind.UUID))
    """uuid of the order it names; empty: none."""
    tickets: tuple[str, ...] = field(default=(), metadata=said("Tickets", Kind.PARTS))
    """uuids of the tickets it names, at most 100."""
    numbers: tuple[int, ...] = field(default=(), metadata=said("Ticket numbers", Kind.PARTS))
    """Numbers (`id`) of the tickets it names in place of their uuids, at most 100."""
    data: Mapping[str, object] = raw_field()
    """All that it says, as it says it: not cleaned."""
