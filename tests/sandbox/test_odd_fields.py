"""Each field of each body, one at a time, in every odd shape: refused or taken, never a 500."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from boxoffice.sandbox import Dialect
from tests.sandbox.site import Site, sound

ODD: list[Any] = [
    None, True, False, -1, 0, 1, 2.5, 2**31, 10**60, 1e308, "", " ", "\x00", "\ud800", "x" * 300,
    "0" * 32, "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-02-30T10:00",
    "1e9999", "1e-9999", "NaN", "-0", "1_000", "\u0663", "all", "TEXT", "SELECT", "a@b.example",
    "https://[::1/", [], {}, [[]], [{}], [None], ["\ud800"], {"x": {}}, [{"uuid": "\ud800"}],
]  # fmt: skip
TYPE = {
    "title": "T", "price": 5, "amount": 5, "amount_total": 5, "pk": None, "active": True,
    "is_members_only": False, "description": "D", "start_date": "2026-11-06T09:45", "sort_id": 1,
}  # fmt: skip
QUESTION = {
    "uuid": None, "heading": "H", "variation": "SELECT", "sort_id": 1, "active": True,
    "required": True, "ticket_type": "all",
    "choices": [{"uuid": None, "label": "L", "label_da": "", "description": "D", "sort_id": 2}],
}  # fmt: skip
EVENT = {
    "title": "T", "start_date": "2026-11-06T09:45", "end_date": "2026-11-07T09:45",
    "ticket_types": [TYPE], "is_members_only": False, "team": "Default", "description": "D",
    "summary": "S", "address": {"venue": "V", "email": "a@b.example"},
    "eventsettings": {"ticket_limit": 3, "reminder_email": True, "ticket_email_text": "T"},
}  # fmt: skip
CODE = {
    "amount": 5, "code": "c", "usage_tickets_limit": 1, "discount_type": "PER_TICKET",
    "ticket_type_uuid": None,
}  # fmt: skip
WHOLE: list[tuple[str, str, Any]] = [
    ("POST", "events/", EVENT),
    ("POST", "events/{event}/", EVENT),
    ("DELETE", "events/{event}/", {"delete_reason": "Four"}),
    ("POST", "events/{event}/ticket-types/", TYPE),
    ("PATCH", "events/{event}/ticket-types/{free}/", TYPE),
    ("POST", "events/{event}/ticket-type-questions/", {"questions": [QUESTION]}),
    ("POST", "events/{event}/purchase-questions/", {"questions": [QUESTION]}),
    ("PATCH", "events/{event}/questions/{question}/", QUESTION),
    ("POST", "events/{event}/discount-code/", [CODE]),
    ("POST", "/webhooks/v1/whitelabel/hooks/", {"url": "http://[::1]/", "action": "all"}),
    ("POST", "orders/{order}/questions/", [{"uuid": "{asked}", "value": ""}]),
    ("PATCH", "tickets/{ticket}/", {"full_name": "F", "checked_in": True, "external_uuid": "e"}),
    ("PATCH", "orders/{order}/", {"address": {"first_name": "F", "email": "a@b.example"}}),
]


def with_one_odd(value: Any) -> Iterator[Any]:
    """`value` with each of its parts, one at a time, put in another shape."""
    yield from ODD
    if isinstance(value, dict):
        for name in value:
            yield {each: value[each] for each in value if each != name}
            yield from ({**value, name: odd} for odd in with_one_odd(value[name]))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], odd, *value[place + 1 :]] for odd in with_one_odd(part))


@pytest.mark.parametrize(
    ("dialect", "method", "path", "example"),
    [
        *(("docs", *case) for case in WHOLE),
        # Only these are read otherwise in the other dialect.
        *(("live", *case) for case in WHOLE if re.search("question|discount", case[1])),
    ],
)
async def test_each_field_in_every_odd_shape(
    dialect: Dialect, method: str, path: str, example: Any
) -> None:
    box = Site(dialect)
    event = box.state.tonight
    order = event.orders[0]
    names = {
        "event": event.uuid,
        "free": event.ticket_types[-1].uuid,
        "question": event.questions[0].uuid,
        "order": order.uuid,
        "ticket": order.tickets[0].uuid,
    }
    asked = event.purchase_questions[0].uuid
    taken = 0
    for each in with_one_odd(example):
        sent = json.dumps(each).replace("{asked}", asked).encode()
        got = await box.ask(method, path.format(**names), sent)
        assert got.status in (200, 201, 400, 404, 410), (sent, got.content)
        assert not got.content or json.loads(got.content) is not None
        taken += got.status < 300
    await sound(box)
    assert taken
