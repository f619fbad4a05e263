"""The guest list: its order, who is in, and who is not to be let in."""

from decimal import Decimal

import pytest

from boxoffice.domain.admission_rules import DoorPolicy
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.guest_list import GuestList, family_first, list_guests
from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.models import Address, Order, Ticket
from boxoffice.domain.sale import Taking, TakingKind
from boxoffice.domain.verdicts import VerdictCode
from tests.printing.samples import AT, EVENT

POLICY = DoorPolicy(
    extras=frozenset({"t-shirt"}), highlights=HighlightPolicy(attention=frozenset({"vip"}))
)
TICKETS = [
    Ticket("1" * 32, EVENT.uuid, False, full_name="Åse Øster", ticket_type="VIP"),
    Ticket("2" * 32, EVENT.uuid, True, full_name="Bo Hansen", ticket_type="T-shirt"),
    Ticket("3" * 32, EVENT.uuid, True, full_name="Anna Hansen", company_name="Acme"),
    Ticket("4" * 32, EVENT.uuid, False, full_name="Cy Zeta", order="a" * 32),
    Ticket("5" * 32, EVENT.uuid, False, refunded=True, full_name="Di Cruz"),
    Ticket("6" * 32, EVENT.uuid, False),
]
ORDERS = {"a" * 32: Order("a" * 32, EVENT.uuid, state="NEW", address=Address(business_name="Biz"))}


def listed(*takings: Taking, sold: tuple[str, ...] = ()) -> GuestList:
    let_in = {"1" * 32: AT}
    return list_guests(
        EVENT,
        TICKETS,
        now=AT,
        read_at=AT,
        let_in=let_in,
        orders=ORDERS,
        takings=takings,
        sold=sold,
        policy=POLICY,
    )


def taking(kind: TakingKind) -> Taking:
    of = "North", "Anna", EVENT.uuid, kind, PaymentMethod.CASH, Decimal(100), "DKK", None
    return Taking(1, AT, *of, order="a" * 32)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Hansen", "Hansen, Anna"),
        ("Maria de la Cruz", "Cruz, Maria de la"),
        ("Cher", "Cher"),
        ("", ""),
        ("王 小明", "王 小明"),
        ("김 민준", "김 민준"),
        ("Guest of Anna (2)", "Guest of Anna (2)"),
        ("Hansen, Anna", "Hansen, Anna"),
    ],
)
def test_the_family_name_comes_first_where_there_is_one(name: str, first: str) -> None:
    assert family_first(name) == first


def test_it_is_in_the_order_of_the_family_names() -> None:
    names = [guest.name for guest in listed().guests]
    assert names == ["Cruz, Di", "Hansen, Anna", "Hansen, Bo", "Øster, Åse", "Zeta, Cy", ""]


def test_who_is_in_and_how_many() -> None:
    guests = listed()
    states = {guest.name: (guest.is_in, guest.in_at) for guest in guests.guests}
    assert states["Øster, Åse"] == (True, AT)
    assert states["Hansen, Anna"] == (True, None)
    assert states["Zeta, Cy"] == (False, None)
    assert (guests.expected, guests.arrived) == (3, 2)  # neither refunded, nor unpaid, nor a shirt


def test_who_stands_out_and_who_is_not_to_be_let_in() -> None:
    guests = {guest.name: guest for guest in listed().guests}
    assert [name for name, guest in guests.items() if guest.is_vip] == ["Øster, Åse"]
    assert [name for name, guest in guests.items() if guest.is_extra] == ["Hansen, Bo"]
    refused = {name: guest.refused for name, guest in guests.items() if guest.refused}
    assert refused == {"Cruz, Di": VerdictCode.REFUNDED, "Zeta, Cy": VerdictCode.NOT_PAID}
    companies = {name: guest.company for name, guest in guests.items() if guest.company}
    assert companies == {"Hansen, Anna": "Acme", "Zeta, Cy": "Biz"}


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [
        ((TakingKind.PAYMENT,), None),
        ((TakingKind.PAYMENT, TakingKind.PAYMENT_BACK), VerdictCode.NOT_PAID),
    ],
)
def test_what_was_paid_at_the_door_counts(
    kinds: tuple[TakingKind, ...], refused: VerdictCode | None
) -> None:
    guests = listed(*map(taking, kinds)).guests
    assert next(guest for guest in guests if guest.name == "Zeta, Cy").refused is refused


def test_what_was_sold_here_counts_as_paid() -> None:
    guests = listed(sold=("a" * 32,)).guests
    assert next(guest for guest in guests if guest.name == "Zeta, Cy").refused is None
