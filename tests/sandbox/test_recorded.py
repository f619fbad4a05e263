"""The live dialect beside what the field notes hold of the live service, with made-up names.

Each file in `recorded/` is an answer; compared are its fields, and of each the way it is written.
"""

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import PAID, Choice, DiscountCode, Event, Order, Ticket
from tests.support import EVENING

RECORDED = Path(__file__).parent / "recorded"
WRITTEN = {
    "hex": r"[0-9a-f]{32}",
    "dashed": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "minute": r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d",
    "utc": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "money": r"\d+\.\d\d",
    "link": r"https?://.*",
    "path": r"/.*",
}

pytestmark = pytest.mark.parametrize("dialect", ["live"])


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def form(value: Any) -> Any:
    """The fields of an answer, each with the way it is written; of a list, the first row's."""
    if isinstance(value, dict):
        return {name: form(each) for name, each in value.items()}
    if isinstance(value, list):
        return [form(each) for each in value[:1]]
    if isinstance(value, str):
        kinds = (kind for kind, way in WRITTEN.items() if re.fullmatch(way, value))
        return next(kinds, "text")
    return type(value).__name__


async def form_of(api: httpx.AsyncClient, path: str) -> Any:
    got = await api.get(path)
    assert got.is_success, got.text
    return form(got.json())


@pytest.fixture
def code(sandbox: Sandbox, tonight: Event) -> DiscountCode:
    """Pays tickets in full."""
    made = DiscountCode(
        id=sandbox.state.new_pk(),
        code="KLUBVEN",
        amount=Decimal(100),
        discount_type="PERCENTAGE",
        usage_tickets_limit=40,
        event=tonight,
        start_date=EVENING - timedelta(days=60),
        end_date=EVENING + timedelta(days=1),
        usage_limit_per_event=10,
        group_name="Klub",
    )
    sandbox.state.discount_codes[made.id] = made
    return made


def answer(sandbox: Sandbox, of: Ticket | Order, heading: str, value: str | Choice) -> None:
    event = of.event
    asked = (*event.questions, *event.purchase_questions)
    question = next(each for each in asked if each.heading == heading)
    if isinstance(value, Choice):
        sandbox.state.answer(of, question, "", [value])
    else:
        sandbox.state.answer(of, question, value, [])


async def test_an_event(api: httpx.AsyncClient, tonight: Event) -> None:
    tonight.sales_limit = 463
    tonight.ticket_types[0].in_baskets = 3
    got = (await api.get(f"events/{tonight.uuid}/")).json()
    parts = ("address", "ticket_types", "eventsettings", "purchase_questions")
    inside = {name: got.pop(name) for name in (*parts, "ticket_types_questions")}
    known = recorded("event")
    assert form(got) == form({name: known[name] for name in known if name not in inside})
    assert set(got) | set(inside) == set(known)
    assert got["sales_summary"]["reserved"] == 3
    assert got["sales_summary"]["sold"] == sum(each.amount_sold for each in tonight.ticket_types)
    paid = [each for each in tonight.tickets if each.order.state == PAID and not each.refunded]
    revenue = sum(each.ticket_type.price for each in paid)
    assert got["sales_summary"]["revenue"] == f"{revenue:.2f}"
    settings = inside["eventsettings"]
    assert 38 <= len(settings) <= 45
    assert settings["reminder_email_settings"] == "24_hours"
    assert settings["has_event_ticket_limit"] is True
    row = (await api.get("events/")).json()[0]
    assert form(row | {"address": {}}) == form(recorded("event_row"))


async def test_what_a_key_may_do_and_what_is_sold_out(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    path = f"events/{tonight.uuid}/"
    admin = (await api.get(path)).json()
    sandbox.state.role = type(sandbox.state.role)("Organiser")
    tonight.sales_limit = tonight.amount_sold + 1
    tonight.ticket_types[-1].is_extra = True
    organiser = (await api.get(path)).json()
    names = ("is_team_admin", "is_min_team_organiser", "has_extras_types")
    assert [admin[name] for name in names] == [True, True, False]
    assert [organiser[name] for name in names] == [False, True, True]
    assert (organiser["event_ticket_limit_sold_out"], organiser["is_sold_out"]) == (False, False)
    kind = tonight.ticket_types[0]
    order = {
        "event": tonight.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": kind.uuid, "amount": 2}],
    }
    refused = await api.post("orders/", json=order)
    assert refused.json() == {"detail": "Insufficient tickets available"}
    order["ticket_types"] = [{"uuid": kind.uuid, "amount": 1}]
    assert (await api.post("orders/", json=order)).status_code == 201
    full = (await api.get(path)).json()
    assert (full["event_ticket_limit_sold_out"], full["is_sold_out"]) == (True, True)
    assert full["sales_summary"]["left"] == 0


async def test_baskets_hold_stock(api: httpx.AsyncClient, tonight: Event) -> None:
    kind = tonight.ticket_types[0]
    kind.in_baskets = 60
    path = f"events/{tonight.uuid}/ticket-types/"
    row = (await api.get(path)).json()[0]
    assert form(row) == form(recorded("ticket_type"))
    assert row["amount_total"] - row["amount_sold"] - row["amount_left"] == 60
    order = {
        "event": tonight.uuid,
        "address": {"first_name": "A", "last_name": "B", "email": "a@example.com"},
        "ticket_types": [{"uuid": kind.uuid, "amount": 4}],
    }
    assert (await api.post("orders/", json=order)).status_code == 400


async def test_an_orders_own_tickets(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    order = sandbox.examples()["plain"].order
    path = f"orders/{order.uuid}/"
    whole = await form_of(api, path)
    order.brief = True
    assert await form_of(api, path) == form(recorded("order"))
    missing = {"event", "order_id", "created", "ticket_pdf_absolute_url"}
    assert set(whole) == set(recorded("order")) | missing


async def test_orders_that_a_code_paid(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, code: DiscountCode
) -> None:
    order = sandbox.examples()["party"].order
    order.address["business_name"] = "Bro & Bygge ApS"
    sandbox.state.discount(order, code)
    rows = (await api.get(f"events/{tonight.uuid}/orders/")).json()["orders"]
    row = next(each for each in rows if each["order_id"] == order.order_id)
    for ticket in row["tickets"]:
        ticket["questions"] = []
    assert form(row) == form(recorded("order_row"))
    price = order.tickets[0].ticket_type.price
    (line,) = row["order_lines"]
    assert (line["total"], line["discount_total"]) == (5 * price, f"{5 * price:.2f}")
    assert [each["price_total"] for each in row["tickets"]] == [0.0] * 5

    code.discount_type, code.amount = "PER_TICKET", Decimal(95)
    order.gift_card = Decimal(100)
    sandbox.state.refund_ticket(order.tickets[0])
    rows = (await api.get(f"events/{tonight.uuid}/orders/")).json()["orders"]
    row = next(each for each in rows if each["order_id"] == order.order_id)
    assert {each["price_total"] for each in row["tickets"]} == {price - 95}
    assert row["order_lines"][0]["gift_card_total"] == "100.00"
    assert row["amount_of_refunded_tickets"] == 1
    assert row["ticket_refund_total"] == f"{price - 95:.2f}"
    plain = next(each for each in rows if each["order_id"] != order.order_id)
    assert plain["discount"] is None


async def test_discount_codes_in_pages(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, code: DiscountCode
) -> None:
    codes = f"events/{tonight.uuid}/discount-code/"
    new = {"amount": 10, "code": "TEN", "usage_tickets_limit": 1, "discount_type": "PERCENTAGE"}
    for _ in range(20):
        got = await api.post(codes, json=new)
        assert got.status_code == 201
        assert got.json()["code"] == "TEN"
    in_list = (await api.post(codes, json=[new])).json()  # is answered alone too
    del sandbox.state.discount_codes[in_list["id"]]
    code.total_revenue, code.amount_times_applied = Decimal("663.75"), 3
    first = (await api.get(codes.replace("code/", "codes/"))).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (21, 20, None)
    second = (await api.get(first["next"])).json()
    assert second["next"] is None
    assert second["previous"].endswith("?page=1")
    assert form(first | {"results": second["results"]}) == form(recorded("discount_codes"))
    everything = [each["id"] for each in first["results"] + second["results"]]
    assert everything == list(sandbox.state.discount_codes)[::-1]
    for page in ("0", "3", "x", "-1", "9" * 30):
        path = codes.replace("code/", "codes/")
        assert (await api.get(path, params={"page": page})).status_code == 404


async def test_what_attendees_and_buyers_answered(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    menu = next(each for each in tonight.questions if each.heading == "Which menu?")
    answer(sandbox, ticket, "Name on the place card", "Ane Bro")
    answer(sandbox, ticket, "Phone, should your table move", "+45 20000001")
    answer(sandbox, ticket, "Which menu?", menu.choices[0])
    got = (await api.get(f"tickets/{ticket.uuid}/questions/")).json()
    known = recorded("answers")
    assert [form(each) for each in got["answers"]] == [form(each) for each in known["answers"]]
    name, phone, chosen = got["answers"]
    assert (name["answer_value"], name["answer_value_secondary"]) == ("Ane", "Bro")
    assert (phone["phone_country_prefix"], phone["answer_value"]) == ("+45", "20000001")

    # The heading of a choice that is there no longer stays in the answer.
    path = f"events/{tonight.uuid}/questions/{menu.uuid}/"
    left = (await api.get(path)).json()["choices"][1:]
    assert (await api.patch(path, json={"choices": left})).is_success
    again = (await api.get(f"tickets/{ticket.uuid}/questions/")).json()["answers"]
    assert again[2] == chosen
    assert [each.label for each in menu.choices] == ["Meat", "Vegan"]

    answer(sandbox, ticket.order, "Guess the number of lanterns", "42")
    bought = await form_of(api, f"orders/{ticket.order.uuid}/questions/")
    assert bought == form(recorded("buyer_answers"))


async def test_types_of_a_created_event(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    new = {
        "title": "New",
        "start_date": "2026-11-06T09:45",
        "ticket_types": [{"title": "Standard", "price": 295, "amount_total": 5}],
    }
    got = await api.post("events/", json=new)
    assert got.status_code == 201
    assert form(got.json()["ticket_types"]) == form(recorded("created_event")["ticket_types"])
    (event,) = list(sandbox.state.events.values())[4:]
    change = {"eventsettings": {"reminder_email_settings": "24_hours"}, "ticket_types": []}
    changed = (await api.post(f"events/{event.uuid}/", json=change)).json()
    assert got.json()["eventsettings"]["reminder_email_settings"] is None
    assert changed["eventsettings"]["reminder_email_settings"] == "24_hours"
