"""Addresses with more than a door asks of a buyer."""

from dataclasses import dataclass

from boxoffice.domain.models import Address


@dataclass(frozen=True, slots=True)
class EventAddress(Address):
    """Where an event is, and who holds it. API document: "Create an event"."""

    language: str = ""
    """As the site spells it, such as `en`."""


@dataclass(frozen=True, slots=True)
class ZapierAddress(EventAddress):
    """An address as webhooks tell it, of a buyer and of an event. API document: "Zapier"."""

    additional_info: str = ""
