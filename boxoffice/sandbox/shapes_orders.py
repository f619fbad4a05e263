"""Orders exactly as the API document shows them: the rest of the dialect `docs`."""

from collections.abc import Mapping

from boxoffice.sandbox.faults import PAPER
from boxoffice.sandbox.models import (
    ADDRESS_FIELDS,
    CANCELLED,
    REFUND,
    Event,
    Order,
    Ticket,
    TicketType,
)
from boxoffice.sandbox.shapes import SITE, Json
from boxoffice.sandbox.shapes_organiser import OrganiserShapes

_VERBOSE = {REFUND: "REFUNDED", CANCELLED: "CANCELLED"}


class DocsShapes(OrganiserShapes):
    """Every answer of the dialect `docs`."""

    def address(self, address: Mapping[str, str]) -> Json:
        """Who placed the order, as far as an order tells it."""
        return {
            name: address.get(name, "") for name in ("first_name", "last_name", "phone", "email")
        }

    def order(self, order: Order) -> Json:
        """`orders/<o>/`."""
        return {
            "address": self.address(order.address),
            "uuid": order.uuid,
            "order_id": order.order_id,
            "email": order.address["email"],
            "state": order.state,
            "created": order.created.astimezone(order.event.timezone).isoformat(),
            "organizer_absorb_fees": False,
            "refunded": order.refunded,
            "event": self.order_event(order.event),
            "ticket_pdf_absolute_url": f"{self.origin}{PAPER}{order.uuid}/tickets-as-pdf/",
            "state_verbose": _VERBOSE.get(order.state, order.state),
        }

    def order_event(self, event: Event) -> Json:
        return {
            "uuid": event.uuid,
            "title": event.title,
            "start_date": self.time(event.start, event),
        }

    def created_order(self, order: Order) -> Json:
        """What creating an order answers: the only place where its external id is told."""
        return self.order(order) | {"external_order_id": order.external_order_id}

    def purchase(self, order: Order) -> Json:
        """An order at full length, as updating and refunding it answer."""
        name = f"{order.address['first_name']} {order.address['last_name']}"
        refunded = self.utc(order.refund_date) if order.refund_date else None
        path = f"{PAPER}{order.uuid}"
        return {
            "address": {each: order.address.get(each, "") for each in ADDRESS_FIELDS},
            "uuid": order.uuid,
            "user": {"email": order.address["email"]},
            "id": order.pk,
            "identifier": order.pk,
            "email": order.address["email"],
            "state": order.state,
            "created": order.created.astimezone(order.event.timezone).isoformat(),
            "full_name": name,
            "purchase_is_free": not order.total,
            "organizer_absorb_fees": False,
            "fee_amount": 0,
            "fee_percentage": "0.00",
            "fee_total": "0.00",
            "first_name": order.address["first_name"],
            "order_id": order.order_id,
            "external_order_id": order.external_order_id,
            "total_and_all_fees_decimal": float(order.total),
            "total_amount": len(order.tickets),
            "vat_total": f"{order.total / 5:.2f}",
            "fee_total_vat": "0.00",
            "send_sms_tickets": False,
            "fee_per_sms": 5,
            "discount_code": None,
            "refund_date": refunded,
            "refund_email_send": refunded,
            "refund_url": f"/api/purchases/{order.uuid}/refund/",
            "refunded": order.refunded,
            "event": self.order_event(order.event),
            "ticket_download_url": f"{path}/tickets-download/",
            "ticket_download_absolute_url": f"{SITE}{path}/tickets-download/",
            "ticket_pdf_url": f"{path}/tickets-as-pdf/",
            "ticket_pdf_absolute_url": f"{self.origin}{path}/tickets-as-pdf/",
            "receipt_as_web_url": f"{path}/reciept-as-web/",
            "earliest_date": self.utc(order.event.start),
            "customer_id": None,
            "payment_method_id": None,
            "pay_by_invoice": False,
            "state_verbose": _VERBOSE.get(order.state, order.state),
        }

    def refunded(self, order: Order, before: Json) -> Json:
        """What a refund answers. The document's example shows the order as it was `before`."""
        return {"purchase": before, "is_refunded": True, "is_refundable": True}

    # The list of an event's orders

    def orders(self, event: Event) -> Json:
        """`events/<e>/orders/`, the heavy one."""
        return {"uuid": event.uuid, "orders": [self.order_row(each) for each in event.orders]}

    def order_row(self, order: Order) -> Json:
        types: dict[TicketType, int] = {}
        for ticket in order.tickets:
            types[ticket.ticket_type] = types.get(ticket.ticket_type, 0) + 1
        return {
            "uuid": order.uuid,
            "order_id": order.order_id,
            "currency": order.event.currency,
            "order_lines": [
                self.order_line(order, ticket_type, quantity, at)
                for at, (ticket_type, quantity) in enumerate(types.items())
            ],
            "state": order.state,
            "date": self.utc(order.created),
            "vat_exempt": False,
            "vat_rate": "25",
            "address": self.address(order.address),
            "tickets": [self.order_ticket(each) for each in order.tickets],
        }

    def order_line(self, order: Order, ticket_type: TicketType, quantity: int, at: int) -> Json:
        return {
            "uuid": f"{(int(order.uuid, 16) + at + 1) % (1 << 128):032x}",
            "discount_total": None,
            "has_ticket_type_date": ticket_type.date is not None,
            "ticket_type_date": self.utc(ticket_type.date or order.event.start),
            "quantity": quantity,
            "title": ticket_type.title,
            "price": f"{ticket_type.price:.2f}",
            "total": f"{ticket_type.price * quantity:.2f}",
            "type": "ticket",
        }

    def order_ticket(self, ticket: Ticket) -> Json:
        row = self.ticket(ticket)
        del row["url"], row["lead_tracking_reference"]
        return row | {"questions": self.questions(self.state.questions_of(ticket))}
