"""The answers' fields, copied from the API document's examples and from live answers."""

import re

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.shapes import dashed
from boxoffice.sandbox.shapes_orders import Shapes
from tests.support import both_dialects

HEX = re.compile(r"[0-9a-f]{32}")
DASHED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

EVENT_ROW = """uuid title start_date images url address is_expired price_min price_max currency
    description summary"""
EVENT = """title uuid url description address has_discount_code has_ticket_sold images
    is_free_event is_expired pin_str price_range start_date ticket_types eventsettings team_uuid
    team"""
EVENT_TICKET_TYPE = """uuid title price active amount amount_sold amount_total is_tickets_sold
    price_verbose is_free sold_out is_members_only start_date"""
TICKET_TYPE = """pk uuid title price active amount amount_sold amount_total constraint_definition
    is_tickets_sold invoice_price price_verbose is_free sold_out is_members_only description
    start_date fee sort_id"""
LIST_ROW = """id uuid checked_in ticket_refund full_name ticket_type_pk ticket_type_name
    has_ticket_type_date ticket_type_date purchase_uuid email"""
TICKET = LIST_ROW + " external_uuid url lead_tracking_reference"
QUESTION = "uuid sort_id heading active required variation choices"
CHOICE = "uuid sort_id label description"
ANSWER = "uuid question variation question_heading answer_value answered_choices"
ORDER = """address uuid order_id email state created organizer_absorb_fees refunded event
    ticket_pdf_absolute_url state_verbose"""
ORDER_ROW = "uuid order_id currency order_lines state date vat_exempt vat_rate address tickets"
ORDER_LINE = """uuid discount_total has_ticket_type_date ticket_type_date quantity title price
    total type"""
ORDER_TICKET = LIST_ROW + " external_uuid questions"
PURCHASE = """address uuid user id identifier email state created full_name purchase_is_free
    organizer_absorb_fees fee_amount fee_percentage fee_total first_name order_id external_order_id
    total_and_all_fees_decimal total_amount vat_total fee_total_vat send_sms_tickets fee_per_sms
    discount_code refund_date refund_email_send refund_url refunded event ticket_download_url
    ticket_download_absolute_url ticket_pdf_url ticket_pdf_absolute_url receipt_as_web_url
    earliest_date customer_id payment_method_id pay_by_invoice state_verbose"""


def has_exactly(thing: dict[str, object], fields: str) -> bool:
    return set(thing) == set(fields.split())


@pytest.fixture
def tonight(sandbox: Sandbox) -> str:
    return sandbox.state.tonight.uuid


async def test_documented_fields(api: httpx.AsyncClient, sandbox: Sandbox, tonight: str) -> None:
    examples = sandbox.examples()
    answered, order = examples["answered"], examples["answered"].order

    events = (await api.get("events/")).json()
    event = (await api.get(f"events/{tonight}/")).json()
    types = (await api.get(f"events/{tonight}/ticket-types/")).json()
    tickets = (await api.get(f"events/{tonight}/tickets/")).json()
    ticket = (await api.get(f"tickets/{answered.uuid}/")).json()
    asked = (await api.get(f"events/{tonight}/ticket-type-questions/")).json()
    bought = (await api.get(f"events/{tonight}/purchase-questions/")).json()
    answers = (await api.get(f"tickets/{answered.uuid}/questions/")).json()
    one = (await api.get(f"orders/{order.uuid}/")).json()
    orders = (await api.get(f"events/{tonight}/orders/")).json()

    assert all(has_exactly(row, EVENT_ROW) for row in events)
    assert has_exactly(event, EVENT)
    assert all(has_exactly(row, EVENT_TICKET_TYPE) for row in event["ticket_types"])
    assert all(has_exactly(row, TICKET_TYPE) for row in types)
    assert all(has_exactly(row, LIST_ROW) for row in tickets)
    assert has_exactly(ticket, TICKET)
    assert has_exactly(asked, "uuid active questions")
    assert has_exactly(bought, "uuid active questions")
    assert all(has_exactly(each, QUESTION) for each in asked["questions"])
    choices = [choice for each in asked["questions"] for choice in each["choices"]]
    assert choices
    assert all(has_exactly(each, CHOICE) for each in choices)
    assert has_exactly(answers, "ticket answers")
    assert all(has_exactly(each, ANSWER) for each in answers["answers"])
    assert has_exactly(one, ORDER)
    assert has_exactly(orders, "uuid orders")
    assert all(has_exactly(row, ORDER_ROW) for row in orders["orders"])
    assert all(
        has_exactly(line, ORDER_LINE) for row in orders["orders"] for line in row["order_lines"]
    )
    assert all(
        has_exactly(each, ORDER_TICKET) for row in orders["orders"] for each in row["tickets"]
    )


async def test_documented_values(api: httpx.AsyncClient, sandbox: Sandbox, tonight: str) -> None:
    plain = sandbox.examples()["plain"]
    event = (await api.get(f"events/{tonight}/")).json()
    ticket = (await api.get(f"tickets/{plain.uuid}/")).json()
    asked = (await api.get(f"events/{tonight}/ticket-type-questions/")).json()

    assert event["start_date"] == "2026-05-08T19:00:00+02:00"
    assert ticket["ticket_type_date"] == "2026-05-08T17:00:00Z"
    assert ticket["purchase_uuid"] == plain.order.uuid
    assert ticket["url"].endswith(f"/t/{plain.slug}/")
    assert {each["variation"] for each in asked["questions"]} == {
        "TEXT", "TEXTAREA", "NUMBER", "NAME", "COMPANY", "EMAIL", "SELECT", "SELECT_MULTIPLE"
    }  # fmt: skip


@pytest.mark.parametrize("dialect", ["docs"])
async def test_documented_uuids_are_hex(api: httpx.AsyncClient, tonight: str) -> None:
    for path in ("events/", f"events/{tonight}/", f"events/{tonight}/tickets/"):
        text = (await api.get(path)).text
        assert HEX.search(text)
        assert not DASHED.search(text)


@pytest.mark.parametrize("dialect", ["live"])
async def test_live_differences(api: httpx.AsyncClient, sandbox: Sandbox, tonight: str) -> None:
    examples = sandbox.examples()
    answered = examples["answered"]

    row = (await api.get(f"events/{tonight}/tickets/")).json()[0]
    assert has_exactly(
        row,
        "email full_name id ticket_refund uuid ticket_type_name anonymised attribute seat"
        " checked_in",
    )
    assert DASHED.fullmatch(row["uuid"])

    collections = (await api.get(f"events/{tonight}/ticket-type-questions/")).json()
    assert [each["ticket_type_name"] for each in collections] == [
        None, "Volunteer", "Dinner & concert"
    ]  # fmt: skip
    questions = [question for each in collections for question in each["questions"]]
    assert {"NAME_FIRST_LAST", "PHONE", "TIME"} <= {each["variation"] for each in questions}
    assert all("ticket_type" in each for each in questions)
    choice = next(each["choices"] for each in questions if each["choices"])[0]
    extra = {"label_da", "description_da", "used", "limit", "choice_parent_uuid"}
    assert extra <= set(choice)

    types = (await api.get(f"events/{tonight}/ticket-types/")).json()
    assert all("amount" not in each and "amount_left" in each for each in types)
    assert isinstance(types[0]["price"], str)
    assert isinstance(types[0]["fee"], float)

    event = (await api.get(f"events/{tonight}/")).json()
    assert event["start_date"] == "2026-05-08T19:00+02:00"
    assert event["timezone"] == "Europe/Copenhagen"
    assert "pin_str" not in event
    new = {"pin_str_long", "end_date", "is_deleted", "sales_summary", "purchase_questions"}
    assert new | {"ticket_types_questions"} <= set(event)

    answers = (await api.get(f"tickets/{answered.uuid}/questions/")).json()["answers"]
    assert all(isinstance(each["question"], int) for each in answers)
    assert all(DASHED.fullmatch(each["question_uuid"]) for each in answers)
    taken = [choice for each in answers for choice in each["answered_choices"]]
    assert all(DASHED.fullmatch(each["choice_uuid"]) and "uuid" not in each for each in taken)

    orders = (await api.get(f"events/{tonight}/orders/")).json()["orders"]
    order = next(each for each in orders if each["order_id"] == answered.order.order_id)
    assert order["vat_rate"] == 0.25
    assert DASHED.fullmatch(order["uuid"])
    assert HEX.fullmatch(order["tickets"][0]["purchase_uuid"])
    inside = order["tickets"][0]
    assert inside["answers"] == inside["ticket_answer_collection"]["answers"] == answers


@both_dialects
@pytest.mark.parametrize("ticket_count", [400])
async def test_the_list_is_newest_first_and_whole(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: str
) -> None:
    rows = (await api.get(f"events/{tonight}/tickets/")).json()
    numbers = [row["id"] for row in rows]
    assert len(rows) == 400
    assert numbers == sorted(numbers, reverse=True)
    names = [each.full_name for each in sandbox.state.events[tonight].tickets]
    assert [row["full_name"] for row in rows] == names[::-1]


@both_dialects
async def test_the_list_follows_changes(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: str
) -> None:
    path = f"events/{tonight}/tickets/"
    ticket = sandbox.examples()["plain"]
    before = (await api.get(path)).json()
    await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True, "full_name": "Ny"})
    changed = [row for row in (await api.get(path)).json() if row not in before]
    assert [(row["id"], row["checked_in"], row["full_name"]) for row in changed] == [
        (ticket.number, True, "Ny")
    ]
    sandbox.state.refund(ticket.order)
    refunded = [row for row in (await api.get(path)).json() if row["ticket_refund"]]
    assert ticket.number in [row["id"] for row in refunded]
    event = sandbox.state.events[tonight]
    address = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
    sandbox.state.sell(event, address, [(event.ticket_types[0], 2)], None)
    assert len((await api.get(path)).json()) == len(before) + 2


async def test_documented_answers_to_orders(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: str
) -> None:
    order = sandbox.examples()["plain"].order
    changed = (
        await api.patch(f"orders/{order.uuid}/", json={"address": {"city": "Aarhus"}})
    ).json()
    assert has_exactly(changed, PURCHASE)
    assert changed["address"]["city"] == "Aarhus"
    refunded = (await api.delete(f"orders/{order.uuid}/")).json()
    assert has_exactly(refunded, "purchase is_refunded is_refundable")
    assert has_exactly(refunded["purchase"], PURCHASE)


async def test_an_order_names_who_is_on_it_by_ticket_type(sandbox: Sandbox) -> None:
    order = sandbox.examples()["party"].order
    live, docs = Shapes("live", sandbox.state), Shapes("docs", sandbox.state)
    (group,) = live.order(order)["tickets"]
    assert group["amount"] == 5
    assert group["tickets"] == [
        {"full_name": each.full_name, "uuid": dashed(each.uuid)} for each in order.tickets
    ]
    assert "tickets" not in live.created_order(order)
    assert "tickets" not in docs.order(order)
