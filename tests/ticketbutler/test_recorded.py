"""What the live service was recorded to answer, read as people and doors need it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from boxoffice.domain.models import OrderStatus, OrderTicket
from boxoffice.domain.text import hex_uuid
from boxoffice.ticketbutler import Ticketbutler
from boxoffice.ticketbutler.edits import NestedEdit
from boxoffice.ticketbutler.resources.answers import read_answers
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import NewEvent, read_event
from boxoffice.ticketbutler.resources.order_models import OrderDetails, read_order
from boxoffice.ticketbutler.resources.questions import read_collections
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, read_types
from tests.ticketbutler import recorded
from tests.ticketbutler.scripted import EVENT, PAGE, ScriptedServer, reply

SUMMER = timezone(timedelta(hours=2))
CODES = f"events/{EVENT}/discount-codes/"
NOT_ALLOWED = reply(b'{"detail": "Method \\"GET\\" not allowed."}', "405 Method Not Allowed")


def hexed(uuid: str) -> str:
    return hex_uuid(uuid) or ""


@pytest.mark.parametrize("elsewhere", [PAGE, NOT_ALLOWED])
async def test_discount_codes_come_in_pages(
    organiser: Ticketbutler, script: ScriptedServer, elsewhere: bytes
) -> None:
    one, two = recorded.DISCOUNT_PAGES
    script.answers = {
        f"GET events/{EVENT}/discount-code/": elsewhere,
        f"GET {EVENT}/discount-code/": PAGE,
        f"GET {CODES}": one,
        f"GET {CODES}?page=2": two,
    }
    early, crew = await organiser.discounts.list(EVENT)
    assert (early.code, early.discount_type, early.amount) == ("EARLY", "PERCENTAGE", Decimal(25))
    assert (early.amount_times_applied, early.usage_tickets_limit) == (17, 100)
    assert early.start == datetime(2026, 4, 1, tzinfo=SUMMER)
    assert (early.total_revenue, early.group_name) == (Decimal("3757.50"), "Members")
    assert (crew.code, crew.active) == ("CREW", False)
    # What answered once is asked first, from then on.
    await organiser.discounts.list(EVENT)
    assert [each.line for each in script.asked[-2:]] == [f"GET {CODES}", f"GET {CODES}?page=2"]


async def test_pages_that_lead_in_a_circle_end(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    page = recorded.DISCOUNT_PAGES[0] | {"next": "/api/v3/discount-codes/?page=2"}
    script.answers = {"GET discount-code/": page, "GET discount-code/?page=2": page}
    assert [each.code for each in await organiser.discounts.list()] == ["EARLY"]


@pytest.mark.parametrize("answer", [recorded.DISCOUNT, [recorded.DISCOUNT]])
async def test_a_created_code_is_one_object_or_a_list(
    organiser: Ticketbutler, script: ScriptedServer, answer: object
) -> None:
    script.answers = {f"POST events/{EVENT}/discount-code/": NOT_ALLOWED, f"POST {CODES}": answer}
    new = NewDiscountCode(code="EARLY", amount=Decimal(25), discount_type="PERCENTAGE")
    (made,) = await organiser.discounts.create(EVENT, [new])
    assert (made.id, made.code) == (31, "EARLY")
    (sent,) = [each for each in script.writes if each.line == f"POST {CODES}"]
    assert isinstance(sent.body, list)
    assert sent.body[0]["discount_type"] == "PERCENTAGE"


def test_an_event_alone_says_what_the_list_does_not() -> None:
    alone = read_event(recorded.SINGLE_EVENT)
    assert alone.start == datetime(2026, 5, 8, 19, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert (alone.limited, alone.limit_reached, alone.sold_out) == (True, False, False)
    assert (alone.has_extras, alone.team_admin, alone.team_organiser) == (True, False, True)
    assert alone.settings.fees_on_buyer is True
    listed = read_event(recorded.EVENT_ROW).as_event()
    known = alone.as_event()
    assert listed.completed(known) == replace(known, currency="DKK")


async def test_an_event_is_made_although_its_types_have_no_uuid(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers["POST events/"] = reply(
        json.dumps(recorded.CREATED_EVENT).encode(), "201 Created"
    )
    new = NewEvent(
        title="Rope walk",
        start=datetime(2026, 5, 8, 19, tzinfo=SUMMER),
        ticket_types=(NewTicketType(title="Standard", price=Decimal(295), amount_total=200),),
    )
    made = await organiser.events.create(new)
    assert made.uuid == hexed(recorded.EVENT)
    assert [(each.pk, each.uuid, each.title) for each in made.ticket_types] == [
        (41, "", "Standard"),
        (42, "", "VIP"),
    ]


async def test_settings_go_back_as_they_were_but_for_what_was_changed(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers = {
        f"GET events/{EVENT}/": recorded.SINGLE_EVENT | {"ticket_types": []},
        f"GET events/{EVENT}/ticket-types/": recorded.TICKET_TYPES,
        f"POST events/{EVENT}/": {},
    }
    await organiser.events.update(EVENT, settings=NestedEdit({"ticket_limit": 4}))
    (sent,) = script.writes
    assert isinstance(sent.body, dict)
    settings = recorded.SINGLE_EVENT["eventsettings"]
    assert isinstance(settings, dict)
    assert sent.body["eventsettings"] == settings | {"ticket_limit": 4}
    standard, hoodie = sent.body["ticket_types"]
    assert (standard["pk"], standard["amount_total"], hoodie["pk"]) == (40, 200, 41)
    assert not [row for row in (standard, hoodie) if {"amount", "amount_left"} & set(row)]


def test_what_lies_in_baskets() -> None:
    standard, hoodie = read_types(recorded.TICKET_TYPES)
    assert (standard.amount, standard.in_baskets, standard.fee) == (100, 3, Decimal("3.90"))
    assert hoodie.in_baskets is None
    assert standard.as_ticket_type().in_baskets == 3


def test_questions_of_a_collection_that_is_off_are_off() -> None:
    (part,) = read_collections(recorded.QUESTIONS)
    assert not part.active
    (asked,) = part.as_questions()
    assert (asked.active, asked.ticket_type) == (False, "Hoodie, L")
    assert [choice.label for choice in asked.choices] == ["Stor"]


def test_answers_say_what_was_chosen_though_it_is_gone() -> None:
    size, name, phone = read_answers(EVENT, "ticket")({"answers": recorded.ANSWERS})
    assert (size.choices, size.headings) == ((hexed(recorded.GONE_SIZE),), ("Medium",))
    assert (name.value, phone.value) == ("Anna Maria Kjær", "+45 42424242")


def test_one_order_alone_names_everyone_on_it() -> None:
    order = read_order(recorded.SHORT_ORDER)
    anna, bo = hexed(recorded.ANNA), hexed(recorded.BO)
    assert order.as_order().party == (OrderTicket(anna), OrderTicket(bo))
    assert [each.full_name for each in order.people] == ["Anna Kjær", "Bo Kjær"]
    assert (order.event_uuid, order.order_id, order.created, order.pdf) == (None, "", None, "")


def paid(told: dict[str, object]) -> tuple[OrderDetails, Decimal | None]:
    order = read_order(told)
    assert order.as_order().total == order.total
    return order, order.total


def test_what_was_paid_is_the_sum_of_the_tickets() -> None:
    order, total = paid(recorded.LISTED_ORDER)
    assert total == Decimal("342.50")
    (line,) = order.lines
    assert (line.total, line.discount, line.gift_cards) == (
        Decimal("590.00"),
        Decimal("147.50"),
        Decimal("100.00"),
    )
    assert line.paid == Decimal("342.50")
    assert (order.discount_code, order.payment_method) == ("EARLY", "STRIPE_CONNECT")
    assert order.pdf.endswith("/tickets-as-pdf/")
    anna, _ = order.people
    assert (anna.company_name, anna.ticket_type) == ("Ropes ApS", "Standard")
    assert [each.shown for each in anna.answers] == ["Medium", "Anna Maria Kjær", "+45 42424242"]
    assert len(order.as_event_order(EVENT).tickets) == 2


def test_a_code_that_paid_all_leaves_nothing() -> None:
    order, total = paid(recorded.PAID_BY_A_CODE)
    assert (total, order.discount_code) == (Decimal("0.00"), "CREW")


def test_a_refund_of_one_ticket_is_none_of_the_order() -> None:
    order, _ = paid(recorded.PARTLY_REFUNDED)
    door = order.as_order()
    assert (door.partly, door.refunded, door.status) == (True, False, OrderStatus.PAID)
    assert order.refunded_total == Decimal("171.25")
    assert [each.refunded for each in order.as_event_order(EVENT).tickets] == [False, True]


async def test_a_sentence_is_a_text(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers["GET whitelabel/newsletters/?format=xlsx"] = reply(
        recorded.NEWSLETTER_SENTENCE.encode(), kind="text/html; charset=utf-8"
    )
    told = await organiser.exports.newsletters("xlsx")
    assert told.sentence == (
        "Email with newsletter data will be sent to desk@example.com & nobody else"
    )
