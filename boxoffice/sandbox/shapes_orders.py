"""Tickets, orders, discount codes and webhooks exactly as the API document shows them."""

from collections.abc import Mapping

from boxoffice.sandbox.faults import PAPER
from boxoffice.sandbox.models import (
    ADDRESS_FIELDS,
    CANCELLED,
    REFUND,
    DiscountCode,
    Event,
    Order,
    Ticket,
    TicketType,
    Webhook,
    words,
)
from boxoffice.sandbox.shapes import SITE, EventShapes, Json, attributes, derived

NEWSLETTER_COLUMNS = ("date_joined", "newsletter_event", "first_name", "last_name", "email")
_VERBOSE = {REFUND: "REFUNDED", CANCELLED: "CANCELLED"}


class DocsShapes(EventShapes):
    """Every answer of the dialect `docs`."""

    every_action = words(
        "all event.all event.added event.updated event.removed purchase.all purchase.cancelled"
        " purchase.newsletter purchase.paid purchase.refunded ticket.checkin ticket.paid"
        " ticket.refund ticket.updated"
    )
    """Every action of the document's table."""
    actions = every_action[:11]
    """The actions of the document's list, which is shorter than its table."""

    def list_row(self, ticket: Ticket) -> Json:
        """A ticket in `events/<e>/tickets/`."""
        kind, event = ticket.ticket_type, ticket.event
        return attributes(ticket, "uuid checked_in full_name email") | {
            "id": ticket.number,
            "ticket_refund": ticket.refunded,
            "ticket_type_pk": kind.pk,
            "ticket_type_name": kind.title,
            "has_ticket_type_date": kind.date is not None,
            "ticket_type_date": self.utc(kind.date or event.start),
            "purchase_uuid": ticket.order.uuid,
        }

    def ticket(self, ticket: Ticket) -> Json:
        """`tickets/<t>/`."""
        row = DocsShapes.list_row(self, ticket) | {"url": f"{SITE}/t/{ticket.slug}/"}
        return row | attributes(ticket, "external_uuid lead_tracking_reference")

    def address(self, address: Mapping[str, str]) -> Json:
        """Who placed the order, as far as an order shows it."""
        return {
            name: address.get(name, "") for name in ("first_name", "last_name", "phone", "email")
        }

    def order(self, order: Order) -> Json:
        """`orders/<o>/`."""
        return self._order(order) | {"address": self.address(order.address)}

    def _order(self, order: Order) -> Json:
        """What an order says of itself at any length."""
        return attributes(order, "uuid order_id state refunded") | {
            "email": order.address["email"],
            "created": order.created.astimezone(order.event.timezone).isoformat(),
            "organizer_absorb_fees": True,
            "event": self.order_event(order.event),
            "ticket_pdf_absolute_url": f"{self.origin}{PAPER}{order.uuid}/tickets-as-pdf/",
            "state_verbose": _VERBOSE.get(order.state, order.state),
        }

    def order_event(self, event: Event) -> Json:
        return attributes(event, "uuid title") | {"start_date": self.time(event.start, event)}

    def created_order(self, order: Order) -> Json:
        """What creating an order answers: the only place that shows its external id."""
        return self.order(order) | {"external_order_id": order.external_order_id}

    def purchase(self, order: Order) -> Json:
        """An order at full length, as updating and refunding it answer."""
        refunded = self.utc(order.refund_date) if order.refund_date else None
        path = f"{PAPER}{order.uuid}"
        return self._order(order) | {
            "address": {name: order.address.get(name, "") for name in ADDRESS_FIELDS},
            "user": {"email": order.address["email"]},
            "id": order.pk,
            "identifier": order.pk,
            "full_name": f"{order.address['first_name']} {order.address['last_name']}",
            "purchase_is_free": not order.total,
            **dict.fromkeys(("fee_percentage", "fee_total", "fee_total_vat"), "0.00"),
            "fee_amount": 0,
            "first_name": order.address["first_name"],
            "external_order_id": order.external_order_id,
            "total_and_all_fees_decimal": float(order.total),
            "total_amount": len(order.tickets),
            "vat_total": f"{order.total / 5:.2f}",
            "send_sms_tickets": False,
            "fee_per_sms": 5,
            "discount_code": order.discount.code if order.discount else None,
            "refund_date": refunded,
            "refund_email_send": refunded,
            "refund_url": f"/api/purchases/{order.uuid}/refund/",
            "ticket_download_url": f"{path}/tickets-download/",
            "ticket_download_absolute_url": f"{SITE}{path}/tickets-download/",
            "ticket_pdf_url": f"{path}/tickets-as-pdf/",
            "receipt_as_web_url": f"{path}/reciept-as-web/",
            "earliest_date": self.utc(order.event.start),
            "customer_id": None,
            "payment_method_id": None,
            "pay_by_invoice": False,
        }

    def refunded(self, order: Order, before: Json) -> Json:
        """What a refund answers. The document's example shows the order as it was `before`."""
        return {"purchase": before, "is_refunded": True, "is_refundable": True}

    def orders(self, event: Event) -> Json:
        """`events/<e>/orders/`."""
        return {"uuid": event.uuid, "orders": [self.order_row(order) for order in event.orders]}

    def order_row(self, order: Order) -> Json:
        kinds = dict.fromkeys(ticket.ticket_type for ticket in order.tickets)
        return attributes(order, "uuid order_id state") | {
            "currency": order.event.currency,
            "order_lines": [self.order_line(order, kind, at) for at, kind in enumerate(kinds)],
            "date": self.utc(order.created),
            "vat_exempt": False,
            "vat_rate": "25",
            "address": self.address(order.address),
            "tickets": [self.order_ticket(ticket) for ticket in order.tickets],
        }

    def order_line(self, order: Order, kind: TicketType, at: int) -> Json:
        """The tickets of one type in an order. `total` is before the discount."""
        tickets = [ticket for ticket in order.tickets if ticket.ticket_type is kind]
        total = kind.price * len(tickets)
        discount = total - sum(ticket.price_paid for ticket in tickets)
        return {
            "uuid": derived(order.uuid, at + 1),
            "discount_total": f"{discount:.2f}" if discount else None,
            "has_ticket_type_date": kind.date is not None,
            "ticket_type_date": self.utc(kind.date or order.event.start),
            "quantity": len(tickets),
            "title": kind.title,
            "price": f"{kind.price:.2f}",
            "total": f"{total:.2f}",
            "type": "ticket",
        }

    def order_ticket(self, ticket: Ticket) -> Json:
        """A ticket in `events/<e>/orders/`."""
        row = self.ticket(ticket)
        del row["url"], row["lead_tracking_reference"]
        return row | {"questions": self.questions(self.state.questions_of(ticket))}

    def discount_code(self, code: DiscountCode) -> Json:
        path = f"event/{code.event.uuid}/discount-code" if code.event else "discount-code"
        same = "id active code usage_tickets_limit amount_times_applied discount_type"
        row = attributes(code, same) | {
            "amount": f"{code.amount:.2f}",
            "toggle_url": f"/api/{path}/{code.id}/",
        }
        return row | ({"ticket_type_uuid": code.ticket_type.uuid} if code.ticket_type else {})

    def webhook(self, hook: Webhook) -> Json:
        return attributes(hook, "uuid action active scope url") | {
            "created": hook.created.isoformat(timespec="microseconds"),
            "updated": hook.updated.isoformat(timespec="microseconds"),
        }

    def signup(self, order: Order) -> tuple[str, ...]:
        """A row of the newsletter's list, in the order of NEWSLETTER_COLUMNS."""
        address, event = order.address, order.event
        joined = order.created.astimezone(event.timezone).isoformat()
        first, last = address.get("first_name", ""), address.get("last_name", "")
        return (joined, event.title, first, last, address["email"])
