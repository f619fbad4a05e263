"""The account's figures. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from boxoffice.domain.account import account
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.journal import QueueState
from boxoffice.domain.models import Ticket
from boxoffice.domain.sale import SaleState, Shift
from tests.domain.nights import (
    EMPTY,
    EVENT,
    NIGHT,
    NOW,
    PRICE,
    admission,
    hex_of,
    noted,
    row,
    sale,
    shift,
    site,
    taking,
    ticket,
)


def test_quarters_are_those_of_the_event_s_clock() -> None:
    nepal = replace(EVENT, timezone="Asia/Kathmandu")  # 5:45 ahead
    times = [NOW, NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)]
    night = replace(
        NIGHT,
        event=nepal,
        at=NOW.astimezone(nepal.zone),
        admissions=[admission(number, at=at) for number, at in enumerate(times)],
    )
    quarters = account(night, None).by_quarter
    assert [(f"{each.start:%H:%M}", each.admissions) for each in quarters] == [
        ("01:45", 2),
        ("02:00", 1),
    ]


def test_admitted_tickets_that_no_list_holds_are_counted() -> None:
    figures = account(replace(NIGHT, admissions=[admission(1)]), EMPTY)
    (unlisted,) = figures.by_type
    assert (unlisted.ticket_type, unlisted.here, unlisted.tickets) == ("", 1, 0)


def test_an_hour_that_comes_twice_has_its_quarters_twice() -> None:
    copenhagen = replace(EVENT, timezone="Europe/Copenhagen")
    twice = datetime(2026, 10, 25, 0, 20, tzinfo=UTC)  # 02:20, and once more an hour later
    night = replace(
        NIGHT,
        event=copenhagen,
        at=twice.astimezone(copenhagen.zone),
        admissions=[admission(number, at=twice + number * HOUR) for number in (1, 0, 1)],
    )
    quarters = account(night, None).by_quarter
    assert [(each.start.isoformat()[11:16], each.start.isoformat()[19:]) for each in quarters] == [
        ("02:15", "+02:00"),
        ("02:15", "+01:00"),
    ]
    assert [each.admissions for each in quarters] == [1, 2]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("shifts", "cash"),
    [
        ([], PRICE),
        ([shift(1, NOW - HOUR, taken=PRICE)], 500 + PRICE),
        ([shift(1, NOW - 9 * HOUR, NOW - 8 * HOUR)], 500 + PRICE),
        ([shift(1, NOW - 99 * HOUR, NOW - 90 * HOUR)], PRICE),
        ([shift(9, NOW + HOUR)], Decimal(500)),
        ([shift(1, NOW - HOUR, lane="South")], 500 + PRICE),
        ([shift(1, NOW - 99 * HOUR, taken=PRICE)], 500 + PRICE),
    ],
    ids=["no till", "in it", "before it", "another night", "after it", "other lane", "left open"],
)
def test_expected_cash(shifts: list[Shift], cash: Decimal) -> None:
    night = replace(
        NIGHT, shifts=shifts, takings=[taking(5, PRICE), taking(6, PRICE, PaymentMethod.CARD)]
    )
    figures = account(night, None)
    assert figures.expected_cash == cash
    assert figures.takings[PaymentMethod.CARD] == PRICE


@pytest.mark.parametrize(
    ("shifts", "cash", "taken_out"),
    [
        (
            [shift(1, NOW - 9 * HOUR, NOW, taken=PRICE, closed=6, counted=795), shift(7, NOW)],
            500,
            295,
        ),
        (
            [
                shift(1, NOW - 9 * HOUR, NOW, taken=PRICE, closed=6, counted=795),
                shift(7, NOW, NOW, opening=795, counted=790, taken=-100),
            ],
            695,
            0,
        ),
        (
            [shift(1, NOW - 9 * HOUR, NOW, counted=500), shift(6, NOW, opening=795)],
            795,
            0,
        ),
        (
            [
                shift(1, NOW - 9 * HOUR, NOW, taken=PRICE, closed=6, counted=795),
                shift(7, NOW, lane="South", opening=100),
            ],
            895,
            0,
        ),
        ([shift(1, NOW, taken=PRICE), shift(2, NOW, currency="EUR", lane="South")], 795, 0),
        # closed at midnight, by a clock that was an hour ahead of when the money came in
        ([shift(1, NOW - 9 * HOUR, NOW + HOUR)], 795, 0),
    ],
    ids=[
        "one float, the rest taken out",
        "handed over as it was",
        "sold between, and counted",
        "two lanes",
        "another currency",
        "clock set back",
    ],
)
def test_what_is_in_the_drawers_after_several_shifts(
    shifts: list[Shift], cash: int, taken_out: int
) -> None:
    night = replace(
        NIGHT, shifts=shifts, takings=[taking(5, PRICE), taking(8, PRICE, PaymentMethod.CARD)]
    )
    figures = account(night, None)
    assert (figures.expected_cash, figures.cash_taken_out) == (Decimal(cash), Decimal(taken_out))


@pytest.mark.parametrize(
    ("shifts", "amount"),
    [
        ([], PRICE),
        ([shift(1, NOW - HOUR)], 0),
        ([shift(1, NOW - HOUR, lane="South")], PRICE),
        ([shift(1, NOW - HOUR, currency="EUR")], PRICE),
        ([shift(1, NOW - HOUR, NOW)], PRICE),
        ([shift(9, NOW - HOUR)], PRICE),
        ([shift(1, NOW - 99 * HOUR)], 0),
    ],
    ids=["no till", "in it", "other lane", "other coins", "closed", "opened later", "left open"],
)
def test_cash_in_no_till(shifts: list[Shift], amount: Decimal) -> None:
    card = taking(6, PRICE, PaymentMethod.CARD)
    night = replace(NIGHT, shifts=shifts, takings=[taking(5, PRICE), card, taking(7, Decimal(0))])
    assert account(night, None).not_in_a_till == amount


def test_a_till_belongs_to_the_event_that_it_was_opened_for() -> None:
    own = shift(1, NOW + 99 * HOUR, event=EVENT.uuid)
    other = shift(2, NOW, event="f" * 32)
    assert account(replace(NIGHT, shifts=[own, other]), None).shifts == (own,)


def test_what_is_handed_out_is_no_admission() -> None:
    tickets = {
        hex_of(number): Ticket(hex_of(number), EVENT.uuid, True, ticket_type=kind)
        for number, kind in ((1, "Standard"), (2, "T-Shirt"))
    }
    both = [admission(1), admission(2)]
    extras = frozenset({"t-shirt"})
    figures = account(replace(NIGHT, tickets=tickets, admissions=both, extras=extras), None)
    assert (figures.admissions, figures.inside, figures.tickets) == (1, 1, 1)
    assert figures.by_lane == {"North": 1}
    assert sum(each.admissions for each in figures.by_quarter) == 1
    assert [each.ticket_type for each in figures.by_type] == ["Standard"]
    (shirts,) = figures.handed_out
    assert (shirts.ticket_type, shirts.inside, shirts.here) == ("T-Shirt", 1, 1)
    assert figures.night.should_be_in == [hex_of(1), hex_of(2)]


def test_a_refunded_ticket_is_neither_expected_nor_inside() -> None:
    """Counted, the door waits all night for somebody who does not come."""
    said = site(ticket(1), ticket(2, is_in=False), ticket(3, refunded=True))
    (row,) = account(NIGHT, said).by_type
    assert (row.tickets, row.inside, row.refunded) == (2, 1, 1)


def test_what_goes_by_itself_is_told_from_what_needs_a_person() -> None:
    states = (SaleState.QUEUED, SaleState.UNSURE, SaleState.DONE)
    sales = tuple(sale(number, state) for number, state in enumerate(states))
    queue = [row(1, QueueState.WAITING), row(2, QueueState.SENDING), row(3, QueueState.FAILED)]
    figures = account(replace(NIGHT, sales=sales, queue=queue), None)
    assert (figures.goes_by_itself, figures.needs_person) == (3, 2)


def test_rounding_and_turnover_are_those_of_the_sales_whose_money_is_in_the_till() -> None:
    booked = [sale(number) for number in (1, 2)]
    rounded = [
        one._replace(cart=replace(one.cart, rounding=Decimal(step)))
        for one, step in zip((*booked, sale(3, booked=False)), ("0.25", "-0.50", "9"), strict=True)
    ]
    figures = account(replace(NIGHT, sales=rounded), None)
    assert (figures.turnover, figures.rounding) == (4 * PRICE, Decimal("-0.25"))
    assert figures.tickets_sold == 4


def test_orders_to_compare_are_those_sold_and_those_refunded_each_once() -> None:
    first, other = sale(1), "f" * 32
    night = replace(
        NIGHT,
        sales=(first, sale(2)._replace(order=None)),
        refunds=(noted(first.order or ""),),
        asked=(noted(other), noted(first.order or "")),
    )
    assert night.orders == [first.order, other]


def test_a_ticket_is_called_by_its_holder_s_name_where_the_list_has_it() -> None:
    night = replace(NIGHT, tickets={hex_of(1): ticket(1)})
    assert (night.name_of(hex_of(1)), night.name_of(hex_of(2))) == ("Guest 1", "")
