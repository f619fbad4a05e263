"""All that the sandbox's server knows, in memory, and what can be done to it.

Every change goes through `State`, so that a cached ticket list knows which of its rows are old.
Only plain attribute writes and set operations are used, so that another thread than the server's
may read and change it too.
"""

import random
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from string import ascii_lowercase, digits

from boxoffice.sandbox.models import (
    CANCELLED,
    PAID,
    REFUND,
    Answer,
    Choice,
    DiscountCode,
    Event,
    Mail,
    Order,
    Question,
    Ticket,
    TicketType,
    Trial,
    Webhook,
)

Now = Callable[[], datetime]
"""The current time, aware."""

_GUESSES = 50
"""How often a person is guessed at before all that wait are looked for."""


class Role(StrEnum):
    """What the key's user may do: an observer only reads, an admin has the whole platform too."""

    OBSERVER = "Observer"
    ORGANISER = "Organiser"
    ADMIN = "Admin"

    def includes(self, other: "Role") -> bool:
        """Whether it may do all that `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class RefusedError(Exception):
    """An order that cannot be placed; says why, as the document does."""


def hex_uuid(text: object) -> str | None:
    """`text` as 32 lower-case hex digits, if it is a uuid (dashed or not)."""
    if not isinstance(text, str) or len(text) not in (32, 36):
        return None
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return None


class State:
    """All that the server knows. `events` is in the order of the events' list."""

    def __init__(self, now: Now, seed: int) -> None:
        self.now = now
        self.random = random.Random(seed)  # noqa: S311 - made-up data, repeatable by its seed
        self.events: dict[str, Event] = {}
        self.tickets: dict[str, Ticket] = {}
        self.orders: dict[str, Order] = {}
        self.touched: dict[str, set[Ticket]] = {}
        """By event: tickets changed since the list's cache last looked."""
        self.next_pk = 104_000
        self.may_refund = True
        """Whether the key has the right to refund orders."""
        self.role = Role.ADMIN
        self.discount_codes: dict[int, DiscountCode] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.outbox: deque[Mail] = deque(maxlen=100)
        """E-mails that the real service would have sent, oldest first."""
        self.subscribers: set[str] = set()
        """E-mail addresses that get the newsletter."""
        self.trials: list[Trial] = []
        """Codes to try a door with, where they were asked for."""
        self.spared: set[Ticket] = set()
        """Whom the other door does not admit."""
        self.listener: Callable[[str, Event | Order | Ticket], None] | None = None
        """Called with what happens, by the names that webhooks have for it."""

    @property
    def tonight(self) -> Event:
        """The first event, whose doors are open or about to be."""
        return next(iter(self.events.values()))

    def new_uuid(self) -> str:
        """32 hex digits, a version 4 uuid as the service makes them."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4).hex

    def new_pk(self) -> int:
        self.next_pk += 1
        return self.next_pk

    def new_type(self, title: str, price: Decimal) -> TicketType:
        """A ticket type without tickets, not yet of any event."""
        return TicketType(self.new_uuid(), self.new_pk(), title, price, 0)

    def add_event(self, event: Event) -> None:
        self.events[event.uuid] = event
        self.touched[event.uuid] = set()

    def notify(self, action: str, what: Event | Order | Ticket) -> None:
        """Let webhooks know that `action` has happened."""
        if self.listener is not None:
            self.listener(action, what)

    def check_in(self, ticket: Ticket, checked_in: bool = True) -> None:
        self.update_ticket(ticket, checked_in=checked_in)

    def update_ticket(self, ticket: Ticket, **fields: str | bool | None) -> None:
        """Set attributes of `ticket`: a check-in is an action of its own, the rest an update."""
        changed = {name for name, value in fields.items() if getattr(ticket, name) != value}
        for name, value in fields.items():
            setattr(ticket, name, value)
        self.touch(ticket)
        if "checked_in" in changed and ticket.checked_in:
            self.notify("ticket.checkin", ticket)
            changed.remove("checked_in")
        if changed:
            self.notify("ticket.updated", ticket)

    def touch(self, ticket: Ticket) -> None:
        """Mark `ticket` as changed, so that the next list shows it."""
        self.touched[ticket.event.uuid].add(ticket)

    def add_order(
        self,
        event: Event,
        address: dict[str, str],
        people: Iterable[tuple[TicketType, str]],
        *,
        state: str = PAID,
        created: datetime | None = None,
        external_order_id: str | None = None,
    ) -> Order:
        """An order with a ticket for each (ticket type, full name) of `people`."""
        pk = self.new_pk()
        order_id = f"{event.order_prefix}{len(event.orders) + 1}"
        placed = created or self.now()
        order = Order(
            self.new_uuid(), pk, order_id, event, address, state, placed, external_order_id
        )
        email = address["email"]
        for kind, full_name in people:
            number = self.new_pk()
            slug = short_slug(number)
            ticket = Ticket(self.new_uuid(), number, order, kind, full_name, email, slug)
            kind.amount_sold += 1
            order.tickets.append(ticket)
            self.tickets[ticket.uuid] = ticket
            event.tickets.append(ticket)
        self.orders[order.uuid] = order
        event.orders.append(order)
        return order

    def touch_type(self, event: Event, ticket_type: TicketType | None = None) -> None:
        """Mark the tickets of this type, or all, as changed: their rows show its name and day."""
        for ticket in event.tickets:
            if ticket_type in (None, ticket.ticket_type):
                self.touch(ticket)

    def sell(
        self,
        event: Event,
        address: dict[str, str],
        amounts: Sequence[tuple[TicketType, int]],
        external_order_id: str | None,
    ) -> Order:
        """A new paid order; raises RefusedError, and then nothing is sold."""
        wanted: Counter[TicketType] = Counter()
        for kind, amount in amounts:
            wanted[kind] += amount
        total, limit = event.amount_sold + sum(wanted.values()), event.sales_limit
        if any(amount > kind.amount_left for kind, amount in wanted.items()) or (
            limit is not None and total > limit
        ):
            raise RefusedError("Insufficient tickets available")
        if event.vouchers is not None:
            needed = sum(amount for kind, amount in amounts if kind.price)
            if needed > event.vouchers:
                raise RefusedError("Insufficient vouchers available")
            event.vouchers -= needed
        name = f"{address['first_name']} {address['last_name']}"
        people = [(kind, name) for kind, amount in amounts for _ in range(amount)]
        order = self.add_order(event, address, people, external_order_id=external_order_id)
        order.payment_method = "INVOICE" if order.total else "FREE"
        self.pay(order)
        return order

    def pay(self, order: Order) -> None:
        """The payment of `order` is finalised."""
        order.state = PAID
        self.notify("purchase.paid", order)
        for ticket in order.tickets:
            self.notify("ticket.paid", ticket)
        if order.address["email"] in self.subscribers:
            self.notify("purchase.newsletter", order)

    def sign_up(self, order: Order) -> None:
        """The buyer of this paid order wants the newsletter."""
        order.newsletter = True
        self.subscribers.add(order.address["email"])
        self.notify("purchase.newsletter", order)

    def cancel(self, order: Order) -> None:
        order.state = CANCELLED
        self.notify("purchase.cancelled", order)

    def refund(self, order: Order) -> None:
        order.state = REFUND
        order.refund_date = self.now()
        self.notify("purchase.refunded", order)
        for ticket in order.tickets:
            self.refund_ticket(ticket)

    def use_discount(self, code: str, tickets: int = 1) -> DiscountCode:
        """Let an order use an active code for so many tickets. Raises LookupError.

        The document has no field for a code in an order, so only the site's own shop uses them.
        """
        for known in self.discount_codes.values():
            left = known.usage_tickets_limit - known.amount_times_applied
            if known.code == code and known.active and tickets <= left:
                known.amount_times_applied += tickets
                return known
        raise LookupError(f"No active discount code {code!r} is left for {tickets} tickets.")

    def discount(self, order: Order, code: DiscountCode) -> None:
        """Have `order` bought with `code`."""
        order.discount = code
        code.amount_times_applied += len(order.tickets)
        code.total_revenue += order.total

    def refund_ticket(self, ticket: Ticket) -> None:
        if not ticket.refunded:
            ticket.refunded = True
            ticket.ticket_type.amount_sold -= 1
            self.touch(ticket)
            self.notify("ticket.refund", ticket)

    def questions_of(self, asked: Ticket | Order) -> list[Question]:
        """Every question that is asked of this ticket, or of this order's buyer, active or not."""
        if isinstance(asked, Order):
            return asked.event.purchase_questions
        types = (None, asked.ticket_type)
        return [question for question in asked.event.questions if question.ticket_type in types]

    def unanswered(self, asked: Ticket | Order) -> list[Question]:
        """Its active questions without an answer."""
        return [q for q in self.questions_of(asked) if q.active and q.uuid not in asked.answers]

    def may_enter(self, ticket: Ticket) -> bool:
        """Whether a door would admit the holder of this ticket now."""
        if ticket.checked_in or ticket.refunded or ticket.order.state != PAID:
            return False
        return not any(question.required for question in self.unanswered(ticket))

    def admit_somebody(self, event: Event, rnd: random.Random) -> Ticket | None:
        """Check a random person in, as another door would; None where nobody is left.

        The guests in `spared` are left for those who try this door.
        """
        count = min(_GUESSES, len(event.tickets))
        guesses = (rnd.choice(event.tickets) for _ in range(count))
        ticket = next(filter(self._is_waiting, guesses), None)
        if ticket is None:
            waiting = list(filter(self._is_waiting, event.tickets))
            if not waiting:
                return None
            ticket = rnd.choice(waiting)
        self.check_in(ticket)
        return ticket

    def _is_waiting(self, ticket: Ticket) -> bool:
        return ticket not in self.spared and self.may_enter(ticket)

    def answer(
        self, answered: Ticket | Order, question: Question, value: str, choices: Sequence[Choice]
    ) -> None:
        """Store an answer in place of an older one; an empty one takes it away."""
        if not value and not choices:
            answered.answers.pop(question.uuid, None)
            return
        old = answered.answers.get(question.uuid)
        given = Answer(old.uuid if old else self.new_uuid(), question, value, list(choices))
        answered.answers[question.uuid] = given


def short_slug(number: int) -> str:
    """The five characters of a ticket's short URL, different for each ticket."""
    rest = number * 22_695_479 % 36**5  # odd and no multiple of 3: no two numbers meet
    return "".join((digits + ascii_lowercase)[rest // 36**place % 36] for place in range(5))
