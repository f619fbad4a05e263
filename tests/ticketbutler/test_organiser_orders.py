"""What is written back of who ordered."""

import pytest

from boxoffice.ticketbutler import Ticketbutler
from tests.ticketbutler.scripted import EVENT, ScriptedServer

ADDRESS = {
    "first_name": " Anna ",
    "last_name": "Berg",
    "email": "anna@example.com",
    "business_name": "x" * 300,
    "postcode": 2000,
    "street": None,
    "of_the_future": 1,
}
ORDER = {"uuid": EVENT, "order_id": "dZy1", "state": "PAID", "address": ADDRESS}


async def test_what_is_not_changed_goes_back_as_the_site_said_it(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    path = f"orders/{EVENT}/"
    script.answers = {f"GET {path}": ORDER, f"PATCH {path}": ORDER}
    change = organiser.orders.update(EVENT, last_name="Bergh")
    (different,) = (await change.prepare()).differences
    assert (different.before, different.after) == ("Berg", "Bergh")
    await change
    (sent,) = script.writes
    assert sent.body == {
        "address": {
            "first_name": " Anna ",
            "last_name": "Bergh",
            "email": "anna@example.com",
            "business_name": "x" * 300,
            "postcode": 2000,
        }
    }


@pytest.mark.parametrize("told", [{"email": ""}, {"email": None}, {}])
async def test_the_order_s_own_e_mail_is_none_of_its_address(
    organiser: Ticketbutler, script: ScriptedServer, told: dict[str, object]
) -> None:
    path = f"orders/{EVENT}/"
    order = ORDER | {"email": "own@example.com", "address": {"first_name": "Anna", **told}}
    script.answers = {f"GET {path}": order, f"PATCH {path}": order}
    await organiser.orders.update(EVENT, phone="2")
    await organiser.orders.update(EVENT, email="own@example.com")
    assert [sent.body for sent in script.writes] == [
        {"address": {"first_name": "Anna", "phone": "2"}},
        {"address": {"first_name": "Anna", "email": "own@example.com"}},
    ]
