"""The answers as the live service has been seen to give them: the dialect `live`.

Differs from the document in the order of its fields, in ids that are dashed here and hex there, in
times without seconds, in money as number and as string, and in what is present at all.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from boxoffice.sandbox.models import Answer, Choice, Event, Order, Question, Ticket, TicketType
from boxoffice.sandbox.shapes import Dialect, Json, derived
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.shapes_organiser import OrganiserShapes
from boxoffice.sandbox.state import State

if TYPE_CHECKING:
    from boxoffice.sandbox.models_organiser import DiscountCode, Webhook


def dashed(uuid: str) -> str:
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


class LiveShapes(DocsShapes):
    """What public clients have recorded, where that differs from the document."""

    created = 201
    mails_exports = True
    tells_deleted = True
    actions = OrganiserShapes.every_action
    collections_by_type = True

    def time(self, moment: datetime, event: Event) -> str:
        return moment.astimezone(event.timezone).isoformat(timespec="minutes")

    # Events

    def event_row(self, event: Event) -> Json:
        row = super().event_row(event)
        row["price_min"] = f"{row['price_min']:.2f}"
        return row | {"is_members_only": event.members_only}

    def event(self, event: Event) -> Json:
        answer = super().event(event)
        del answer["pin_str"], answer["has_discount_code"]
        sold = sum(each.amount_sold for each in event.ticket_types)
        return answer | {
            "uuid": dashed(event.uuid),
            "pin_str_long": f"{event.pin}-{event.pk}",
            "end_date": self.time(event.end, event),
            "timezone": event.timezone.key,
            "is_deleted": event.deleted,
            "is_members_only": event.members_only,
            "summary": event.summary,
            "sales_summary": {"tickets_sold": sold, "currency": event.currency},
            "purchase_questions": self.purchase_questions(event),
            "ticket_types_questions": self.ticket_type_questions(event),
        }

    def created_event(self, event: Event) -> Json:
        return self.event(event)

    def single_ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        return self.event_ticket_type(ticket_type, event)

    def event_ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        return self.ticket_type(ticket_type, event) | {"uuid": dashed(ticket_type.uuid)}

    def ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        row = super().ticket_type(ticket_type, event)
        row["amount_left"] = row.pop("amount")
        start = ticket_type.sales_start
        del row["constraint_definition"], row["invoice_price"]
        return row | {
            "price": f"{ticket_type.price:.2f}",
            "sales_start_date": self.time(start, event) if start else None,
            "sales_end_date": self.time(ticket_type.sales_end or event.end, event),
            "is_on_sale": ticket_type.amount_left > 0 and ticket_type.on_sale(self.state.now()),
            "is_temporarily_sold_out": ticket_type.paused,
        }

    # Tickets

    def list_row(self, ticket: Ticket) -> Json:
        return {
            "email": ticket.email,
            "full_name": ticket.full_name,
            "id": ticket.number,
            "ticket_refund": ticket.refunded,
            "uuid": dashed(ticket.uuid),
            "ticket_type_name": ticket.ticket_type.title,
            "anonymised": False,
            "attribute": None,
            "seat": ticket.seat,
            "checked_in": ticket.checked_in,
        }

    def ticket(self, ticket: Ticket) -> Json:
        answer = super().ticket(ticket)
        if ticket.ticket_type.date is None:
            answer["ticket_type_date"] = None
        else:
            answer["ticket_type_date"] = self.time(ticket.ticket_type.date, ticket.event)
        return answer | {
            "uuid": dashed(ticket.uuid),
            "anonymised": False,
            "attribute": None,
            "seat": ticket.seat,
        }

    # Questions

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
            self.collection(
                dashed(derived(ticket_type.uuid if ticket_type else event.uuid, 1)), questions
            )
            | {"ticket_type_name": ticket_type.title if ticket_type else None}
            for ticket_type, questions in of_types.items()
        ]

    def answer(self, answer: Answer, answered: Ticket | Order) -> Json:
        return {
            "uuid": dashed(answer.uuid),
            "answer_collection": int(answered.uuid[:6], 16),
            "question": answer.question.pk,
            "question_uuid": dashed(answer.question.uuid),
            "variation": answer.question.variation,
            "question_heading": answer.question.heading,
            "answer_value": answer.value,
            "answered_choices": [
                {"choice_uuid": dashed(each.uuid), "choice_heading": each.label}
                for each in answer.choices
            ],
        }

    # Orders

    def order(self, order: Order) -> Json:
        return super().order(order) | {
            "uuid": dashed(order.uuid),
            "external_order_id": order.external_order_id,
            "is_cancelled": order.state == "CANCELLED",
            "tickets": self.party(order),
        }

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

    # The organiser's

    def discount_code(self, code: "DiscountCode") -> Json:
        row = super().discount_code(code)
        tied = dashed(code.ticket_type.uuid) if code.ticket_type else None
        return row | {"ticket_type_uuid": tied}

    def webhook(self, hook: "Webhook") -> Json:
        return super().webhook(hook) | {"uuid": dashed(hook.uuid)}

    def refunded(self, order: Order, before: Json) -> Json:
        return super().refunded(order, self.purchase(order))

    def order_row(self, order: Order) -> Json:
        return super().order_row(order) | {"uuid": dashed(order.uuid), "vat_rate": 0.25}

    def order_line(self, order: Order, ticket_type: TicketType, quantity: int, at: int) -> Json:
        line = super().order_line(order, ticket_type, quantity, at)
        return line | {"total": float(ticket_type.price * quantity)}

    def order_ticket(self, ticket: Ticket) -> Json:
        row = super().order_ticket(ticket)
        answers = self.answers(ticket)["answers"]
        collection: dict[str, Any] = {"uuid": dashed(derived(ticket.uuid, 1)), "answers": answers}
        return row | {"answers": answers, "ticket_answer_collection": collection}


def shapes(dialect: Dialect, state: State) -> DocsShapes:
    """The shapes of this dialect."""
    return LiveShapes(state) if dialect == "live" else DocsShapes(state)
