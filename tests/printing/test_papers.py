"""What stands on paper, before it is laid out."""

from dataclasses import replace

import pytest

from boxoffice.domain.models import Order, Ticket
from boxoffice.domain.sale import SaleState
from boxoffice.printing.papers import Receipt, paper_of, receipt_of, when
from tests.printing.samples import AT, EVENT, UUID, paper, sale


def test_a_ticket_and_its_order() -> None:
    ticket = Ticket(
        UUID, EVENT.uuid, False, full_name="Anna", ticket_type="Standard", seat="5", number=9
    )
    made = paper_of(ticket, EVENT, Order("0" * 32, order_id="dZy1"))
    assert (made.uuid, made.name, made.ticket_type) == (UUID, "Anna", "Standard")
    assert (made.order_id, made.seat, made.number) == ("dZy1", "5", 9)
    assert (made.event, made.venue) == (EVENT.title, EVENT.venue)
    assert paper_of(ticket, EVENT).order_id == ""


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (None, "Friday 8 May 2026, 19:00"),
        ("", "Friday 8 May 2026, 19:00"),
        ("2026-05-09T10:00:00+00:00", "Saturday 9 May 2026, 12:00"),
        ("2026-05-09T10:00:00", "Saturday 9 May 2026, 10:00"),
        ("any Tuesday", "any Tuesday"),
    ],
)
def test_when_is_in_the_events_time_zone(moment: str | None, written: str) -> None:
    assert when(EVENT, moment) == written


def test_an_event_without_a_start_says_nothing() -> None:
    assert when(replace(EVENT, start=None)) == ""


def test_a_receipt_says_what_was_sold_and_how_it_was_paid() -> None:
    receipt = receipt_of(sale(), EVENT, [paper()])
    assert receipt.sale == sale()
    assert (receipt.order_id, receipt.at, receipt.lane) == ("dZy1", AT, "North")
    assert receipt.tickets == (paper(),)
    assert not receipt.not_yet_issued
    assert receipt.when == "Friday 8 May 2026, 19:00"


@pytest.mark.parametrize(
    "state",
    [
        SaleState.QUEUED,
        SaleState.SENDING,
        SaleState.UNKNOWN,
        SaleState.UNSURE,
        SaleState.NOT_PLACED,
        SaleState.FAILED,
    ],
)
def test_nothing_is_issued_before_the_order_is_placed(state: SaleState) -> None:
    receipt = receipt_of(sale(state, ()), EVENT, [paper()])
    assert receipt.not_yet_issued
    assert receipt.tickets == ()


def test_a_slip_has_no_sums() -> None:
    slip = Receipt(EVENT, "North", AT, (paper(),))
    assert (slip.sale, slip.not_yet_issued) == (None, False)
    assert (slip.order_id, slip.when) == ("dZy1", paper().when)
    several = replace(slip, tickets=(paper(), replace(paper(), when="any Tuesday")))
    assert several.when == "Friday 8 May 2026, 19:00"
