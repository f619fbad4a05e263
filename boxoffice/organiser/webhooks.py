"""Webhooks, and what they bring. API document: "Webhooks"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from boxoffice.organiser.fields import Kind, Words, raw_field, said

ACTIONS: Words = MappingProxyType(
    {
        "all": "anything happens",
        "event.all": "anything happens to an event",
        "event.added": "an event is made",
        "event.updated": "an event is changed",
        "event.removed": "an event is deleted",
        "purchase.all": "anything happens to an order",
        "purchase.paid": "an order is paid",
        "purchase.cancelled": "an order is cancelled before it is paid",
        "purchase.refunded": "an order is refunded",
        "purchase.newsletter": "an order is paid, and its buyer wants the newsletter",
        "ticket.checkin": "a ticket is checked in",
        "ticket.paid": "a ticket is paid",
        "ticket.refund": "a ticket is cancelled",
        "ticket.updated": "a ticket is changed, such as its name or e-mail",
    }
)
"""What may be listened to. API document: "Actions". A site may offer others, or not all of them."""

SCOPES: Words = MappingProxyType({"whitelabel": "all teams", "team": "one team"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of what happens."""

    uuid: str = field(metadata=said("Id", Kind.UUID))
    url: str = field(default="", metadata=said("Address", Kind.URL, edit=True, required=True))
    action: str = field(
        default="",
        metadata=said(
            "Told when", Kind.CHOICE, edit=True, required=True, choices=ACTIONS, others=True
        ),
    )
    active: bool = field(default=True, metadata=said("Active", Kind.YES, edit=True))
    scope: str = field(default="", metadata=said("For", Kind.CHOICE, choices=SCOPES))
    created: datetime | None = field(default=None, metadata=said("Created", Kind.MOMENT))
    updated: datetime | None = field(default=None, metadata=said("Updated", Kind.MOMENT))


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be made."""

    url: str = field(metadata=said("Address", Kind.URL, edit=True, required=True))
    action: str = field(
        default="all",
        metadata=said(
            "Told when", Kind.CHOICE, edit=True, required=True, choices=ACTIONS, others=True
        ),
    )


@dataclass(frozen=True, slots=True)
class Hook:
    """What a webhook brought. API document: "Webhook structure".

    Anybody may have sent it: it is a hint of what to read again, never a fact.
    """

    uuid: str = field(metadata=said("Id"))
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
