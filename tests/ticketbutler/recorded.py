"""Answers as the live service was recorded to give them, with made-up names and numbers.

Each is of one row of what the live service was seen to do otherwise than the API document says.
"""

EVENT = "887d9eb1-bd1d-4004-90de-ead624269c13"
STANDARD = "5025811e-9d83-4637-9d1d-b8a527909d0b"
HOODIE = "6a547b3c-0bde-434a-a595-bfb37b4f2851"
ORDER = "79e84df7-08c0-4532-b20c-f7f9898413d4"
ANNA = "9f242508-2918-442c-a7e4-73121eaf153d"
BO = "07fe6740-d598-477f-a718-c9fd87539e62"
SIZE = "f3c64af7-75a8-429f-82cd-789a380208a9"
GONE_SIZE = "8d88348a-7eed-4d14-b06d-3fef701966a0"

DISCOUNT = {
    "id": 31,
    "code": "EARLY",
    "discount_type": "PERCENTAGE",
    "amount": "25.00",
    "active": True,
    "start_date": "2026-04-01T00:00+02:00",
    "end_date": "2026-05-01T00:00+02:00",
    "usage_tickets_limit": 100,
    "usage_limit_per_event": None,
    "amount_tickets_applied": 17,
    "total_revenue": "3757.50",
    "group_name": "Members",
    "ticket_type_uuid": None,
}
DISCOUNT_PAGES = (
    {
        "count": 2,
        "next": f"https://test.ticketbutler.example/api/v3/events/{EVENT}/discount-codes/?page=2",
        "previous": None,
        "results": [DISCOUNT],
    },
    {
        "count": 2,
        "next": None,
        "previous": f"https://test.ticketbutler.example/api/v3/events/{EVENT}/discount-codes/",
        "results": [DISCOUNT | {"id": 32, "code": "CREW", "amount": 100, "active": False}],
    },
)

EVENT_ROW = {
    "uuid": EVENT,
    "title": "Rope walk",
    "start_date": "2026-05-08T19:00+02:00",
    "currency": "DKK",
    "summary": "On ropes",
    "is_members_only": False,
}
"""Of the list of events."""
SINGLE_EVENT = {
    "uuid": EVENT,
    "title": "Rope walk",
    "pin_str_long": "6124-77",
    "start_date": "2026-05-08T19:00",
    "end_date": "2026-05-08T23:30",
    "timezone": "Europe/Copenhagen",
    "is_deleted": False,
    "is_sold_out": False,
    "has_event_ticket_limit": True,
    "event_ticket_limit_sold_out": False,
    "has_extras_types": True,
    "is_team_admin": False,
    "is_min_team_organiser": True,
    "sales_summary": {"tickets_sold": 97, "currency": "DKK"},
    "address": {"venue": "The harbour"},
    "eventsettings": {
        "reminder_email_settings": "24_hours",
        "ticket_limit": 9,
        "organizer_absorb_fees": False,
        "fee_type": "attendee",
        "show_waiting_list": True,
    },
    "ticket_types": [{"pk": 40, "title": "Standard", "price": "295.00"}],
    "purchase_questions": [],
    "ticket_types_questions": [],
}
CREATED_EVENT = SINGLE_EVENT | {
    "ticket_types": [{"pk": 41, "title": "Standard", "price": 295.0}, {"pk": 42, "title": "VIP"}]
}

TICKET_TYPES = [
    {
        "pk": 40,
        "uuid": STANDARD,
        "title": "Standard",
        "price": "295.00",
        "active": True,
        "amount_left": 100,
        "amount_sold": 97,
        "amount_total": 200,
        "fee": 3.9,
        "is_on_sale": True,
        "is_temporarily_sold_out": False,
        "sales_start_date": None,
        "sales_end_date": "2026-05-08T19:00+02:00",
    },
    {"pk": 41, "uuid": HOODIE, "title": "Hoodie, L", "price": "350.00", "amount_left": 4},
]

QUESTIONS = [
    {
        "uuid": "b5ebf808-86c4-4b88-842a-7df6e1a329f9",
        "active": False,
        "ticket_type_name": "Hoodie, L",
        "questions": [
            {
                "uuid": SIZE,
                "heading": "Size?",
                "active": True,
                "required": True,
                "variation": "SELECT",
                "ticket_type": 41,
                "choices": [
                    {
                        "uuid": "7bfaca16-9164-478b-8ad8-8bda1737747a",
                        "label": "",
                        "label_da": "Stor",
                        "description_da": None,
                        "used": 3,
                        "limit": None,
                        "choice_parent_uuid": None,
                    }
                ],
            }
        ],
    }
]

ANSWERS = [
    {
        "question": 1186,
        "question_uuid": SIZE,
        "question_heading": "Size?",
        "variation": "SELECT",
        "answer_value": "",
        "answered_choices": [{"choice_uuid": GONE_SIZE, "choice_heading": "Medium"}],
    },
    {
        "question": 1187,
        "question_uuid": "b422a634-31bf-4d10-a4d7-421b85688d18",
        "question_heading": "Name",
        "variation": "NAME_FIRST_LAST",
        "answer_value": "Anna Maria",
        "answer_value_secondary": "Kjær",
        "phone_country_prefix": None,
        "answered_choices": [],
    },
    {
        "question": 1188,
        "question_uuid": "01d46dae-d83b-41e3-b71f-3790a37549e0",
        "question_heading": "Phone",
        "variation": "PHONE",
        "answer_value": "42424242",
        "answer_value_secondary": "",
        "phone_country_prefix": "+45",
        "answered_choices": [],
    },
]

SHORT_ORDER = {
    "uuid": ORDER,
    "state": "PAID",
    "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
    "tickets": [
        {"amount": 1, "tickets": [{"full_name": "Anna Kjær", "uuid": ANNA}]},
        {"amount": 1, "tickets": [{"full_name": "Bo Kjær", "uuid": BO}]},
    ],
}
"""One order alone: its tickets by type, no event, no order id, no date, no PDF."""


def ticket(uuid: str, name: str, paid: str, *, refunded: bool = False) -> dict[str, object]:
    """A ticket in the list of an event's orders."""
    return {
        "uuid": uuid,
        "purchase_uuid": ORDER.replace("-", ""),
        "full_name": name,
        "email": "anna@example.com",
        "company_name": "Ropes ApS",
        "attribute_selected": None,
        "ticket_type_name": "Standard",
        "price": "295.00",
        "price_total": paid,
        "ticket_refund": refunded,
        "checked_in": False,
        "ticket_download_absolute_url": f"https://test.ticketbutler.example/t/{uuid[:5]}/",
        "answers": ANSWERS,
        "ticket_answer_collection": {"answers": ANSWERS},
    }


LISTED_ORDER = {
    "uuid": ORDER,
    "order_id": "dZy1",
    "created": "2026-04-02T08:30+02:00",
    "state": "PAID",
    "currency": "DKK",
    "payment_method": "STRIPE_CONNECT",
    "news_letter": True,
    "discount": {"code": "EARLY", "type": "PERCENTAGE", "amount": "25.00"},
    "amount_of_refunded_tickets": 0,
    "ticket_refund_total": "0.00",
    "address": {"first_name": "Anna", "last_name": "Kjær", "email": "anna@example.com"},
    "ticket_pdf_absolute_url": "https://test.ticketbutler.example/da/purchase/1/tickets-as-pdf/",
    "order_lines": [
        {
            "title": "Standard",
            "ticket_description": "Both days",
            "seating": None,
            "quantity": 2,
            "price": "295.00",
            "total": "590.00",
            "discount_total": "147.50",
            "gift_card_total": "100.00",
            "type": "ticket",
        }
    ],
    "tickets": [ticket(ANNA, "Anna Kjær", "171.25"), ticket(BO, "Bo Kjær", "171.25")],
}
PAID_BY_A_CODE = LISTED_ORDER | {
    "discount": {"code": "CREW", "type": "PERCENTAGE", "amount": 100},
    "tickets": [ticket(ANNA, "Anna Kjær", "0.00"), ticket(BO, "Bo Kjær", "0.00")],
}
PARTLY_REFUNDED = LISTED_ORDER | {
    "amount_of_refunded_tickets": 1,
    "ticket_refund_total": "171.25",
    "tickets": [
        ticket(ANNA, "Anna Kjær", "171.25"),
        ticket(BO, "Bo Kjær", "171.25", refunded=True),
    ],
}

NEWSLETTER_SENTENCE = (
    "Email with newsletter data will be sent to <b>desk&#64;example.com</b> &amp; nobody else"
)
"""200, and called `text/html`."""
