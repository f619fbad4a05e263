"""What only an organiser has to do with: discount codes, webhooks, e-mails.

Apart from the other models, since a door's start does not wait for them.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from boxoffice.sandbox.models import Event, TicketType


@dataclass(slots=True, eq=False)
class DiscountCode:
    id: int
    code: str
    amount: Decimal
    discount_type: str
    usage_tickets_limit: int
    event: Event | None = None
    """None: for all events."""
    ticket_type: TicketType | None = None
    amount_times_applied: int = 0
    active: bool = True


@dataclass(slots=True, eq=False)
class Webhook:
    uuid: str
    url: str
    action: str
    created: datetime
    updated: datetime
    active: bool = True
    scope: str = "whitelabel"

    def wants(self, action: str) -> bool:
        """Whether it is called for this action."""
        model, _, what = self.action.partition(".")
        return self.active and (
            self.action in ("all", action) or (what == "all" and action.startswith(f"{model}."))
        )


@dataclass(slots=True, eq=False)
class Mail:
    """An e-mail that the server would send, with a spreadsheet."""

    at: datetime
    to: str
    subject: str
    filename: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
