"""Receipts for a roll of 80 mm, read back at 203 dpi."""

from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import pytest

from boxoffice.domain.cart import Line, PaymentMethod
from boxoffice.domain.sale import SaleState, Taking, TakingKind
from boxoffice.language import use
from boxoffice.printing.papers import Receipt, receipt_of
from boxoffice.printing.receipt import DPI, MARGIN, MODULE, NOT_YET, WIDTH, receipt_pdf
from tests.printing.eyes import QR, pages, read, text_of
from tests.printing.samples import AT, EVENT, NAMES, UUID, paper, sale

LOCALE = "en_GB"


def receipt(uuid: str = UUID) -> Receipt:
    return receipt_of(sale(), EVENT, [paper(uuid)])


@pytest.mark.parametrize("uuid", [UUID, "f" * 32, "1" * 32])
def test_the_code_reads_back_at_203_dpi(uuid: str) -> None:
    (page,) = pages(receipt_pdf(receipt(uuid)), DPI)
    assert read(page, QR) == [uuid]


def test_a_module_is_a_whole_number_of_dots() -> None:
    (page,) = pages(receipt_pdf(receipt()), DPI)
    ink = page.load()
    assert ink is not None
    widths: set[int] = set()
    for y in range(page.height):
        dots = [ink[x, y] == 0 for x in range(page.width)]
        stretches = [len(list(group)) for black, group in groupby(dots) if black]
        # The upper edges of the two finder patterns: nothing else is seven modules wide.
        if stretches.count(7 * MODULE) == 2:
            widths.update(stretches)
    assert widths
    assert {width % MODULE for width in widths} == {0}


def test_it_is_80_mm_wide_and_keeps_to_what_can_be_printed() -> None:
    (page,) = pages(receipt_pdf(receipt()), DPI)
    assert page.width - WIDTH in (0, 1)
    assert abs(page.width / DPI * 25.4 - 80) < 0.5
    for edge in (0, page.width - MARGIN):
        assert page.crop((edge, 0, edge + MARGIN, page.height)).getextrema() == (255, 255)


def test_an_order_that_was_paid_at_the_door() -> None:
    taken = Taking(
        1,
        AT,
        "North",
        "",
        EVENT.uuid,
        TakingKind.PAYMENT,
        PaymentMethod.MOBILEPAY,
        Decimal(590),
        "DKK",
    )
    slip = Receipt(EVENT, "North", AT, (paper(UUID),), payment=taken)
    text = text_of(receipt_pdf(slip, locale=LOCALE))
    for part in ("Paid at the door", "590.00", "MobilePay", "The organiser settles it"):
        assert part in text


def test_it_says_what_was_paid() -> None:
    text = text_of(receipt_pdf(receipt(), locale=LOCALE))
    for part in ("2 × Standard", "300.00", "Cash", "500.00", "Change", "200.00"):
        assert part in text
    assert "Order dZy1 · BX-North-12" in text
    assert "North · Fri 08 May 2026 18:30" in text
    assert NOT_YET not in text
    use("da")
    assert "North · fre. 8. maj 2026 18:30" in text_of(receipt_pdf(receipt(), locale=LOCALE))


def test_cash_is_rounded_on_a_line_of_its_own() -> None:
    sold = sale()
    line = sold.cart.lines[0]._replace(price=Decimal("149.95"))
    cart = replace(sold.cart, lines=(line,), rounding=Decimal("0.10"), given=None)
    text = text_of(receipt_pdf(receipt_of(sold._replace(cart=cart), EVENT), locale=LOCALE))
    for part in ("299.90", "Rounding", "0.10", "Cash", "300.00"):
        assert part in text
    assert "Rounding" not in text_of(receipt_pdf(receipt(), locale=LOCALE))


def test_a_receipt_in_a_currency_of_three_decimals_and_of_none() -> None:
    for currency, price, written in (("KWD", "4.125", "8.250"), ("ISK", "4500", "9,000")):
        sold = sale()
        line = sold.cart.lines[0]._replace(price=Decimal(price))
        cart = replace(sold.cart, lines=(line,), currency=currency, given=None)
        text = text_of(receipt_pdf(receipt_of(sold._replace(cart=cart), EVENT), locale=LOCALE))
        assert f"{currency} {written}" in text
        assert f"{written}." not in text


def test_money_is_written_as_the_locale_does() -> None:
    assert "300,00" in text_of(receipt_pdf(receipt(), locale="da_DK"))


@pytest.mark.parametrize(
    "paid", [PaymentMethod.CARD, PaymentMethod.MOBILEPAY, PaymentMethod.INVOICE, PaymentMethod.FREE]
)
def test_without_cash_there_is_no_change(paid: PaymentMethod) -> None:
    sold = sale()
    sold = sold._replace(cart=replace(sold.cart, paid=paid))
    text = text_of(receipt_pdf(receipt_of(sold, EVENT), locale=LOCALE))
    assert "Change" not in text
    assert "500" not in text


def test_what_is_not_issued_yet_has_our_number_and_no_code() -> None:
    pdf = receipt_pdf(receipt_of(sale(SaleState.QUEUED, ()), EVENT))
    text = text_of(pdf)
    assert NOT_YET in text
    assert "BX-North-12" in text
    assert [read(page) for page in pages(pdf, DPI)] == [[]]


def test_several_tickets_are_handed_out_one_by_one() -> None:
    uuids = [f"{number:032x}" for number in range(5)]
    slip = receipt_of(sale(), EVENT, [paper(uuid) for uuid in uuids])
    drawn = pages(receipt_pdf(slip), DPI)
    assert [read(page) for page in drawn] == [[], *([uuid] for uuid in uuids)]


def test_a_slip_of_a_ticket_alone() -> None:
    pdf = receipt_pdf(Receipt(EVENT, "North", AT, (paper(),)))
    (page,) = pages(pdf, DPI)
    assert read(page) == [UUID]
    assert "Total" not in text_of(pdf)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_printed(name: str) -> None:
    long = Line("t" * 32, name, Decimal("1234567.89"), 99)
    sold = sale()
    sold = sold._replace(cart=replace(sold.cart, lines=(long,) * 3))
    hostile = receipt_of(sold, replace(EVENT, title=name), [paper(name=name)])
    (page,) = pages(receipt_pdf(hostile), DPI)
    assert read(page) == [UUID]
    for edge in (0, page.width - MARGIN):
        assert page.crop((edge, 0, edge + MARGIN, page.height)).getextrema() == (255, 255)
