"""The answers as the live service has been seen to give them: the dialect `live`.

Differs from the document in the order of its fields, in ids that are dashed here and hex there, in
times without seconds, in money as number and as string, and in what is present at all.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from boxoffice.sandbox.faults import PAPER
from boxoffice.sandbox.models import (
    PAID,
    Answer,
    Choice,
    DiscountCode,
    Event,
    Order,
    Question,
    Ticket,
    TicketType,
    Webhook,
    words,
)
from boxoffice.sandbox.shapes import SITE, Dialect, Json, attributes, derived
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.state import Role, State

_SETTINGS: Mapping[str, object] = {
    **dict.fromkeys(
        words(
            "allow_ticket_transfer barcode_active has_seating hide_address hide_end_date"
            " hide_from_front_page invoice_payment_only invoice_payment_optional is_no_show_fee"
            " send_sms_tickets show_company_name vat_exempt"
        ),
        False,
    ),
    **dict.fromkeys(
        words(
            "allow_name_change hide_tickets_left is_refundable newsletter_opt_in"
            " organizer_absorb_fees"
        ),
        True,
    ),
    **dict.fromkeys(
        words(
            "attribute_title checkin_note custom_css custom_terms_url google_tag_manager_id"
            " meta_pixel_id order_email_text waiting_list_text"
        )
    ),
    "default_language": "da",
    "event_type": "fee",
    "fee_type": "attendee",
    "invoice_due_days": 14,
    "order_ticket_limit": 0,
    "purchase_time_limit": 15,
    "refund_deadline_days": 0,
    "show_waiting_list": True,
}
"""Settings that cannot be changed here."""


def dashed(uuid: str) -> str:
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


class LiveShapes(DocsShapes):
    """What public clients have recorded, where that differs from the document."""

    created = 201
    mails_exports = True
    shows_deleted = True
    pages_codes = True
    actions = DocsShapes.every_action
    collections_by_type = True
    keeps_removed_choices = True

    def time(self, moment: datetime, event: Event) -> str:
        return moment.astimezone(event.timezone).isoformat(timespec="minutes")

    def event_row(self, event: Event) -> Json:
        row = super().event_row(event)
        row["price_min"] = f"{row['price_min']:.2f}"
        return row | {"is_members_only": event.members_only}

    def event(self, event: Event) -> Json:
        answer = super().event(event)
        del answer["pin_str"], answer["has_discount_code"]
        role = self.state.role
        return answer | {
            "uuid": dashed(event.uuid),
            "pin_str_long": f"{event.pin}-{event.pk}",
            "end_date": self.time(event.end, event),
            "timezone": event.timezone.key,
            "is_deleted": event.deleted,
            "is_members_only": event.members_only,
            "summary": event.summary,
            "sales_summary": self.sales_summary(event),
            "has_extras_types": any(kind.is_extra for kind in event.ticket_types),
            "is_team_admin": role.includes(Role.ADMIN),
            "is_min_team_organiser": role.includes(Role.ORGANISER),
            "is_sold_out": event.is_sold_out or not any(k.amount_left for k in event.ticket_types),
            "has_event_ticket_limit": event.sales_limit is not None,
            "event_ticket_limit_sold_out": event.is_sold_out,
            "purchase_questions": self.purchase_questions(event),
            "ticket_types_questions": self.ticket_type_questions(event),
        }

    def sales_summary(self, event: Event) -> Json:
        kinds = event.ticket_types
        left = sum(kind.amount_left for kind in kinds)
        if event.sales_limit is not None:
            left = min(left, max(0, event.sales_limit - event.amount_sold))
        paid = (t.price_paid for t in event.tickets if t.order.state == PAID and not t.refunded)
        return {
            "sold": event.amount_sold,
            "reserved": sum(kind.in_baskets for kind in kinds),
            "left": left,
            "revenue": f"{sum(paid, Decimal(0)):.2f}",
            "extras": sum(kind.amount_sold for kind in kinds if kind.is_extra),
            "currency": event.currency,
        }

    def settings(self, event: Event) -> Json:
        settings = dict(event.settings)
        reminds = settings.pop("reminder_email")
        return {
            **_SETTINGS,
            **settings,
            "reminder_email_settings": "24_hours" if reminds else None,
            "ticket_limit": event.ticket_limit,
            "has_end_date": event.end_given,
            "has_event_ticket_limit": event.sales_limit is not None,
            "event_ticket_limit_amount_initially": event.sales_limit or 0,
            "event_ticket_limit_sold_out": event.is_sold_out,
        }

    def created_event(self, event: Event) -> Json:
        kinds = [
            attributes(kind, "pk title") | {"price": float(kind.price)}
            for kind in event.ticket_types
        ]
        return self.event(event) | {"ticket_types": kinds}

    def updated_event(self, event: Event) -> Json:
        return self.event(event)

    def single_ticket_type(self, kind: TicketType, event: Event) -> Json:
        return self.event_ticket_type(kind, event)

    def event_ticket_type(self, kind: TicketType, event: Event) -> Json:
        return self.ticket_type(kind, event) | {"uuid": dashed(kind.uuid)}

    def ticket_type(self, kind: TicketType, event: Event) -> Json:
        row = super().ticket_type(kind, event)
        del row["amount"], row["constraint_definition"], row["invoice_price"]
        return row | {
            "price": f"{kind.price:.2f}",
            "amount_left": kind.amount_left,
            "sales_start_date": self.time(kind.sales_start, event) if kind.sales_start else None,
            "sales_end_date": self.time(kind.sales_end or event.end, event),
            "is_on_sale": kind.amount_left > 0 and kind.on_sale(self.state.now()),
            "is_temporarily_sold_out": kind.paused,
        }

    def list_row(self, ticket: Ticket) -> Json:
        return attributes(ticket, "email full_name seat checked_in") | {
            "id": ticket.number,
            "ticket_refund": ticket.refunded,
            "uuid": dashed(ticket.uuid),
            "ticket_type_name": ticket.ticket_type.title,
            "anonymised": False,
            "attribute": None,
        }

    def ticket(self, ticket: Ticket) -> Json:
        date = ticket.ticket_type.date
        return super().ticket(ticket) | {
            "ticket_type_date": self.time(date, ticket.event) if date else None,
            "uuid": dashed(ticket.uuid),
            "anonymised": False,
            "attribute": None,
            "seat": ticket.seat,
        }

    def variation(self, question: Question) -> str:
        return question.variation

    def question(self, question: Question, sort_id: int) -> Json:
        return super().question(question, sort_id) | {
            "ticket_type": question.ticket_type.pk if question.ticket_type else None
        }

    def choice(self, choice: Choice, at: int) -> Json:
        return super().choice(choice, at) | {
            "uuid": dashed(choice.uuid),
            "label_da": choice.label_da or choice.label,
            "description_da": choice.description,
            "used": 0,
            "limit": None,
            "choice_parent_uuid": None,
        }

    def ticket_type_questions(self, event: Event) -> list[Json]:
        """A collection for all types together, and one for each type that has its own."""
        of_types: dict[TicketType | None, list[Question]] = {None: []}
        for question in event.questions:
            of_types.setdefault(question.ticket_type, []).append(question)
        return [
            self.collection(dashed(derived(kind.uuid if kind else event.uuid, 1)), questions)
            | {"ticket_type_name": kind.title if kind else None}
            for kind, questions in of_types.items()
        ]

    def answer(self, given: Answer, answered: Ticket | Order) -> Json:
        question, value, secondary, prefix = given.question, given.value, None, None
        if question.variation == "NAME_FIRST_LAST" and " " in value:
            value, _, secondary = value.rpartition(" ")
        if question.variation == "PHONE" and value.startswith("+45"):
            prefix, value = value[:3], value[3:].strip()
        answer = {
            "uuid": dashed(given.uuid),
            "answer_collection": int(answered.uuid[:6], 16),
            "variation": question.variation,
            "question_heading": question.heading,
            "answer_value": value,
            "answer_value_secondary": secondary,
            "phone_country_prefix": prefix,
            "answered_choices": [
                {"choice_uuid": dashed(choice.uuid), "choice_heading": choice.label}
                for choice in given.choices
            ],
        }
        if isinstance(answered, Order):
            return answer | {"question": question.uuid}
        return answer | {"question": question.pk, "question_uuid": dashed(question.uuid)}

    def order(self, order: Order) -> Json:
        row = super().order(order) | {
            "uuid": dashed(order.uuid),
            "external_order_id": order.external_order_id,
            "is_cancelled": order.state == "CANCELLED",
            "tickets": self.party(order),
        }
        if order.brief:
            for name in ("event", "order_id", "created", "ticket_pdf_absolute_url"):
                del row[name]
        return row

    def created_order(self, order: Order) -> Json:
        answer = super().created_order(order)
        del answer["tickets"]  # seen where an order is read, not where it is placed
        return answer

    def party(self, order: Order) -> list[Json]:
        """Everyone on an order, by ticket type: who they are, and none of their codes."""
        groups: dict[TicketType, list[Json]] = {}
        for ticket in order.tickets:
            row = {"full_name": ticket.full_name, "uuid": dashed(ticket.uuid)}
            groups.setdefault(ticket.ticket_type, []).append(row)
        return [{"amount": len(rows), "tickets": rows} for rows in groups.values()]

    def refunded(self, order: Order, before: Json) -> Json:
        return super().refunded(order, self.purchase(order))

    def order_row(self, order: Order) -> Json:
        refunded = [ticket for ticket in order.tickets if ticket.refunded]
        code = order.discount
        return super().order_row(order) | {
            "uuid": dashed(order.uuid),
            "vat_rate": 0.25,
            "discount": code
            and {"code": code.code, "type": code.discount_type, "amount": f"{code.amount:.2f}"},
            "payment_method": order.payment_method,
            "news_letter": order.newsletter,
            "amount_of_refunded_tickets": len(refunded),
            "ticket_refund_total": f"{sum(t.price_paid for t in refunded):.2f}",
        }

    def order_line(self, order: Order, kind: TicketType, at: int) -> Json:
        line = super().order_line(order, kind, at)
        return line | {
            "total": float(line["total"]),
            "discount_total": line["discount_total"] or "0.00",
            "gift_card_total": f"{order.gift_card if at == 0 else 0:.2f}",
            "seating": None,
            "ticket_description": kind.description,
        }

    def order_ticket(self, ticket: Ticket) -> Json:
        answers = self.answers(ticket)["answers"]
        path = f"{PAPER}{ticket.order.uuid}/tickets-download/{ticket.uuid}/"
        return super().order_ticket(ticket) | {
            "price": f"{ticket.ticket_type.price:.2f}",
            "price_total": float(ticket.price_paid),
            "company_name": ticket.order.address.get("business_name", ""),
            "attribute_selected": None,
            "ticket_download_absolute_url": f"{SITE}{path}",
            "answers": answers,
            "ticket_answer_collection": {
                "uuid": dashed(derived(ticket.uuid, 1)),
                "answers": answers,
            },
        }

    def discount_code(self, code: DiscountCode) -> Json:
        row = super().discount_code(code)
        del row["amount_times_applied"]
        return row | {
            "amount_tickets_applied": code.amount_times_applied,
            "ticket_type_uuid": dashed(code.ticket_type.uuid) if code.ticket_type else None,
            "start_date": code.start_date.isoformat(timespec="minutes")
            if code.start_date
            else None,
            "end_date": code.end_date.isoformat(timespec="minutes") if code.end_date else None,
            "usage_limit_per_event": code.usage_limit_per_event,
            "total_revenue": f"{code.total_revenue:.2f}",
            "group_name": code.group_name,
        }

    def webhook(self, hook: Webhook) -> Json:
        return super().webhook(hook) | {"uuid": dashed(hook.uuid)}


def shapes(dialect: Dialect, state: State) -> DocsShapes:
    """The shapes of this dialect."""
    return LiveShapes(state) if dialect == "live" else DocsShapes(state)
