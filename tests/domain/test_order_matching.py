"""Which order is a sale's, and which ticket is whose: tables."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice import language
from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import Address, AnswerInput, Order, Ticket, TicketType
from boxoffice.domain.order_matching import (
    ANOTHER_BUYER,
    OrderMatch,
    alike,
    answers_by_ticket,
    candidates,
    distance,
    kind_of,
    match_order,
    may_be,
    may_be_order,
    names_buyer,
    on_order,
    same_amounts,
    same_buyer,
    unread,
)
from boxoffice.domain.sale import Sale, SaleState
from tests.support import EVENING

EVENT, STANDARD, STUDENT = "e" * 32, "a" * 32, "b" * 32
TYPES = (TicketType(STANDARD, "Standard", pk=1), TicketType(STUDENT, "Student", pk=2))
ANNA = Buyer("Anna", "Ågård", "Anna@Example.com")
ADDRESS = Address("anna", "ågård", "anna@example.com")


def cart(standard: int = 1, student: int = 0, buyer: Buyer = ANNA) -> Cart:
    lines = (
        Line(STANDARD, "Standard", Decimal(295), standard),
        Line(STUDENT, "Student", Decimal(195), student),
    )
    return Cart(
        EVENT, "DKK", tuple(line for line in lines if line.amount), buyer, PaymentMethod.CASH
    )


def sale(
    number: int = 1, state: SaleState = SaleState.UNKNOWN, *, standard: int = 1, student: int = 0
) -> Sale:
    sold = cart(standard, student)
    return Sale(number, number, f"BX-1-{number}", state, sold, EVENING, "1", "Kim")


def order(name: str, mark: str | None = None) -> Order:
    return Order(name * 32, EVENT, name, external_order_id=mark, address=ADDRESS)


def ticket(number: int | None = None, kind: str = "Standard", **other: str) -> Ticket:
    return Ticket(f"{number or 0:032x}", EVENT, False, number=number, ticket_type=kind)._replace(
        **other  # type: ignore[arg-type]  # texts alone
    )


@pytest.mark.parametrize(
    ("number", "after", "wanted"),
    [(5, 4, True), (4, 4, False), (3, 4, False), (None, 4, True), (1, None, True)],
)
def test_new_tickets(number: int | None, after: int | None, wanted: bool) -> None:
    assert may_be(ticket(number), after) is wanted


def test_the_likeliest_come_first() -> None:
    one = cart()
    same = ticket(full_name="ANNA  Ågård", email="anna@example.com")
    bare = ticket(kind="")
    other_type = ticket(kind="Student", full_name="Anna Ågård")
    renamed = ticket(full_name="Bo", email="anna@example.com")
    stranger = ticket(full_name="Bo", email="bo@example.com")
    distances = [distance(each, one) for each in (same, bare, other_type, renamed, stranger)]
    assert distances == sorted(distances)
    assert distances[:2] == [0, 0]
    assert distances[3] < ANOTHER_BUYER <= distances[4]


def test_the_type_of_a_ticket() -> None:
    assert kind_of(ticket(kind="student"), TYPES) == STUDENT
    assert kind_of(ticket(kind="Renamed")._replace(ticket_type_pk=2), TYPES) == STUDENT
    assert kind_of(ticket(kind=""), TYPES) == ""
    twins = (*TYPES, TicketType("c" * 32, "Standard"))
    assert kind_of(ticket(), twins) == ""


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        (["Standard", "Standard", "Student"], True),
        (["Student", "Standard", "Standard"], True),
        (["Standard", "Standard"], False),
        (["Standard", "Student", "Student"], False),
        (["Standard", "Standard", "Student", "Student"], False),
        (["Standard", "", "Student"], True),
        (["", "", ""], True),
        (["", "Student", "Student"], False),
        ([], False),
    ],
)
def test_amounts(kinds: list[str], wanted: bool) -> None:
    tickets = [ticket(number, kind) for number, kind in enumerate(kinds)]
    assert same_amounts(cart(2, 1), tickets, TYPES) is wanted


def test_the_buyer() -> None:
    assert same_buyer(order("1"), ANNA)
    assert not same_buyer(order("1"), Buyer("Anna", "Andersen", "anna@example.com"))
    assert not same_buyer(order("1"), Buyer("Anna", "Ågård", "other@example.com"))
    bare = Order("1" * 32, full_name="Anna Ågård", email="anna@example.com")
    assert same_buyer(bare, ANNA)
    assert same_buyer(Order("1" * 32), ANNA)
    assert names_buyer(bare)
    assert names_buyer(order("1"))
    assert not names_buyer(Order("1" * 32, full_name="Anna Ågård"))
    assert not names_buyer(Order("1" * 32, email="anna@example.com"))


def test_an_order_may_be_ours_by_its_mark_or_by_its_buyer() -> None:
    """Turned round, our own order is passed over, and the sale placed a second time."""
    mine, somebody = sale(1), Address("Bo", "Bang", "bo@example.com")
    assert may_be_order(order("1", "BX-1-1")._replace(address=somebody), mine)
    assert may_be_order(order("1"), mine)
    assert may_be_order(order("1")._replace(event=None), mine)
    assert not may_be_order(order("1")._replace(address=somebody), mine)
    assert not may_be_order(order("1", "BX-1-1")._replace(event="f" * 32), mine)


def test_tickets_to_be_read_are_new_and_of_no_known_order_the_likeliest_first() -> None:
    """Reads are few: spent on others' tickets, they leave the sale's own order unfound."""
    like, unlike = {"email": "anna@example.com"}, {"email": "bo@b.dk", "full_name": "Bo"}
    old, first, second = ticket(3, **like), ticket(5, **like), ticket(6, **like)
    ordered, stranger = ticket(7, order="1" * 32), ticket(8, **unlike)
    listed = [old, stranger, first, ordered, second]
    mine = sale(1)._replace(after_number=4)
    assert unread(mine, listed) == [second, first, stranger]
    assert unread(mine._replace(after_number=None), listed) == [second, first, old]


def test_orders_that_are_looked_at() -> None:
    """One too many, and a sale is taken for another's; one too few, and it is placed twice."""

    def of(name: str, number: int, **other: str) -> Ticket:
        return ticket(number, order=name * 32, **other)

    two_tickets = [of("2", 9), of("2", 10)]
    mixed = [of("3", 4), of("3", 11)]
    stranger = of("4", 7, full_name="Bo", email="bo@example.com")
    listed = [of("1", 8), *two_tickets, *mixed, of("5", 6), of("6", 3), stranger, ticket(12)]
    taken = {"5" * 32}
    mine = sale(1)._replace(after_number=4)
    found = candidates(mine, listed, taken, TYPES)
    assert [uuid[0] for uuid in found] == ["4", "1"], "oldest first, of one new ticket, and free"
    unknown = candidates(mine._replace(after_number=None), listed, taken, TYPES)
    assert [uuid[0] for uuid in unknown] == ["6", "1"], "no stranger's where nothing was known"


def test_tickets_on_an_order() -> None:
    mine = [ticket(2, order="1" * 32), ticket(1, order="1" * 32)]
    assert on_order([*mine, ticket(3), ticket(4, order="2" * 32)], "1" * 32) == mine[::-1]
    assert on_order([*mine, ticket(3)], None) == []


def test_sales_that_are_alike() -> None:
    assert alike(sale(1), sale(2))
    assert not alike(sale(1), sale(2, standard=2))
    assert not alike(sale(1), sale(2, student=1))


def named(told: OrderMatch) -> str:
    return told.order.order_id if told.order else "unsure" if told.unsure else "none"


UNSURE, DONE = SaleState.UNSURE, SaleState.DONE


@pytest.mark.parametrize(
    ("orders", "others", "wanted"),
    [
        ([], [], "none"),
        ([order("1")], [], "1"),
        ([order("1", "BX-1-2")], [], "1"),
        ([order("1", "BX-2-2")], [], "none"),
        ([order("1"), order("2", "BX-1-2")], [], "2"),
        ([order("1"), order("2")], [], "unsure"),
        ([order("1"), order("2", "BX-9-9")], [], "1"),
        ([order("1", "BX-1-2"), order("2", "BX-1-2")], [], "unsure"),
        ([order("1")], [sale(1)], "none"),
        ([order("1")], [sale(3)], "1"),
        ([order("1"), order("2")], [sale(1)], "2"),
        ([order("1"), order("2")], [sale(3)], "1"),
        ([order("1"), order("2"), order("3")], [sale(3)], "unsure"),
        ([order("1"), order("2")], [sale(1, DONE)], "unsure"),
        ([order("1"), order("2")], [sale(1, standard=2)], "unsure"),
        ([order("1")], [sale(1, UNSURE)], "unsure"),
        ([order("1", "BX-1-2")], [sale(1, UNSURE)], "1"),
    ],
)
def test_whose_order_it_is(orders: list[Order], others: list[Sale], wanted: str) -> None:
    mine = sale(2)
    assert named(match_order(mine, orders, [*others, mine])) == wanted


@pytest.mark.parametrize(
    ("orders", "wanted"),
    [
        ([order("1")], "unsure"),
        ([order("1", "BX-1-2")], "1"),
        ([order("1"), order("2", "BX-1-2")], "2"),
        ([order("1", "BX-2-2")], "none"),
        ([], "none"),
    ],
)
def test_whose_order_it_is_in_the_house_s_name(orders: list[Order], wanted: str) -> None:
    """Other doors sell in that name too: only the mark tells."""
    mine = sale(2)
    mine = mine._replace(cart=replace(mine.cart, buyer=replace(ANNA, house=True)))
    assert named(match_order(mine, orders, [mine])) == wanted


def test_an_order_that_does_not_say_whose_it_is_is_not_taken() -> None:
    mine, bare = sale(2), Order("1" * 32, EVENT, "1")
    assert named(match_order(mine, [bare], [mine])) == "unsure"
    assert named(match_order(mine, [bare._replace(full_name="Anna Ågård")], [mine])) == "unsure"
    assert named(match_order(mine, [bare._replace(external_order_id="BX-1-2")], [mine])) == "1"


def test_our_mark_on_the_order_of_another_buyer() -> None:
    """Two laptops may have lanes of one name."""
    mine, theirs = sale(2), order("1", "BX-1-2")._replace(address=Address("Bo", "B", "b@b.dk"))
    assert named(match_order(mine, [theirs], [mine])) == "unsure"


def test_why_it_cannot_be_told_names_the_orders_in_the_language_in_use() -> None:
    mine, found = sale(2), [order("1"), order("2")]
    told = match_order(mine, found, [mine]).unsure
    assert told == "It may be order 1 or order 2, or none of these."
    language.use("da")
    told = match_order(mine, found, [mine]).unsure
    assert told == "Det er måske ordre 1 eller ordre 2, eller ingen af dem."


def test_answers_go_to_tickets_of_their_type_in_order() -> None:
    one, two, three = (AnswerInput("q" * 32, text) for text in "123")
    tickets = [ticket(3), ticket(1), ticket(2, "Student")]
    asked = [
        TicketAnswers(STANDARD, (one,)),
        TicketAnswers(STANDARD, (two,)),
        TicketAnswers(STUDENT, (three,)),
    ]
    given = answers_by_ticket(asked, tickets, TYPES)
    assert given == {
        ticket(1).uuid: (one,),
        ticket(3).uuid: (two,),
        ticket(2).uuid: (three,),
    }
    assert answers_by_ticket([TicketAnswers(STUDENT, (one,))], [ticket(1)], TYPES) == {}
