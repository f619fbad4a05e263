"""Orders between the client and the sandbox, in both dialects."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice.domain.models import Address, Answer, AnswerInput, Order, OrderTicket
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.text import clean
from boxoffice.sandbox import Dialect, Sandbox, data
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.models import Order as SandboxOrder
from boxoffice.ticketbutler import Forbidden, KeyRefused, NotFound, Refused, Ticketbutler
from tests.support import FakeClock, both_dialects

ANNA = Address("Anna", "Kjær", "anna@example.com", phone="+45 42 42 42 42")


async def sell(
    client: Ticketbutler, event: SandboxEvent, *amounts: int, external: str = "BX-door-1"
) -> Order:
    """Place an order of so many tickets of each type."""
    types = zip(event.ticket_types, amounts, strict=False)
    wanted = [(each.uuid, amount) for each, amount in types if amount]
    placed = await client.orders.create(
        event.uuid, address=ANNA, amounts=wanted, external_order_id=external
    )
    return placed.as_order()


def named(order: SandboxOrder) -> tuple[OrderTicket, ...]:
    """Those on it, as the dialect `live` names them: by ticket type."""
    types = dict.fromkeys(ticket.ticket_type for ticket in order.tickets)
    return tuple(
        OrderTicket(ticket.uuid)
        for kind in types
        for ticket in order.tickets
        if ticket.ticket_type is kind
    )


@both_dialects
async def test_order(client: Ticketbutler, sandbox: Sandbox, dialect: Dialect) -> None:
    for ticket in sandbox.examples().values():
        order = ticket.order
        buyer = f"{order.address['first_name']} {order.address['last_name']}"
        assert await client.orders.get(order.uuid) == Order(
            order.uuid,
            order.event.uuid,
            order.order_id,
            order.state,
            order.refunded,
            clean(buyer),
            clean(order.address["email"]),
            external_order_id=None,
            address=Address(
                first_name=clean(order.address["first_name"]),
                last_name=clean(order.address["last_name"]),
                email=clean(order.address["email"]),
                phone=clean(order.address["phone"]),
            ),
            created=order.created,
            pdf_url=f"{sandbox.url}/da/purchase/{order.uuid}/tickets-as-pdf/",
            party=named(order) if dialect == "live" else None,
        )


@both_dialects
async def test_an_order_is_placed(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, dialect: Dialect
) -> None:
    left = [each.amount_left for each in tonight.ticket_types]
    order = await sell(client, tonight, 2, 1)
    placed = sandbox.state.orders[order.uuid]
    assert order == Order(
        placed.uuid,
        tonight.uuid,
        placed.order_id,
        "PAID",
        full_name="Anna Kjær",
        email=ANNA.email,
        external_order_id="BX-door-1",
        address=ANNA,
        created=placed.created,
        pdf_url=f"{sandbox.url}/da/purchase/{placed.uuid}/tickets-as-pdf/",
    )
    assert placed.total == 2 * Decimal(295) + 195
    now = [each.left for each in await client.ticket_types.list(tonight.uuid)]
    assert now[:2] == [left[0] - 2, left[1] - 1]
    again = await client.orders.get(order.uuid)
    assert again.external_order_id == ("BX-door-1" if dialect == "live" else None)
    assert again == order._replace(
        external_order_id=again.external_order_id,
        party=named(placed) if dialect == "live" else None,
    )


@both_dialects
async def test_what_cannot_be_sold_is_refused_with_a_sentence(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent, clock: FakeClock
) -> None:
    standard, student, _balcony, dinner, volunteer = tonight.ticket_types
    tonight.ticket_limit = 4
    volunteer.active = False
    student.members_only = True
    dinner.sales_start = clock.now() + timedelta(hours=1)
    standard.amount_total = standard.amount_sold + 3
    *_, past = sandbox.state.events.values()
    orders = len(sandbox.state.orders)

    async def refusal(event: SandboxEvent, *amounts: int) -> str:
        with pytest.raises(Refused) as caught:
            await sell(client, event, *amounts)
        assert not caught.value.maybe_applied
        return caught.value.sentence

    assert (await refusal(tonight, 4)).startswith("Not enough tickets are left")
    dinner.sales_start = None
    dinner.sales_end = clock.now()
    assert "Select at most 4 tickets" in await refusal(tonight, 3, 0, 0, 2)
    dinner.sales_end = clock.now() - timedelta(minutes=1)
    for place, title in enumerate(["Student", "", "Dinner & concert", "Volunteer"], 1):
        amounts = [0] * 5
        amounts[place] = 1
        sentence = await refusal(tonight, *amounts)
        if title:
            assert f"{title} is not on sale" in sentence
        else:
            assert sentence.startswith("Not enough tickets are left")
    assert "is over" in await refusal(past, 1)
    assert len(sandbox.state.orders) == orders
    await sell(client, tonight, 3)


@both_dialects
async def test_an_event_paid_by_vouchers(client: Ticketbutler, tonight: SandboxEvent) -> None:
    tonight.vouchers = 2
    with pytest.raises(Refused, match="400") as caught:
        await sell(client, tonight, 3)
    assert caught.value.sentence.startswith("Not enough vouchers are left")
    await sell(client, tonight, 2)
    await sell(client, tonight, 0, 0, 0, 0, 1)
    with pytest.raises(Refused):
        await sell(client, tonight, 1)


@both_dialects
async def test_what_the_buyer_lacks_is_named(client: Ticketbutler, tonight: SandboxEvent) -> None:
    for address, name in [
        (Address("Anna", "", "anna@example.com"), "last_name"),
        (Address("Anna", "Kjær", "nowhere"), "email"),
    ]:
        with pytest.raises(Refused) as caught:
            await client.orders.create(
                tonight.uuid,
                address=address,
                amounts=[(tonight.ticket_types[0].uuid, 1)],
                external_order_id="x",
            )
        assert caught.value.sentence.startswith("The site does not take the order's details: ")
        assert name in caught.value.sentence


@both_dialects
async def test_the_last_five_are_never_sold_twice(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    standard = tonight.ticket_types[0]
    standard.amount_total = standard.amount_sold + 5
    sandbox.faults.set("latency=0.0", path="orders/")
    async with Ticketbutler(sandbox.url, SecretStr(sandbox.token)) as other:
        told = await asyncio.gather(
            *(
                sell(each, tonight, 3, external=f"BX-{lane}-1")
                for lane, each in (("a", client), ("b", other))
            ),
            return_exceptions=True,
        )
    assert sorted(type(each).__name__ for each in told) == ["Order", "Refused"]
    assert standard.amount_left == 2


@both_dialects
async def test_the_buyer_is_corrected(client: Ticketbutler, sandbox: Sandbox) -> None:
    order = sandbox.examples()["plain"].order
    order.address |= {"street": "Havnen 1", "city": "København"}
    before = (await client.orders.get(order.uuid)).address
    assert before.street == "", "an order does not tell it"
    after = Address("[b]Åse[/]", "Ø\u202e", "aase@example.com", phone=before.phone, city="Aarhus")
    told = await client.orders.patch(order.uuid, after, before=before)
    assert told.address.city == "Aarhus"
    assert told.address.street == "Havnen 1", "it was not sent, so it stays"
    assert told.address.last_name == "Ø"
    assert (told.full_name, told.email) == ("[b]Åse[/] Ø", "aase@example.com")
    assert told.total == order.total
    assert order.address["last_name"] == "Ø\u202e"
    whole = await client.orders.patch(order.uuid, Address("A", "B", "a@example.com"))
    assert whole.address == Address("A", "B", "a@example.com")
    sent = sandbox.log.find("PATCH", "orders/*/")[-1].data
    assert sent == {"address": asdict(Address("A", "B", "a@example.com"))}


@both_dialects
async def test_a_refund(client: Ticketbutler, sandbox: Sandbox) -> None:
    order = sandbox.examples()["party"].order
    refunded = await client.orders.refund(order.uuid)
    assert (refunded.uuid, refunded.refunded, refunded.state) == (order.uuid, True, "REFUND")
    assert refunded.total == order.total
    assert order.refunded
    assert (await client.orders.get(order.uuid)).refunded
    assert all([(await client.tickets.get(each.uuid)).refunded for each in order.tickets])
    with pytest.raises(Refused) as caught:
        await client.orders.refund(order.uuid)
    assert caught.value.sentence == "This order has already been refunded."


@both_dialects
async def test_a_key_that_may_not_refund(client: Ticketbutler, sandbox: Sandbox) -> None:
    order = sandbox.examples()["plain"].order
    sandbox.state.may_refund = False
    with pytest.raises(Forbidden) as caught:
        await client.orders.refund(order.uuid)
    assert caught.value.sentence.startswith("The key may not refund orders")
    assert not order.refunded
    assert not (await client.orders.get(order.uuid)).refunded
    async with Ticketbutler(sandbox.url, SecretStr("wrong")) as stranger:
        with pytest.raises(KeyRefused):
            await stranger.orders.get(order.uuid)


@both_dialects
async def test_a_buyers_answers(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    needed = data.question(sandbox.state, "Which table?", "TEXT", required=True)
    tonight.purchase_questions.append(needed)
    order = await sell(client, tonight, 1)
    placed = sandbox.state.orders[order.uuid]
    assert needed in sandbox.state.unanswered(placed)
    asked = {each.heading: each for each in await client.questions.list_for_buyers(tonight.uuid)}
    assert asked["Which table?"].required
    assert await client.orders.answers(order.uuid) == []
    heard = asked["How did you hear of us?"]
    given = [
        AnswerInput(needed.uuid, "By the stage"),
        AnswerInput(heard.uuid, heard.choices[1].uuid),
        AnswerInput(asked["Guess the number of lanterns"].uuid, "42"),
    ]
    stored = await client.orders.answer(order.uuid, given)
    assert {each.question: each.value or each.choices for each in stored} == {
        needed.uuid: "By the stage",
        heard.uuid: (heard.choices[1].uuid,),
        given[2].question: "42",
    }
    assert stored[0] == Answer(needed.uuid, "Which table?", "By the stage")
    assert await client.orders.answers(order.uuid) == stored
    assert await client.orders.answer(order.uuid, given) == stored, "twice is as good as once"
    assert needed not in sandbox.state.unanswered(placed)
    with pytest.raises(Refused):
        await client.orders.answer(order.uuid, [AnswerInput(needed.uuid, "")])


@both_dialects
async def test_all_orders_of_an_event(client: Ticketbutler, tonight: SandboxEvent) -> None:
    mine = await sell(client, tonight, 2, 1)
    told = {each.order.uuid: each for each in await client.orders.list(tonight.uuid)}
    assert list(told) == [each.uuid for each in tonight.orders]
    assert told[mine.uuid].order.total == Decimal("785.00")
    for placed in tonight.orders:
        check_order(told[placed.uuid].order, placed)
        each = told[placed.uuid]
        assert each.currency == "DKK"
        assert [ticket.uuid for ticket in each.tickets] == [t.uuid for t in placed.tickets]
        assert {ticket.order for ticket in each.tickets} == {placed.uuid}
        assert {ticket.event for ticket in each.tickets} == {tonight.uuid}


def check_order(told: Order, placed: SandboxOrder) -> None:
    assert (told.event, told.order_id, told.state) == (
        placed.event.uuid,
        placed.order_id,
        placed.state,
    )
    assert told.total == placed.total
    assert told.refunded == placed.refunded
    assert told.created == placed.created
    assert told.address.email == clean(placed.address["email"])


@both_dialects
async def test_the_sites_own_pdf(
    client: Ticketbutler, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    for order in (sandbox.examples()[name].order for name in ("party", "hostile", "plain")):
        content = await client.orders.pdf(await client.orders.get(order.uuid))
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        assert all(each.uuid.encode() in content for each in order.tickets)
    assert sandbox.log.count("GET", "/da/purchase/*/tickets-as-pdf/") == 3
    elsewhere = Order(order.uuid, pdf_url="https://evil.example/pdf")
    with pytest.raises(NotFound) as caught:
        await client.orders.pdf(elsewhere)
    assert "https://evil.example/pdf" in caught.value.sentence
    async with Ticketbutler(sandbox.url, SecretStr("wrong")) as stranger:
        with pytest.raises(KeyRefused):
            await stranger.orders.pdf(await client.orders.get(order.uuid))


@both_dialects
async def test_no_such_order(client: Ticketbutler) -> None:
    nobody = "0" * 32
    for asked in (
        client.orders.patch(nobody, ANNA),
        client.orders.refund(nobody),
        client.orders.answers(nobody),
        client.orders.answer(nobody, []),
    ):
        with pytest.raises(NotFound) as caught:
            await asked
        assert caught.value.sentence == "The site has no such order: refresh the list."
    with pytest.raises(NotFound):
        await client.orders.list(nobody)
