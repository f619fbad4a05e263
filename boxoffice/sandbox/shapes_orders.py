"""Tickets, orders, discount codes and webhooks, each as the API document shows it and as live."""

from collections.abc import Callable, Mapping

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
)
from boxoffice.sandbox.shapes import SITE, Json, attributes, dashed, derived, encode
from boxoffice.sandbox.shapes_events import EventShapes

NEWSLETTER_COLUMNS = ("date_joined", "newsletter_event", "first_name", "last_name", "email")
_PURCHASE: Json = {
    **dict.fromkeys(("fee_percentage", "fee_total", "fee_total_vat"), "0.00"),
    **dict.fromkeys(("customer_id", "payment_method_id")),
    **dict.fromkeys(("pay_by_invoice", "send_sms_tickets"), False),
    "fee_amount": 0,
    "fee_per_sms": 5,
}
"""What is the same of every order at full length."""
_VERBOSE = {REFUND: "REFUNDED", CANCELLED: "CANCELLED"}


class Shapes(EventShapes):
    """Every answer, in one dialect."""

    def list_row(self, ticket: Ticket) -> Json:
        """A ticket in `events/<e>/tickets/`."""
        if not self.live:
            return self._ticket(ticket)
        same = "email full_name id=number ticket_refund=refunded uuid"
        row = attributes(ticket, f"{same} ticket_type_name=ticket_type.title seat checked_in")
        return row | {"uuid": dashed(ticket.uuid), "anonymised": False, "attribute": None}

    def _ticket(self, ticket: Ticket) -> Json:
        date = ticket.ticket_type.date
        return attributes(
            ticket,
            "uuid checked_in full_name email id=number ticket_refund=refunded"
            " ticket_type_pk=ticket_type.pk ticket_type_name=ticket_type.title"
            " purchase_uuid=order.uuid",
        ) | {
            "has_ticket_type_date": date is not None,
            "ticket_type_date": self.utc(date or ticket.event.start),
        }

    def ticket(self, ticket: Ticket) -> Json:
        """`tickets/<t>/`."""
        row = self._ticket(ticket) | {"url": f"{SITE}/t/{ticket.slug}/"}
        row |= attributes(ticket, "external_uuid lead_tracking_reference")
        if self.live:
            date = ticket.ticket_type.date
            row |= {
                "ticket_type_date": self.time(date, ticket.event) if date else None,
                "uuid": dashed(ticket.uuid),
                "anonymised": False,
                "attribute": None,
                "seat": ticket.seat,
            }
        return row

    def address(self, address: Mapping[str, str]) -> Json:
        """Who placed the order, as far as an order shows it."""
        return {
            name: address.get(name, "") for name in ("first_name", "last_name", "phone", "email")
        }

    def order(self, order: Order) -> Json:
        """`orders/<o>/`."""
        row = self._order(order) | {"address": self.address(order.address)}
        if self.live:
            row |= {"uuid": dashed(order.uuid), "external_order_id": order.external_order_id}
            row |= {"is_cancelled": order.state == CANCELLED, "tickets": self.party(order)}
            if order.brief:
                for name in ("event", "order_id", "created", "ticket_pdf_absolute_url"):
                    del row[name]
        return row

    def created_order(self, order: Order) -> Json:
        """What creating an order answers: the only place documented to show its external id.

        Live it lacks the tickets, which have been seen where an order is read.
        """
        row = self.order(order) | {"external_order_id": order.external_order_id}
        row.pop("tickets", None)
        return row

    def party(self, order: Order) -> list[Json]:
        """Everyone on an order, by ticket type: who they are, and none of their codes."""
        groups: dict[TicketType, list[Json]] = {}
        for ticket in order.tickets:
            row = {"full_name": ticket.full_name, "uuid": dashed(ticket.uuid)}
            groups.setdefault(ticket.ticket_type, []).append(row)
        return [{"amount": len(rows), "tickets": rows} for rows in groups.values()]

    def _order(self, order: Order) -> Json:
        """What an order says of itself at any length."""
        event = order.event
        start = {"start_date": self.time(event.start, event)}
        return attributes(order, "uuid order_id state refunded") | {
            "email": order.address["email"],
            "created": order.created.astimezone(event.timezone).isoformat(),
            "organizer_absorb_fees": True,
            "event": attributes(event, "uuid title") | start,
            "ticket_pdf_absolute_url": f"{self.origin}{PAPER}{order.uuid}/tickets-as-pdf/",
            "state_verbose": _VERBOSE.get(order.state, order.state),
        }

    def purchase(self, order: Order) -> Json:
        """An order at full length, as updating and refunding it answer."""
        first_name, path = order.address["first_name"], f"{PAPER}{order.uuid}"
        refunded = self.utc(order.refund_date) if order.refund_date else None
        same = "id=pk identifier=pk external_order_id"
        return (
            self._order(order)
            | _PURCHASE
            | attributes(order, same)
            | {
                "address": {name: order.address.get(name, "") for name in ADDRESS_FIELDS},
                "user": {"email": order.address["email"]},
                "full_name": f"{first_name} {order.address['last_name']}",
                "purchase_is_free": not order.total,
                "first_name": first_name,
                "total_and_all_fees_decimal": float(order.total),
                "total_amount": len(order.tickets),
                "vat_total": f"{order.total / 5:.2f}",
                "discount_code": order.discount.code if order.discount else None,
                "refund_date": refunded,
                "refund_email_send": refunded,
                "refund_url": f"/api/purchases/{order.uuid}/refund/",
                "ticket_download_url": f"{path}/tickets-download/",
                "ticket_download_absolute_url": f"{SITE}{path}/tickets-download/",
                "ticket_pdf_url": f"{path}/tickets-as-pdf/",
                "receipt_as_web_url": f"{path}/reciept-as-web/",
                "earliest_date": self.utc(order.event.start),
            }
        )

    def refunded(self, order: Order, before: Json) -> Json:
        """What a refund answers. The document's example shows the order as it was `before`."""
        purchase = self.purchase(order) if self.live else before
        return {"purchase": purchase, "is_refunded": True, "is_refundable": True}

    def orders(self, event: Event) -> Json:
        """`events/<e>/orders/`."""
        return {"uuid": event.uuid, "orders": [self.order_row(order) for order in event.orders]}

    def order_row(self, order: Order) -> Json:
        kinds = dict.fromkeys(ticket.ticket_type for ticket in order.tickets)
        row = attributes(order, "order_id state currency=event.currency") | {
            "uuid": self.uuid(order.uuid),
            "order_lines": [self.order_line(order, kind, at) for at, kind in enumerate(kinds)],
            "date": self.utc(order.created),
            "vat_exempt": False,
            "vat_rate": 0.25 if self.live else "25",
            "address": self.address(order.address),
            "tickets": [self.order_ticket(ticket) for ticket in order.tickets],
        }
        if self.live:
            refunded = [ticket for ticket in order.tickets if ticket.refunded]
            code = order.discount
            row |= attributes(order, "payment_method news_letter=newsletter") | {
                "discount": code
                and {"code": code.code, "type": code.discount_type, "amount": f"{code.amount:.2f}"},
                "amount_of_refunded_tickets": len(refunded),
                "ticket_refund_total": f"{sum(t.price_paid for t in refunded):.2f}",
            }
        return row

    def order_line(self, order: Order, kind: TicketType, at: int) -> Json:
        """The tickets of one type in an order. `total` is before the discount."""
        tickets = [ticket for ticket in order.tickets if ticket.ticket_type is kind]
        total = kind.price * len(tickets)
        discount = total - sum(ticket.price_paid for ticket in tickets)
        line = {
            "uuid": derived(order.uuid, at + 1),
            "discount_total": f"{discount:.2f}" if discount or self.live else None,
            "has_ticket_type_date": kind.date is not None,
            "ticket_type_date": self.utc(kind.date or order.event.start),
            "quantity": len(tickets),
            "title": kind.title,
            "price": f"{kind.price:.2f}",
            "total": float(total) if self.live else f"{total:.2f}",
            "type": "ticket",
        }
        if self.live:
            line |= {
                "gift_card_total": f"{order.gift_card if at == 0 else 0:.2f}",
                "seating": None,
                "ticket_description": kind.description,
            }
        return line

    def order_ticket(self, ticket: Ticket) -> Json:
        """A ticket in `events/<e>/orders/`."""
        row = self.ticket(ticket)
        del row["url"], row["lead_tracking_reference"]
        row["questions"] = self.questions(self.state.questions_of(ticket))
        if self.live:
            answers = self.answers(ticket)["answers"]
            path = f"{PAPER}{ticket.order.uuid}/tickets-download/{ticket.uuid}/"
            collection = dashed(derived(ticket.uuid, 1))
            row |= {
                "price": f"{ticket.ticket_type.price:.2f}",
                "price_total": float(ticket.price_paid),
                "company_name": ticket.order.address.get("business_name", ""),
                "attribute_selected": None,
                "ticket_download_absolute_url": f"{SITE}{path}",
                "answers": answers,
                "ticket_answer_collection": {"uuid": collection, "answers": answers},
            }
        return row

    def discount_code(self, code: DiscountCode) -> Json:
        path = f"event/{code.event.uuid}/discount-code" if code.event else "discount-code"
        row = attributes(code, "id active code usage_tickets_limit discount_type")
        row |= {"amount": f"{code.amount:.2f}", "toggle_url": f"/api/{path}/{code.id}/"}
        of_type = self.uuid(code.ticket_type.uuid) if code.ticket_type else None
        if not self.live:
            row["amount_times_applied"] = code.amount_times_applied
            return row | ({"ticket_type_uuid": of_type} if of_type else {})
        for name, at in (("start_date", code.start_date), ("end_date", code.end_date)):
            row[name] = at.isoformat(timespec="minutes") if at else None
        same = "amount_tickets_applied=amount_times_applied usage_limit_per_event group_name"
        row |= {"ticket_type_uuid": of_type, "total_revenue": f"{code.total_revenue:.2f}"}
        return row | attributes(code, same)

    def webhook(self, hook: Webhook) -> Json:
        return attributes(hook, "action active scope url") | {
            "uuid": self.uuid(hook.uuid),
            "created": hook.created.isoformat(timespec="microseconds"),
            "updated": hook.updated.isoformat(timespec="microseconds"),
        }

    def signup(self, order: Order) -> tuple[str, ...]:
        """A row of the newsletter's list, in the order of NEWSLETTER_COLUMNS."""
        address, event = order.address, order.event
        joined = order.created.astimezone(event.timezone).isoformat()
        first, last = address.get("first_name", ""), address.get("last_name", "")
        return (joined, event.title, first, last, address["email"])


class TicketLists:
    """The bodies of all events' ticket lists; the newest ticket comes first, as in the document.

    Kept encoded, since at 100,000 rows they are asked for often.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._rows: dict[str, dict[str, bytes]] = {}
        """By event and ticket; the oldest first."""
        self._bodies: dict[str, bytes] = {}

    def body(self, event: Event) -> bytes:
        """The list as it is now; only the rows that changed are made anew."""
        rows = self._rows.setdefault(event.uuid, {})
        changed = event.tickets[len(rows) :]
        touched = self._shapes.state.touched[event.uuid]
        if not changed and not touched and event.uuid in self._bodies:
            return self._bodies[event.uuid]
        while touched:
            changed.append(touched.pop())
        for ticket in changed:
            rows[ticket.uuid] = encode(self._shapes.list_row(ticket)).encode()
        body = self._bodies[event.uuid] = b"[%s]" % b",".join(reversed(rows.values()))
        return body

    def reads(self, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        """What lists and single tickets answer now, by those `wanted` paths below `/api/v3/`."""
        state = self._shapes.state
        lists = {f"events/{event.uuid}/tickets/": event for event in list(state.events.values())}
        tickets = {f"tickets/{ticket.uuid}/": ticket for ticket in list(state.tickets.values())}
        return {path: self.body(event) for path, event in lists.items() if wanted(path)} | {
            path: encode(self._shapes.ticket(ticket)).encode()
            for path, ticket in tickets.items()
            if wanted(path)
        }
