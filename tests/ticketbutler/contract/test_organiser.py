"""Changes of events against the sandbox, which removes what a client forgets to send."""

from decimal import Decimal
from typing import Any

import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.state import Role
from boxoffice.ticketbutler import (
    Exchange,
    Forbidden,
    KeyRefused,
    NoAnswer,
    Refused,
    Ticketbutler,
)
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.edits import Increment
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails
from boxoffice.ticketbutler.resources.webhooks import NewWebhook
from tests.support import both_dialects

CODE = NewDiscountCode(code="SOMMER", amount=Decimal("50.00"), usage_tickets_limit=3)


def types_of(event: SandboxEvent) -> list[tuple[object, ...]]:
    return [
        (e.uuid, e.pk, e.title, e.price, e.amount_total, e.amount_sold, e.active, e.members_only)
        for e in event.ticket_types
    ]


@both_dialects
async def test_a_change_of_an_event_leaves_everything_else(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    tonight.ticket_types[1].active = False
    tonight.ticket_types[2].description = "Up the stairs\nand left"
    before = types_of(tonight)
    venue, limit = tonight.venue, tonight.ticket_limit
    for fields in (
        {"summary": "One line"},
        {"members_only": True},
        {"start": tonight.start.replace(hour=20)},
        {"description": "<b>Hej</b>\n"},
    ):
        await client.events.update(tonight.uuid, **fields)
        assert types_of(tonight) == before
    assert (tonight.venue, tonight.ticket_limit) == (venue, limit)
    assert tonight.ticket_types[2].description == "Up the stairs\nand left"
    assert (tonight.summary, tonight.members_only) == ("One line", True)


@both_dialects
async def test_parts_of_an_event_change_by_themselves(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    told = await client.events.get_details(tonight.uuid)
    changed = await client.events.update(
        tonight.uuid,
        venue=told.venue.replace(venue="Havnehallen"),
        settings=told.settings.replace(ticket_limit=4, refund_email_text="Sorry"),
    )
    assert (tonight.venue, tonight.ticket_limit) == ("Havnehallen", 4)
    assert changed.venue == told.venue.replace(venue="Havnehallen")
    assert changed.settings.ticket_limit == 4
    assert tonight.settings["refund_email_text"] == "Sorry"


@both_dialects
async def test_a_request_says_what_would_be_sent_and_sends_nothing(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    title = tonight.title
    change = client.events.update(tonight.uuid, title="Another")
    prepared = await change.prepare()
    assert (prepared.call.method, prepared.call.target) == (
        "POST",
        f"/api/v3/events/{tonight.uuid}/",
    )
    assert [(e.name, e.label, e.after) for e in prepared.differences] == [
        ("title", "Title", "Another")
    ]
    body = prepared.call.body
    assert isinstance(body, dict)
    assert set(body) == {"title", "ticket_types"}
    assert [each["pk"] for each in body["ticket_types"]] == [e.pk for e in tonight.ticket_types]
    assert tonight.title == title
    assert not sandbox.log.count("POST")
    await change
    assert tonight.title == "Another"
    assert sandbox.log.find("POST")[0].data == body


@both_dialects
async def test_what_was_added_since_the_request_stays_too(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    change = client.events.update(tonight.uuid, title="Another")
    await change.prepare()
    new = NewTicketType(title="Added by another", price=Decimal(10), amount_total=5)
    await client.ticket_types.create(tonight.uuid, new)
    await change
    assert "Added by another" in {each.title for each in tonight.ticket_types}


@both_dialects
async def test_ticket_types_left_out_stay_and_new_ones_are_made(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    before = types_of(tonight)
    new = TicketTypeDetails(title="New", price=Decimal("12.50"), amount_total=30)
    told = await client.events.update(tonight.uuid, ticket_types=(new,))
    assert types_of(tonight)[: len(before)] == before
    made = tonight.ticket_types[-1]
    assert (made.title, made.price, made.amount_total) == ("New", Decimal("12.50"), 30)
    assert told.ticket_types[-1].pk == made.pk


@both_dialects
async def test_a_ticket_sold_meanwhile_does_not_make_more_of_them(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    first = tonight.ticket_types[0]
    total = first.amount_total
    address = {"first_name": "A", "last_name": "B", "email": "a@example.com"}

    sold = first.amount_sold
    change = await client.events.update(tonight.uuid, summary="Louder!").prepare()
    # Between the read and the write somebody buys two.
    sandbox.state.sell(tonight, address, [(first, 2)], None)
    told = await change.send()
    assert first.amount_sold == sold + 2
    assert first.amount_total == total
    assert told.ticket_types[0].amount_total == total
    assert not sandbox.log.count("PATCH")


@both_dialects
async def test_fields_beside_the_update_of_a_type_go_through_the_event(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    before = types_of(tonight)
    first = tonight.ticket_types[0]
    told = await client.ticket_types.update(
        tonight.uuid, first.uuid, active=False, amount_total=first.amount_total + 7
    )
    assert (first.active, first.amount_total) == (False, told.amount_total)
    assert not told.active
    assert types_of(tonight)[1:] == before[1:]
    assert sandbox.log.count("PATCH") == 1
    await client.ticket_types.update(tonight.uuid, first.uuid, active=True)
    assert first.active


@both_dialects
async def test_stock_is_set_by_what_is_left_or_by_the_total(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    first = tonight.ticket_types[0]
    told = await client.ticket_types.update(tonight.uuid, first.uuid, amount=70)
    assert first.amount_left == told.amount == 70
    assert told.amount_total == first.amount_total == first.amount_sold + 70
    more = await client.ticket_types.update(tonight.uuid, first.uuid, amount=Increment(5))
    assert first.amount_left == more.amount == 75
    with pytest.raises(Refused, match="amount") as caught:
        await client.ticket_types.update(tonight.uuid, first.uuid, amount=1, amount_total=500)
    assert caught.value.sentence == "Give the total or what is left, not both."
    with pytest.raises(Refused):  # fewer than are sold
        await client.ticket_types.update(tonight.uuid, first.uuid, amount_total=1)
    assert first.amount_left == 75


@both_dialects
async def test_what_a_sold_type_does_not_allow(client: Ticketbutler, tonight: SandboxEvent) -> None:
    sold = next(each for each in tonight.ticket_types if each.amount_sold)
    price = sold.price
    with pytest.raises(Refused) as caught:
        await client.ticket_types.update(tonight.uuid, sold.uuid, price=price + 1)
    assert "sold" in caught.value.sentence
    with pytest.raises(Refused) as caught:
        await client.ticket_types.delete(tonight.uuid, sold.uuid)
    assert "tickets have been sold" in caught.value.sentence
    assert sold.price == price
    assert sold in tonight.ticket_types


@both_dialects
async def test_what_is_not_sent_at_all(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    organiser, first = client, tonight.ticket_types[0]
    title = (await organiser.events.get_details(tonight.uuid)).title
    nothing: list[PendingChange[Any]] = [
        organiser.events.update(tonight.uuid, title=title),
        organiser.ticket_types.update(tonight.uuid, first.uuid, active=first.active),
        organiser.events.delete(tonight.uuid, " oh  "),
        organiser.ticket_types.create(tonight.uuid, NewTicketType(title=" ")),
        organiser.discounts.create(None, []),
        organiser.discounts.create(None, [CODE.replace(code=" ")]),
        organiser.exports.orders_by_month(2026, 13),
        organiser.webhooks.create(NewWebhook(url="ftp://example.com")),
    ]
    for change in nothing:
        with pytest.raises(Refused) as caught:
            await change
        assert caught.value.sentence.endswith(".")
        assert not caught.value.maybe_applied
    for wrong in ({"uuid": "x"}, {"colour": "red"}, {"expired": True}):
        with pytest.raises(ValueError, match="not to be changed"):
            await organiser.events.update(tonight.uuid, **wrong)
    assert sandbox.log.count("GET") == sandbox.log.count()


@both_dialects
async def test_a_key_with_fewer_rights(client: Ticketbutler, sandbox: Sandbox) -> None:
    sandbox.state.role = Role.OBSERVER
    with pytest.raises(KeyRefused) as caught:
        await client.webhooks.list()
    assert isinstance(caught.value, Forbidden)
    assert "owner" in caught.value.sentence
    with pytest.raises(KeyRefused):
        await client.exports.newsletters()


@both_dialects
async def test_an_answer_that_is_lost_says_that_it_may_be_done(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, exchanges: list[Exchange]
) -> None:
    first = tonight.ticket_types[0]
    sandbox.faults.set("drop-after", method="PATCH")
    with pytest.raises(NoAnswer) as caught:
        await client.ticket_types.update(tonight.uuid, first.uuid, amount=99)
    assert caught.value.maybe_applied
    assert first.amount_left == 99
    assert sum(each.method == "PATCH" for each in exchanges) == 1
