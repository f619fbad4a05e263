"""What the screens of orders and papers say and offer, without a terminal."""

from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from boxoffice.domain.models import Order, Ticket
from boxoffice.domain.party import Party
from boxoffice.domain.roster import LocalStatus, Row
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane.orders import OrderView
from boxoffice.screens.order_texts import ALREADY, NOT_FRESH, SHOWN, OrderTexts
from boxoffice.screens.printable import (
    FOUND_SOON,
    GIVEN_UP,
    LOOKING,
    NOT_KNOWN,
    NOT_PLACED,
    NOT_YET,
    NOTHING_TO_PRINT,
    UNKNOWN_HERE,
    PrintableTickets,
)
from boxoffice.screens.record import grid
from tests.printing.samples import AT, EVENT, UUID, sale
from tests.support import FakeClock

ORDER = Order("0" * 32, EVENT.uuid, "dZy1", "PAID", full_name="Anna Ærø")


def view(order: Order = ORDER, people: int = 2, inside: int = 0) -> OrderView:
    rows = tuple(
        Row(Ticket(f"{at:032x}", EVENT.uuid, at < inside, full_name=f"Guest {at}"), LocalStatus())
        for at in range(people)
    )
    return OrderView(
        order=order,
        party=Party(rows[0].ticket.uuid, order, rows, complete=True),
        questions=(),
        answers={},
        sale=None,
        amount=Decimal("300.00"),
        estimated=False,
        currency="DKK",
        confirmed=True,
    )


def texts(of: OrderView) -> OrderTexts:
    return OrderTexts(of, EVENT.zone, "da_DK")


@pytest.mark.parametrize(
    ("order", "state", "void"),
    [
        (ORDER, "paid", False),
        (ORDER._replace(state=""), "", False),
        (ORDER._replace(state="NEW"), "NOT PAID", True),
        (ORDER._replace(state="PENDING"), "NOT PAID (PENDING)", True),
        (ORDER._replace(refunded=True), "REFUNDED", True),
        (ORDER._replace(state="CANCELED"), "CANCELLED", True),
    ],
)
def test_how_an_order_stands(order: Order, state: str, void: bool) -> None:
    assert (texts(view(order)).state, texts(view(order)).void) == (state, void)


def test_when_an_order_can_be_refunded() -> None:
    refunded = view(ORDER._replace(refunded=True))
    assert texts(view()).why_no_refund == ""
    assert texts(replace(view(), confirmed=False)).why_no_refund == NOT_FRESH
    assert texts(refunded).why_no_refund == ALREADY
    assert texts(replace(refunded, to_note=True)).why_no_refund == ""


def test_what_a_refund_means() -> None:
    assert texts(view()).refund_question == "Refund order dZy1 of Anna Ærø?"
    assert texts(view(inside=1)).consequence == (
        "2 tickets, 300,00 kr. All of them become invalid. This cannot be taken back. "
        "1 of them is in already."
    )
    noted = replace(view(), to_note=True, amount=None)
    assert texts(noted).refund_question == "What goes back for order dZy1 of Anna Ærø?"
    assert texts(noted).consequence.startswith("2 tickets; what they cost is not known here.")


def test_a_long_order_is_counted() -> None:
    rows = texts(view(people=SHOWN + 12)).facts()
    assert rows[0] == ("State", "paid")
    assert sum("Guest" in text for _, text in rows) == SHOWN
    assert rows[-1] == (" ", "and 12 more")


def test_no_line_of_facts_ends_between_an_amount_and_its_currency() -> None:
    paid = "Cash · total 295,00\u00a0kr. · given 500,00\u00a0kr. · change 205,00\u00a0kr."
    console = Console(width=70, file=StringIO())
    console.print(grid([("Paid", paid)]))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert [line.strip() for line in shown.splitlines()] == [
        "Paid         Cash · total 295,00 kr. · given 500,00 kr. · change",
        "205,00 kr.",
    ]


def printable(clock: FakeClock, tickets: tuple[str, ...], of: Sale | None) -> PrintableTickets:
    return PrintableTickets(EVENT, tickets, of, clock)


@pytest.mark.parametrize(
    ("state", "sign", "sentence", "buttons"),
    [
        (SaleState.QUEUED, NOT_YET, NOT_PLACED, {"print_receipt": "Print slip, 80 mm"}),
        (SaleState.UNKNOWN, NOT_YET, NOT_KNOWN, {"print_receipt": "Print slip, 80 mm"}),
        (SaleState.SOLD, FOUND_SOON, LOOKING, {"print_receipt": "Print slip, 80 mm"}),
        (SaleState.DROPPED, GIVEN_UP, NOTHING_TO_PRINT, {}),
        (SaleState.REFUSED, GIVEN_UP, NOTHING_TO_PRINT, {}),
    ],
)
def test_a_sale_without_tickets(
    clock: FakeClock,
    state: SaleState,
    sign: str,
    sentence: str,
    buttons: dict[str, str],
) -> None:
    without = printable(clock, (), sale(state, tickets=()))
    assert (without.view().sign, without.view().state) == (tuple(sign.split()), sentence)
    assert without.view().code == ""
    assert without.buttons() == buttons


def test_tickets_are_shown_one_by_one(clock: FakeClock) -> None:
    two = printable(clock, (UUID, "f" * 32), sale(SaleState.DONE, tickets=(UUID,)))
    assert two.place == "← ticket 1 of 2 →"
    assert (two.view().code, two.view().sign) == (UUID, ())
    assert two.view().state == f"Check-in: {UNKNOWN_HERE}"
    assert two.buttons()["print_all"] == "Print all 2"
    assert two.buttons()["print_receipt"] == "Print receipt, 80 mm"
    two.turn(-1)
    assert two.view().code == "f" * 32
    assert two.papers() == []  # of neither more is known here than its code


def test_more_tickets_of_the_sale_are_taken_up(clock: FakeClock) -> None:
    sold = sale(SaleState.SOLD, tickets=())
    waiting = printable(clock, (), sold)
    assert not waiting.went_on(sold._replace(id=sold.id + 1))
    assert waiting.went_on(sold._replace(state=SaleState.DONE, tickets=(UUID,)))
    assert waiting.view().code == UUID
    receipt = waiting.receipt("North")
    assert receipt is not None
    assert receipt.at == AT
