"""What a site's answer has to show before something is said to be made, or not made before."""

from collections.abc import AsyncIterator

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.manage import Desk, for_create
from boxoffice.ticketbutler import Refused, Ticketbutler
from boxoffice.ticketbutler.errors import Unreadable
from tests.manage.stage import NEW, not_here, value
from tests.support import FakeClock
from tests.ticketbutler.raw import KEY, listening
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer

ADDRESS = {"first_name": "Anna", "last_name": "Berg", "email": "anna@example.com"}
OLD, NEWEST = "2026-01-01T12:00:00+01:00", "2026-05-01T12:00:00+02:00"
TICKET = {"id": 1, "full_name": "Anna Berg", "checked_in": False}


@pytest.fixture
async def site() -> AsyncIterator[ScriptedServer]:
    async with listening(ScriptedServer()) as server:
        yield server


@pytest.fixture
async def desk(site: ScriptedServer, clock: FakeClock) -> AsyncIterator[Desk]:
    async with Ticketbutler(site.url, SecretStr(KEY), clock=clock) as client:
        yield Desk(client, not_here)


@pytest.mark.parametrize(
    ("kind", "path", "told"),
    [
        ("discounts", "discount-code/", []),
        ("discounts", "discount-code/", [{"id": 3, "code": "OTHER", "amount": "5.00"}]),
        ("questions", "ticket-type-questions/", []),
    ],
)
async def test_what_the_answer_does_not_show_is_not_said_to_be_made(
    site: ScriptedServer, desk: Desk, kind: str, path: str, told: list[object]
) -> None:
    place = f"events/{EVENT}/{path}"
    site.answers = {
        f"GET {place}": [],
        f"GET events/{EVENT}/purchase-questions/": [],
        f"POST {place}": told,
    }
    resource = desk.resources[kind]
    with pytest.raises(Unreadable) as caught:
        await value(resource.create(EVENT, for_create(resource, NEW[kind])))
    assert len(site.writes) == 1
    assert caught.value.maybe_applied
    assert caught.value.sentence.startswith("The site took it, but does not show it: look at the")


def _row(uuid: str, created: str, email: str, tickets: int) -> dict[str, object]:
    rows = [TICKET | {"uuid": f"{at}" * 32} for at in range(1, tickets + 1)]
    address = ADDRESS | {"email": email}
    return {"uuid": uuid, "order_id": "dZy1", "created": created, "state": "PAID"} | {
        "address": address,
        "email": email,
        "tickets": rows,
    }


@pytest.mark.parametrize(("mark", "goes"), [("till-7", False), ("till-8", True)])
async def test_an_external_id_counts_however_old_its_order_is(
    site: ScriptedServer, desk: Desk, mark: str, goes: bool
) -> None:
    others = [_row("2" * 32, NEWEST, "bo@example.com", 2), _row("3" * 32, OLD, "anna@x.com", 1)]
    site.answers = {
        f"GET events/{EVENT}/orders/": {
            "orders": [*others, _row(OTHER, OLD, "Anna@Example.com", 2)]
        },
        f"GET orders/{OTHER}/": _row(OTHER, OLD, "anna@example.com", 2)
        | {"external_order_id": "till-7"},
        f"GET events/{EVENT}/ticket-types/": [{"uuid": TYPE, "pk": 1, "title": "Standard"}],
    }
    orders = desk.resources["orders"]
    change = orders.create(EVENT, for_create(orders, NEW["orders"] | {"external_order_id": mark}))
    if goes:
        await change.prepare()
    else:
        with pytest.raises(Refused, match="placed"):
            await change.prepare()
    read = [each.line for each in site.asked if each.line.startswith("GET orders/")]
    assert read == [f"GET orders/{OTHER}/"]
