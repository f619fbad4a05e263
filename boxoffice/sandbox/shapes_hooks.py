"""What is posted to webhooks: the document's envelope of events, and the one of purchases.

The document shows no `data` of a ticket. Here it is the ticket as it stands in a purchase (dialect
`docs`) or as the API answers it (`live`): a receiver can count on no more than its uuid.
"""

from collections.abc import Mapping
from datetime import datetime

from boxoffice.sandbox.models import (
    ADDRESS_FIELDS,
    CANCELLED,
    NEW,
    PAID,
    Event,
    Order,
    Ticket,
    TicketType,
    Webhook,
)
from boxoffice.sandbox.shapes import SITE, Json, attributes, dashed, derived
from boxoffice.sandbox.shapes_orders import Shapes

WHITELABEL = "Havnens Venner"


class Envelopes:
    """Bodies of what is posted to receivers. Every uuid is dashed."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def body(self, hook: Webhook, action: str, what: Event | Order | Ticket) -> Json:
        """What `hook` is sent of `action`. Its own uuid is the message's, as in the document."""
        head = {"uuid": dashed(hook.uuid), "scope": hook.scope, "action": action, "live": True}
        if isinstance(what, Order):
            if action != "purchase.newsletter":
                return head | {"team": what.event.team.slug, "data": self.purchase(what)}
            return head | {"whitelabel": WHITELABEL, "data": {"Tickets": self.newsletter(what)}}
        if isinstance(what, Event):
            data = attributes(what, "title summary description") | {"uuid": dashed(what.uuid)}
        else:
            data = self._shapes.ticket(what) if self._shapes.live else self.ticket(what)
        return head | {"id": head["uuid"], "whitelabel": WHITELABEL, "data": data}

    def purchase(self, order: Order) -> Json:
        """A purchase as the document outlines it for Zapier."""
        return attributes(order, "external_order_id order_id state") | {
            "address": _address(order.address),
            "custom_questions": self._given(order),
            "event": self.purchase_event(order.event),
            "is_tickets_send": order.state != NEW,
            "is_cancelled": order.state == CANCELLED,
            "ticket_count": len(order.tickets),
            "tickets": [self.ticket(ticket) for ticket in order.tickets],
            "uuid": dashed(order.uuid),
        }

    def purchase_event(self, event: Event) -> Json:
        return attributes(event, "description summary title") | {
            "address": _address(self._shapes.venue(event)),
            "end_date": _time(event.end, event) if event.end_given else None,
            "event_full_url": f"{SITE}/en/e/{event.slug}/",
            "image": {"main": False},
            "start_date": _time(event.start, event),
            "tags": [],
            "team": attributes(event.team, "slug name") | {"uuid": dashed(event.team.uuid)},
            "uuid": dashed(event.uuid),
        }

    def ticket(self, ticket: Ticket) -> Json:
        order = ticket.order
        path = f"purchase/{order.uuid}/tickets-download/{ticket.uuid}/"
        same = "checked_in email external_uuid full_name ticket_refund=refunded"
        return attributes(ticket, same) | {
            "attribute_selected": None,
            "company_name": order.address.get("business_name", ""),
            "custom_questions": self._given(ticket),
            "purchase_uuid": dashed(order.uuid),
            "ticket_download_absolute_url": f"{SITE}/en/{path}",
            "ticket_paid": order.state == PAID,
            "ticket_type": _ticket_type(ticket.ticket_type, ticket.event),
            "uuid": dashed(ticket.uuid),
        }

    def newsletter(self, order: Order) -> list[Json]:
        """A row for each ticket, named in Danish, with a column for each question."""
        address = order.address
        buyer = {
            "Ordre ID": order.order_id,
            "Status": order.state,
            "Ordredato": self._shapes.utc(order.created).replace("Z", "+00:00"),
            "Fornavn": address.get("first_name", ""),
            "Efternavn": address.get("last_name", ""),
            "Telefon": address.get("phone", ""),
            "E-mail": address["email"],
            "Nyhedsbrev": True,
            "Kommentar": "",
            "Type": "TICKET",
        }
        return [
            buyer
            | {"Billet ID": ticket.number, "Billettype": ticket.ticket_type.title}
            | {"Checked ind": ticket.checked_in}
            | {
                given.question.heading: given.value or ", ".join(c.label for c in given.choices)
                for given in ticket.answers.values()
            }
            for ticket in order.tickets
        ]

    def _given(self, answered: Ticket | Order) -> Json | None:
        """The answers to the event's questions; null where nothing was answered."""
        if not answered.answers:
            return None
        collection = int(answered.uuid[:6], 16)
        rows = [
            self._shapes.documented_answer(given)
            | {"answer_collection": collection, "question": given.question.pk}
            for given in answered.answers.values()
        ]
        return {"uuid": derived(answered.uuid, 1), "answers": rows}


def _ticket_type(kind: TicketType, event: Event) -> Json:
    days = attributes(kind, "sales_end_date=sales_end sales_start_date=sales_start start_date=date")
    return (
        attributes(kind, "active amount_total description title")
        | {"price": f"{kind.price:.2f}", "uuid": dashed(kind.uuid)}
        | {name: None if at is None else _time(at, event) for name, at in days.items()}
    )


def _time(moment: datetime, event: Event) -> str:
    return moment.astimezone(event.timezone).isoformat(timespec="seconds")


def _address(given: Mapping[str, str]) -> Json:
    address: Json = {name: given.get(name, "") for name in ADDRESS_FIELDS}
    name = f"{address['first_name']} {address['last_name']}".strip()
    more = {"full_name": name, "additional_info": "", "language": address["language"] or "en"}
    return address | more
