"""Lists of guests that are small enough to be known by heart."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import LocalStatus, Roster
from boxoffice.domain.search_texts import OrderTexts

EVENT = "e" * 32
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS = LocalStatus(admitted_at=NOON, waiting=True)


def uuid(number: int) -> str:
    return f"{number:032x}"


def ticket(which: int, name: str = "", **values: Any) -> Ticket:
    made = Ticket(uuid(which), EVENT, False, full_name=name, number=1000 + which)
    return made._replace(**values)


PEOPLE = [
    ticket(1, "Søren Sørensen", email="ss@firma.dk"),
    ticket(2, "Anna Ågård", email="familie.holm@gmail.com", order=uuid(90)),
    ticket(3, "Bo Holm", email="familie.holm@gmail.com", order=uuid(90)),
    ticket(4, "Anne-Marie O'Brien", email="amob@example.com", external_uuid="EXT-77"),
    ticket(5, "Jürgen Müller", number=204, url="nz9lb"),
    ticket(6, "Åse Strauß", number=None, order=uuid(91)),
    ticket(7, "", email="nobody@example.com", number=1),
    ticket(8, "Hans Jensen", number=1040),
    ticket(9, "Hans Jensen", number=1039),
]
DANISH = [
    *("Zoe Ærø", "Abe", "Álvarez", "Andersen", "Müller", "Munk", "Zoe", "Ähler", "Ørsted"),
    *("Øst", "Aage", "Ågård", "😀"),
]
ORDERS = {uuid(90): OrderTexts("dZy1"), uuid(91): OrderTexts("DZY1")}


@pytest.fixture
def roster() -> Roster:
    return Roster(PEOPLE, orders=ORDERS)


def numbers(uuids: Iterable[str]) -> list[int]:
    return [int(found, 16) for found in uuids]


OF_ORDER = OrderTexts("dZy1", "BX-North-12", "Åge Buyer", "pay@acme.dk", "+45 12 34-56 78", "Acme")
OTHERS = OrderTexts("kLm2", phone="0046 70 123 45 67")


@pytest.fixture
def guests() -> Roster:
    """Two on one order, one on another, one of which nothing is known."""
    return Roster(
        [
            ticket(1, "Ida", order=uuid(90), ticket_type="VIP balcony"),
            ticket(2, "Bo", order=uuid(90), ticket_type="Standard", email="vip@x.dk"),
            ticket(3, "Stan", order=uuid(91), ticket_type="Standard", company_name="Øst ApS"),
            ticket(4, "Eva", ticket_type="Standard", number=30012),
        ],
        orders={uuid(90): OF_ORDER, uuid(91): OTHERS},
        answers={uuid(3): ("Vegan", "Øl & vin", "+45 98 76 54 32"), uuid(77): ("Vegan",)},
    )
