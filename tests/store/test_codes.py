"""What single reads tell beside the list, and what of it is still to be read."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from boxoffice.domain.models import CodesKnown, Order, OrderTicket, Ticket
from boxoffice.domain.sale import SaleState
from boxoffice.store import Journal, RosterStore, orders, sales, tickets
from tests.store.sale_support import cart
from tests.store.support import EVENT, ORDER, OTHER_EVENT, pull, ticket, uuid
from tests.support import EVENING


def read(number: int, *, order: str | None = None) -> Ticket:
    """As a single read tells it: in, whatever the list says."""
    return ticket(number, checked_in=True, event="")._replace(
        order=order, url=f"t{number}", external_uuid=f"EXT-{number}"
    )


async def unread(
    store: RosterStore, *besides: str, valid: Callable[[str], bool] = lambda _: True, most: int = 9
) -> list[int]:
    found, _ = await store.read_all(orders.unread, EVENT, valid=valid, besides=besides, most=most)
    return [int(each, 16) for each in found]


async def unread_orders(store: RosterStore) -> list[str]:
    _, found = await store.read_all(orders.unread, EVENT, valid=lambda _: True, besides=(), most=9)
    return found


async def test_a_read_tells_codes_and_not_whether_it_is_in(store: RosterStore) -> None:
    await pull(store, ticket(1), ticket(2))
    await store.write(orders.save_codes, read(1, order=ORDER))
    kept = ticket(1)._replace(order=ORDER, url="t1", external_uuid="EXT-1")
    assert await store.read(tickets.get, uuid(1)) == kept
    assert await unread(store) == [2]
    assert await store.read_all(orders.codes_known, EVENT) == CodesKnown(total=2, read=1)
    await store.write(orders.save_codes, read(3))
    assert await store.read(tickets.get, uuid(3)) is None


async def test_the_likeliest_come_first(store: RosterStore) -> None:
    rows = [
        ticket(1)._replace(refunded=True),
        ticket(2, checked_in=True),
        ticket(3)._replace(date="tomorrow"),
        ticket(4)._replace(date="today"),
        ticket(5),
        ticket(6, event=OTHER_EVENT),
    ]
    await pull(store, *rows[:5])
    await pull(store, rows[5], event=OTHER_EVENT)
    today = "today".__eq__
    assert await unread(store, valid=today) == [4, 5, 3, 2, 1]
    assert await unread(store, uuid(4), valid=today, most=2) == [5, 3]


async def test_an_order_tells_who_is_on_it(store: RosterStore) -> None:
    await pull(store, ticket(1), ticket(2), ticket(3))
    await store.write(orders.save_codes, read(1, order=ORDER))
    assert await unread_orders(store) == [ORDER]
    assert not await store.read(orders.all_orders_known, EVENT)
    party = (OrderTicket(uuid(1), None, None, "Acme ApS"), OrderTicket(uuid(2), "EXT-2", "t2"))
    await store.write(orders.save, Order(ORDER, EVENT, "dZy1", "PAID", party=party))
    assert await unread_orders(store) == []
    assert [each.uuid for each in await store.read(tickets.of_order, ORDER)] == [uuid(1), uuid(2)]
    assert await unread(store) == [3], "the order told all of the second's codes"
    assert await store.read_all(orders.codes_known, EVENT) == CodesKnown(
        total=3, read=2, ordered=2, whole=2
    )
    await pull(store, ticket(1), ticket(2), at=EVENING + timedelta(minutes=1))
    companies = [each.company_name for each in await store.read(tickets.of_order, ORDER)]
    assert companies == ["Acme ApS", None], "no list tells them, and none erases them"
    kept = await store.read(orders.get, ORDER)
    assert kept is not None
    assert [each.uuid for each in kept.party or ()] == [uuid(1), uuid(2)]
    await store.write(orders.save, Order(ORDER, EVENT, "", "PAID"))
    assert await store.read(orders.get, ORDER) == kept, "what an answer does not tell stays"


async def test_a_long_list_of_orders_overtakes_no_single_read(store: RosterStore) -> None:
    await pull(store, ticket(1), ticket(2))
    await store.write(orders.save, Order(ORDER, EVENT, "", "REFUND", refunded=True))
    party = (OrderTicket(uuid(1)),)
    other = Order(uuid(701), EVENT, "dZy2", "PAID", party=(OrderTicket(uuid(2)),))
    await store.write(orders.save_listed, [Order(ORDER, EVENT, "dZy1", "PAID", party=party), other])
    kept = await store.read(orders.get, ORDER)
    assert kept == Order(ORDER, EVENT, "dZy1", "REFUND", refunded=True, party=party)
    assert await store.read(orders.get, uuid(701)) == other
    assert await store.read(orders.all_orders_known, EVENT)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"full_name": "Another"}, True),
        ({"email": "x@example.com"}, True),
        ({"ticket_type": "VIP"}, True),
        ({"checked_in": True}, False),
        ({"refunded": True}, False),
    ],
)
async def test_a_row_that_changed_is_read_again(
    store: RosterStore, change: dict[str, object], again: bool
) -> None:
    await pull(store, ticket(1), ticket(2))
    for number in (1, 2):
        await store.write(orders.save_codes, read(number))
    await pull(store, ticket(1)._replace(**change), at=EVENING)  # type: ignore[arg-type]
    assert await unread(store) == ([1] if again else [])
    known = await store.read(tickets.get, uuid(1))
    assert known is not None
    assert known.url == "t1"


async def test_what_is_gone_or_may_be_old(store: RosterStore) -> None:
    await pull(store, ticket(1)._replace(order=ORDER), ticket(2))
    await store.write(orders.mark_read, [uuid(1), uuid(2), ORDER])
    assert await unread_orders(store) == []
    assert (await store.read_all(orders.codes_known, EVENT)).complete
    await store.write(orders.mark_unread, [uuid(2)])
    assert await unread(store) == [2]
    await pull(store, removed=[uuid(1), uuid(2)])
    await pull(store, ticket(1))
    assert await unread(store) == [1]


async def test_when_all_orders_were_asked_for(store: RosterStore) -> None:
    assert await store.read(orders.list_requested_at, EVENT) is None
    await store.write(orders.record_list_request, EVENT, EVENING)
    assert await store.read(orders.list_requested_at, EVENT) == EVENING
    assert await store.read(orders.list_requested_at, OTHER_EVENT) is None


async def test_what_another_computer_sold_under_a_lanes_name(
    store: RosterStore, journal: Journal
) -> None:
    marks = ("BX-North-1", "BX-North-7", "BX-North-2-1", "BX-Northern-3", "desk-0a1b", None)
    for number, mark in enumerate(marks):
        known = Order(uuid(800 + number), EVENT, external_order_id=mark)
        await store.write(orders.save, known)
    state = SaleState.SENDING
    await journal.write(sales.begin, cart(), state=state, unattended=True, after_number=None)
    sold = await store.read_all(orders.sold_as, sales.mark("North"))
    own = await journal.read_all(sales.sold_as, sales.mark("North"))
    assert (sold, own) == ({"BX-North-1", "BX-North-7"}, {"BX-North-1"})
