"""Amounts as people write and read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice import language
from boxoffice.domain.money import (
    cash_rounding,
    cash_step,
    format_amount,
    format_money,
    fraction_digits,
    local_amount,
    plain_amount,
    read_money,
)
from tests.support import table


@table(
    ("amount", "currency", "locale", "written"),
    [
        ("295", "DKK", "da_DK", "295,00 kr."),
        ("1234.5", "DKK", "da-DK", "1.234,50 kr."),
        ("1234.5", "DKK", "en_GB", "DKK 1,234.50"),
        ("1234.5", "EUR", "de_DE", "1.234,50 €"),
        ("1234.5", "JPY", "en_US", "¥1,234"),
        ("1234.5", "", "da_DK", "1.234,50"),
        ("1234.5", "", "sv_SE", "1 234,50"),
        ("-5", "DKK", "da_DK", "-5,00 kr."),
        ("0", "DKK", "da_DK", "0,00 kr."),
        ("5", "XQZ", "da_DK", "5,00 XQZ"),
    ],
)
def test_an_amount_is_written_as_the_locale_does(
    amount: str, currency: str, locale: str, written: str
) -> None:
    assert format_money(Decimal(amount), currency, locale) == written


@table("locale", ["ar_EG", "he_IL", "fa_IR"])
def test_no_mark_of_direction_reaches_the_terminal(locale: str) -> None:
    assert format_money(Decimal("-1234.5"), "EUR", locale).isprintable()


@pytest.mark.parametrize("locale", ["", "zz_ZZ", "C", "xx", "../../etc"])
def test_a_locale_that_is_not_known_is_no_obstacle(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MONETARY", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert format_money(Decimal("1234.5"), "", locale) == "1,234.50"


def test_the_locale_of_the_system_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    assert format_money(Decimal("1234.5"), "DKK") == "1.234,50 kr."
    assert read_money("1.234") == Decimal(1234)


@table(
    ("text", "locale", "amount"),
    [
        ("500", "da_DK", "500"),
        (" 500 ", "en_GB", "500"),
        ("12,5", "en_GB", "12.5"),
        ("12.50", "da_DK", "12.50"),
        ("1.234,50", "en_GB", "1234.50"),
        ("1,234.50", "da_DK", "1234.50"),
        ("1.234.567", "en_GB", "1234567"),
        ("1 234,50", "sv_SE", "1234.50"),
        ("1\xa0234,50", "sv_SE", "1234.50"),
        ("1'234.50", "de_CH", "1234.50"),
        ("1.234", "da_DK", "1234"),
        ("1,234", "en_GB", "1234"),
        ("0,00", "da_DK", "0"),
    ],
)
def test_an_amount_is_read(text: str, locale: str, amount: str) -> None:
    assert read_money(text, locale) == Decimal(amount)


@table(
    "text",
    [
        *("", "-5", "5-", "1.234", "1,23,4", "1.2345", "five", "1e3", "12.", ".5", "1.234,567"),
        *("²", "٣", "9" * 10, "1.23.456", "1,234,567.891", "Infinity", "nan"),
    ],
)
def test_what_is_no_amount_is_not_read(text: str) -> None:
    assert read_money(text, "en_GB") is None


@given(
    amount=st.decimals(min_value=0, max_value=999_999_999, places=2),
    locale=st.sampled_from(["da_DK", "en_GB", "de_DE", "sv_SE", "fr_FR", "de_CH", "pl_PL"]),
)
def test_what_was_written_is_read_as_the_same(amount: Decimal, locale: str) -> None:
    assert read_money(format_money(amount, "", locale), locale) == amount


@table(
    ("currency", "step", "digits"),
    [
        ("DKK", "0.50", 2),
        ("SEK", "1", 2),
        ("NOK", "1", 2),
        ("CHF", "0.05", 2),
        ("EUR", "0.01", 2),
        ("", "0.01", 2),
        ("XXX", "0.01", 2),
        ("KWD", "0.001", 3),
        ("BHD", "0.001", 3),
        ("ISK", "1", 0),
        ("JPY", "1", 0),
    ],
)
def test_coins(currency: str, step: str, digits: int) -> None:
    assert (cash_step(currency), fraction_digits(currency)) == (Decimal(step), digits)


@table(
    ("amount", "step", "paid"),
    [
        ("300.24", "0.50", "300.00"),
        ("300.25", "0.50", "300.50"),
        ("300.74", "0.50", "300.50"),
        ("300.75", "0.50", "301.00"),
        ("0.20", "0.50", "0"),
        ("99.49", "1", "99"),
        ("99.50", "1", "100"),
        ("9.97", "0.05", "9.95"),
        ("9.98", "0.05", "10.00"),
        ("1.235", "0.001", "1.235"),
        ("1500", "1", "1500"),
    ],
)
def test_cash_is_paid_in_coins(amount: str, step: str, paid: str) -> None:
    rounding = cash_rounding(Decimal(amount), Decimal(step))
    assert Decimal(amount) + rounding == Decimal(paid)
    assert cash_rounding(-Decimal(amount), Decimal(step)) == -rounding


@table(
    ("text", "locale", "currency", "amount"),
    [
        ("1.234", "en_GB", "KWD", "1.234"),
        ("1,234", "en_GB", "KWD", "1234"),
        ("1,234", "da_DK", "KWD", "1.234"),
        ("1.234", "da_DK", "KWD", "1234"),
        ("1,234.500", "en_GB", "BHD", "1234.5"),
        ("1.5", "da_DK", "BHD", "1.5"),
        ("1500", "is_IS", "ISK", "1500"),
        ("1.500", "is_IS", "ISK", "1500"),
        ("1500,00", "is_IS", "ISK", "1500"),
        ("1500,50", "is_IS", "ISK", None),
        ("12.345", "en_GB", "DKK", None),
        ("1.234,500", "da_DK", "DKK", None),
    ],
)
def test_decimals_are_those_of_the_currency(
    text: str, locale: str, currency: str, amount: str | None
) -> None:
    assert read_money(text, locale, currency) == (None if amount is None else Decimal(amount))


@given(
    amount=st.decimals(min_value=0, max_value=999_999_999, places=3),
    currency=st.sampled_from(["DKK", "KWD", "ISK"]),
    locale=st.sampled_from(["da_DK", "en_GB", "de_CH", "fr_FR"]),
)
def test_what_was_written_in_a_currency_is_read_as_the_same(
    amount: Decimal, currency: str, locale: str
) -> None:
    exact = round(amount, fraction_digits(currency))
    assert read_money(format_amount(exact, currency, locale), locale, currency) == exact
    assert Decimal(plain_amount(exact, currency)) == exact


@table(
    ("amount", "currency", "written"),
    [
        ("300", "DKK", "300.00"),
        ("1.25", "KWD", "1.250"),
        ("1.255", "", "1.255"),
        ("1.2500", "", "1.25"),
        ("1500", "ISK", "1500"),
        ("-0.00", "DKK", "0.00"),
        ("1E+3", "DKK", "1000.00"),
    ],
)
def test_amounts_for_programs(amount: str, currency: str, written: str) -> None:
    assert plain_amount(Decimal(amount), currency) == written


def test_an_amount_in_a_sentence_has_the_decimal_sign_of_the_language() -> None:
    assert local_amount(Decimal("1234.5"), "DKK") == "1234.50"
    language.use("da")
    assert local_amount(Decimal("1234.5"), "DKK") == "1234,50"
