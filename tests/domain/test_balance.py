"""What keeps the account from balancing, one cause at a time. Pure."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from boxoffice.domain.balance import NAMED
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.courier import WAITS
from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.domain.models import KEPT_SAYING, Order
from boxoffice.domain.night import Site
from boxoffice.domain.sale import SaleState, Taking, TakingKind
from tests.domain.nights import (
    EMPTY,
    NIGHT,
    NOW,
    PRICE,
    SOLD,
    admission,
    causes,
    hex_of,
    noted,
    paid_order,
    row,
    sale,
    shift,
    site,
    taking,
    ticket,
    weighed,
)
from tests.support import table

# What balances


def test_nothing_balances() -> None:
    assert causes(NIGHT) == []


def test_admissions_that_are_in_balance() -> None:
    night = replace(NIGHT, admissions=[admission(1), admission(2)])
    figures, result = weighed(night, site(ticket(1), ticket(2), ticket(3), ticket(4, is_in=False)))
    assert result.causes == ()
    assert result.reconciliation is not None
    assert result.reconciliation.checked == 2
    assert result.reconciliation.unknown_to_us == 1
    assert (figures.admissions, figures.inside) == (2, 3)


@table("order", [{}, {"state": ""}, {"total": None}, {"external_order_id": "BX-North-1"}])
def test_a_sale_that_stands_balances(order: dict[str, Any]) -> None:
    assert causes(SOLD, site(orders=paid_order(SOLD.sales[0], **order))) == []


def test_a_refund_here_and_there_balances() -> None:
    of = SOLD.sales[0]
    back = taking(3, -PRICE * 2, of=1, kind=TakingKind.REFUND)
    night = replace(SOLD, takings=(*SOLD.takings, back), refunds=(noted(of.order or ""),))
    said = site(orders=paid_order(of, refunded=True, state="REFUND"))
    figures, result = weighed(night, said)
    assert result.causes == ()
    assert figures.takings[PaymentMethod.CASH] == 0
    assert figures.refunded == PRICE * 2


def test_a_sale_that_was_given_up_balances() -> None:
    given_up = sale(1, SaleState.DROPPED, booked=False)._replace(order=None)
    back = taking(3, -PRICE * 2, of=1, kind=TakingKind.REVERSAL)
    assert causes(replace(SOLD, sales=(given_up,), takings=(*SOLD.takings, back))) == []


# What does not


@table(
    ("state", "words"),
    [
        (QueueState.WAITING, "1 row of the queue waits to be sent"),
        (QueueState.SENDING, "1 row of the queue waits to be sent"),
        (QueueState.FAILED, "1 row of the queue has failed"),
        (QueueState.CONFLICT, "1 conflict is open"),
    ],
)
@table("kind", QueueKind)
def test_a_row_of_the_queue(state: QueueState, kind: QueueKind, words: str) -> None:
    night = replace(NIGHT, admissions=[admission(1)], queue=[row(1, state, kind)])
    at_the_site = ticket(1, is_in=state is QueueState.CONFLICT or kind is not QueueKind.CHECK_IN)
    (cause,) = causes(night, site(at_the_site))
    assert words in cause
    assert cause.endswith(".")


def test_what_other_doors_send_is_counted_beside_what_waits() -> None:
    waits = [row(number, QueueState.WAITING) for number in range(3)]
    queue = [*waits[:1], *(one._replace(reason=WAITS) for one in waits[1:])]
    cause, *_ = causes(replace(NIGHT, queue=queue))
    assert cause == (
        "3 rows of the queue wait to be sent: run boxoffice sync. By the door with the internet: 2."
    )


def test_several_rows_of_the_queue() -> None:
    queue = [row(number, QueueState.CONFLICT) for number in range(3)]
    (cause,) = causes(replace(NIGHT, queue=queue))
    assert cause.startswith("3 conflicts are open")


@table("said", [site(ticket(1, is_in=False)), EMPTY])
def test_an_admission_that_is_not_in(said: Site) -> None:
    night = replace(NIGHT, admissions=[admission(1)], tickets={hex_of(1): ticket(1)})
    (cause,) = causes(night, said)
    assert f"Guest 1 ({hex_of(1)}) was let in here, but is not in" in cause


def test_an_admission_that_the_server_had_and_lost() -> None:
    night = replace(NIGHT, admissions=[admission(1)._replace(said_out=KEPT_SAYING)])
    (cause,) = causes(night, site(ticket(1, is_in=False)))
    assert "is not in at the site (it had the check-in, and has it no longer)" in cause
    assert causes(night, site(ticket(1))) == []
    said = site(ticket(1, is_in=False), unread={hex_of(1): "The site is ill."})
    assert causes(night, said) == [
        "1 admission could not be looked for at the site: The site is ill."
    ]


def test_only_a_dismissed_check_in_says_why_somebody_is_not_in() -> None:
    night = replace(NIGHT, admissions=[admission(1)])
    for what, why in (("check_in", "dismissed here: Torn"), ("name", "")):
        word = noted(hex_of(1), "Torn")._replace(what=what)
        _, result = weighed(replace(night, dismissed=[word]), EMPTY)
        assert result.reconciliation is not None
        assert result.reconciliation.missing[0].reason == why


def test_many_that_are_not_in_are_counted() -> None:
    night = replace(NIGHT, admissions=[admission(number) for number in range(1, 20)])
    _, result = weighed(night, EMPTY)
    assert len(result.causes) == NAMED + 1
    assert result.causes[-1].startswith("14 more ")
    assert result.reconciliation is not None
    assert len(result.reconciliation.missing) == 19


@table(
    ("order", "words"),
    [
        ({"refunded": True}, "was refunded at the site, but not in this account"),
        ({"state": "REFUND"}, "was refunded at the site, but not in this account"),
        ({"state": "REFUNDED"}, "was refunded at the site, but not in this account"),
        ({"state": "NEW"}, "stands as NEW at the site"),
        ({"total": PRICE}, "comes to 295.00 at the site, but 590.00 was taken"),
        ({"external_order_id": "BX-South-1"}, "carries the mark BX-South-1"),
    ],
)
def test_an_order_that_is_not_as_the_journal_has_it(order: dict[str, Any], words: str) -> None:
    (cause,) = causes(SOLD, site(orders=paid_order(SOLD.sales[0], **order)))
    assert cause.startswith("Order dZy1 of sale BX-North-1 ")
    assert words in cause


def test_an_order_that_is_gone_or_cannot_be_read() -> None:
    order = SOLD.sales[0].order or ""
    assert "is no longer at the site" in causes(SOLD, site(orders={order: None}))[0]
    said = site(orders={order: None}, unread={order: "The site is ill."})
    assert causes(SOLD, said)[0].endswith("could not be read at the site: The site is ill.")


def test_a_refund_that_the_site_does_not_know() -> None:
    order = SOLD.sales[0].order or ""
    night = replace(SOLD, refunds=(noted(order),))
    (cause,) = causes(night, site(orders=paid_order(SOLD.sales[0])))
    assert "was refunded here, but not at the site" in cause
    other = replace(NIGHT, refunds=(noted("f" * 32),))
    standing = {"f" * 32: Order("f" * 32, order_id="dZy9", state="PAID")}
    (cause,) = causes(other, site(orders=standing))
    assert cause.startswith("Order dZy9 was refunded here, but not at the site")


def test_a_refund_that_was_asked_for_and_is_not_known_to_be_done() -> None:
    other = "f" * 32
    night = replace(NIGHT, asked=(noted(other),))
    standing = Order(other, order_id="dZy9", state="PAID")
    assert causes(night, site(orders={other: standing})) == []
    (cause,) = causes(night, site(orders={other: standing._replace(refunded=True)}))
    assert cause.startswith("Order dZy9 was refunded at the site, but not in this account")
    (cause,) = causes(night, site(orders={other: None}, unread={other: "The site is ill."}))
    assert cause.endswith("could not be read at the site: The site is ill.")
    ours = replace(SOLD, asked=(noted(SOLD.sales[0].order or ""),))
    (cause,) = causes(ours, site(orders=paid_order(SOLD.sales[0], refunded=True)))
    assert "was refunded at the site, but not in this account" in cause


def test_a_ticket_of_ours_refunded_at_the_site() -> None:
    back = ticket(501, refunded=True)
    (cause,) = causes(SOLD, site(back, orders=paid_order(SOLD.sales[0])))
    assert cause.startswith("1 ticket of sale BX-North-1 was refunded at the site")


@table("state", sorted(set(SaleState) - {"done", "refused", "dropped"}))
def test_a_sale_that_is_not_settled(state: SaleState) -> None:
    booked = state in (SaleState.SOLD, SaleState.QUEUED, SaleState.FAILED)
    open_one = sale(1, state, booked=booked)
    night = replace(SOLD, sales=(open_one,), takings=SOLD.takings if booked else ())
    (cause,) = causes(night, site(orders=paid_order(open_one)))
    assert cause.startswith("Sale BX-North-1 is not settled (")


@table(
    "takings",
    [(), (taking(2, PRICE, of=1),), (taking(2, PRICE * 2, of=1), taking(3, PRICE * 2, of=1))],
)
def test_takings_that_are_not_those_of_the_sale(takings: tuple[Taking, ...]) -> None:
    night = replace(SOLD, takings=takings)
    (cause,) = causes(night, site(orders=paid_order(SOLD.sales[0])))
    assert "Sale BX-North-1 comes to 590.00, but " in cause


def test_takings_in_several_currencies() -> None:
    night = replace(NIGHT, takings=(taking(1, PRICE), taking(2, PRICE, currency="EUR")))
    assert "several currencies (DKK, EUR)" in causes(night)[0]


def test_without_a_server() -> None:
    night = replace(NIGHT, admissions=[admission(1)], tickets={hex_of(1): ticket(1, is_in=False)})
    figures, result = weighed(night, None, "The site cannot be reached.")
    assert result.causes == ("Nothing was checked with the site: The site cannot be reached.",)
    assert result.reconciliation is None
    assert figures.inside == 1


def test_a_till_that_was_counted_otherwise() -> None:
    tills = (
        shift(1, NOW, NOW, counted=Decimal(1)),
        shift(3, NOW, NOW, counted=Decimal("999.50"), lane="South"),
        shift(5, NOW, NOW, counted=Decimal(500), lane="East"),
        shift(7, NOW, lane="West"),
    )
    figures, result = weighed(replace(NIGHT, shifts=tills), EMPTY)
    assert list(result.causes) == [
        "The till of lane North, closed at 20:00, held 499.00 DKK too little: find out why, and "
        "tell the organiser.",
        "The till of lane South, closed at 20:00, held 499.50 DKK too much: find out why, and "
        "tell the organiser.",
    ]
    assert figures.open_tills == ["West"]


def test_cash_in_no_till_where_tills_are_used() -> None:
    back = taking(4, -PRICE, kind=TakingKind.REFUND, lane="South")
    night = replace(NIGHT, takings=(taking(1, PRICE), back))
    assert causes(night) == []
    (cause,) = causes(replace(night, shifts=(shift(2, NOW),)))
    assert cause.startswith(
        "2 payments in cash, together 0.00 DKK, came in or went out while no till was open "
        "(lane North, lane South): "
    )


def test_cash_of_several_currencies_in_no_till_is_not_added_up() -> None:
    euros = taking(6, Decimal(30), of=2)._replace(currency="EUR")
    crowns = [taking(number, PRICE, of=1) for number in (3, 4)]
    night = replace(NIGHT, takings=(*crowns, euros), shifts=(shift(2, NOW, NOW, lane="South"),))
    outside = [cause for cause in causes(night) if "no till was open" in cause]
    assert [cause.partition(", came")[0] for cause in outside] == [
        "3 payments in cash, together 590.00 DKK and 30.00 EUR"
    ]


def test_takings_of_a_sale_that_is_not_known() -> None:
    night = replace(NIGHT, takings=(taking(2, PRICE, of=1),))
    assert causes(night) == ["The takings hold 295.00 of a sale that is not known here."]
    given_up = taking(3, -PRICE, of=1, kind=TakingKind.REVERSAL)
    assert causes(replace(night, takings=(*night.takings, given_up))) == []


# A journal that was lost


@table(("hours", "is_said"), [(-49, False), (-47, True), (0, True), (30, True)])
def test_a_journal_that_was_lost_since_the_doors(hours: int, is_said: bool) -> None:
    assert NIGHT.event.start is not None
    night = replace(NIGHT, lost_at=NIGHT.event.start + timedelta(hours=hours))
    found = causes(night)
    assert [cause for cause in found if "was gone or empty on" in cause] == found
    assert bool(found) is is_said


def test_a_journal_that_was_lost_and_an_event_without_a_date() -> None:
    event = replace(NIGHT.event, start=None)
    (cause,) = causes(replace(NIGHT, event=event, lost_at=NOW))
    assert "queue export --from" in cause
