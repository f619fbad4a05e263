"""What becomes of a posted sale: the rules, without a site."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.models import Order
from boxoffice.domain.order_matching import OrderMatch
from boxoffice.domain.sale import AFTER, Sale, SaleState
from boxoffice.sync.context import FAULT, REFUSED, Pace
from boxoffice.sync.sales.rules import Searched, after_refusal, after_search, next_look
from boxoffice.ticketbutler import (
    CaptivePortal,
    Forbidden,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    ServerFault,
    TicketbutlerError,
    TooMany,
    Unreachable,
    Unreadable,
)
from tests.support import EVENING, table

S = SaleState
CART = Cart(
    "e" * 32,
    "DKK",
    (Line("a" * 32, "Standard", Decimal(295), 1),),
    Buyer("A", "B"),
    PaymentMethod.CASH,
)
SALE = Sale(1, 1, "BX-1-1", S.UNKNOWN, CART, EVENING, "1", "Kim", since=EVENING, lost=1)
NOT_APPLIED: list[TicketbutlerError] = [
    *(Unreachable(), TooMany(), CaptivePortal(), KeyRefused(), Forbidden(), Refused(), NotFound()),
    Unreadable(maybe_applied=False),
]
MAYBE_APPLIED: list[TicketbutlerError] = [
    *(NoAnswer(), ServerFault(), Unreadable()),
    CaptivePortal(maybe_applied=True),
]


@table("error", MAYBE_APPLIED)
@table("before", [None, *S])
@table("booked", [False, True])
def test_what_may_be_carried_out_is_not_known(
    error: TicketbutlerError, before: SaleState | None, booked: bool
) -> None:
    sale = SALE._replace(state=S.SENDING, booked=booked)
    assert after_refusal(sale, error, before, lambda: 0.5).to is S.UNKNOWN


@table("error", NOT_APPLIED)
@table(
    ("before", "booked", "final", "otherwise"),
    [
        (None, False, S.REFUSED, S.REFUSED),
        (S.QUEUED, True, S.FAILED, S.QUEUED),
        (S.UNKNOWN, True, S.FAILED, S.QUEUED),
        (S.UNKNOWN, False, S.FAILED, S.UNKNOWN),
        (S.UNSURE, False, S.UNKNOWN, S.UNKNOWN),
        (S.UNSURE, True, S.UNKNOWN, S.UNKNOWN),
        (S.NOT_PLACED, False, S.REFUSED, S.NOT_PLACED),
        (S.FAILED, False, S.REFUSED, S.NOT_PLACED),
        (S.FAILED, True, S.FAILED, S.QUEUED),
    ],
)
def test_what_is_not_carried_out(
    error: TicketbutlerError,
    before: SaleState | None,
    booked: bool,
    final: SaleState,
    otherwise: SaleState,
) -> None:
    sale = SALE._replace(state=S.SENDING, booked=booked)
    step = after_refusal(sale, error, before, lambda: 0.5)
    assert step.to is (final if isinstance(error, Refused | NotFound) else otherwise)
    assert step.to in AFTER[S.SENDING]
    assert step.reason == error.sentence
    assert (step.wait is not None) == (step.to is S.QUEUED)


@table(
    ("error", "pace"),
    [(KeyRefused(), REFUSED), (Forbidden(), REFUSED), (TooMany(), FAULT), (Unreachable(), FAULT)],
)
def test_a_refused_key_waits_for_a_person_and_a_fault_for_the_site(
    error: TicketbutlerError, pace: Pace
) -> None:
    """Exchanged, sales wait for minutes over one fault, and a refused key is sent every second."""
    sale = SALE._replace(state=S.SENDING, booked=True, tries=2)
    assert after_refusal(sale, error, S.QUEUED, lambda: 1.0).wait == pace.base * 4


@table(("asked", "wait"), [(None, 1.0), (0.5, 1.0), (90.0, 90.0)])
def test_a_site_that_asks_for_a_pause_gets_it(asked: float | None, wait: float) -> None:
    """Posted again sooner, the site only counts another one against the key."""
    sale = SALE._replace(state=S.SENDING, booked=True)
    assert after_refusal(sale, TooMany(retry_after=asked), S.QUEUED, lambda: 1.0).wait == wait


def look(
    sale: Sale = SALE,
    match: OrderMatch = OrderMatch(),  # noqa: B008 - a value
    *,
    after: float = 31,
    waited: float | None = None,
    trouble: str = "",
    failing: float = 0,
) -> SaleState | None:
    searched = Searched(EVENING + timedelta(seconds=after), trouble=trouble)
    step = after_search(sale, match, searched, waited=waited, failing=failing)
    return step.to if step else None


def test_a_look() -> None:
    found, unsure = OrderMatch(order=Order("f" * 32)), OrderMatch(unsure="Two.")
    unattended = SALE._replace(unattended=True)
    assert look(match=found, after=0, trouble="x") is S.SOLD
    assert look(match=unsure, after=0) is S.UNSURE
    assert look(after=29) is None
    assert look(after=30) is S.NOT_PLACED
    assert look(after=30, waited=29) is None
    assert look(after=3600, waited=29) is None
    assert look(after=-600) is S.UNSURE
    assert look(trouble="No list.") is None
    assert look(trouble="No list.", failing=599) is None
    assert look(trouble="No list.", failing=600) is S.UNSURE
    assert look(unattended) is S.SENDING
    assert look(unattended, after=29) is None
    assert look(unattended._replace(lost=3)) is S.NOT_PLACED
    assert look(unattended, match=unsure) is S.UNSURE
    assert look(SALE._replace(cart=replace(CART, check_in=False))) is S.NOT_PLACED


@table(
    ("tries", "ago", "wait"),
    [(0, 0, 2), (1, 2, 4), (3, 14, 16), (3, 13, 16), (4, 29, 1), (4, 30, 30), (9, 300, 30)],
)
def test_a_look_is_not_put_off_beyond_the_moment_from_which_it_is_sure(
    tries: int, ago: float, wait: float
) -> None:
    """Just missed, the buyer stands there for half a minute more."""
    now = EVENING + timedelta(seconds=ago)
    assert next_look(SALE._replace(tries=tries), now) - now == timedelta(seconds=wait)
