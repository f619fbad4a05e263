"""What is made in the tests of the desk, and what is waited for."""

from typing import Any

from boxoffice.domain.sale import Sale
from boxoffice.manage import Outcome, Resource
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler.changes import PendingChange

NEW: dict[str, dict[str, object]] = {
    "events": {"title": "Jazz <b>", "start": "2026-06-01T19:00+02:00"},
    "ticket-types": {"title": "Standing", "price": "125.50", "amount_total": 12},
    "questions": {"heading": "Your diet?", "variation": "SELECT", "choices": [{"label": "Vegan"}]},
    "discounts": {"code": "SOMMER", "amount": "50", "usage_tickets_limit": 3},
    "webhooks": {"url": "https://example.com/hook", "action": "ticket.checkin"},
    "orders": {
        "first_name": "Anna",
        "last_name": "Berg",
        "email": "anna@example.com",
        "amounts": [{"ticket_type": "standard", "amount": 2}],
    },
}


def of(resource: Resource, event: SandboxEvent) -> str | None:
    return event.uuid if resource.of_event else None


async def not_here(order: str) -> Sale | None:
    return None


async def value(change: object) -> Any:
    assert isinstance(change, PendingChange)
    return await change


async def outcome(told: Any) -> Outcome:
    brought = await told
    assert isinstance(brought, Outcome)
    return brought
