"""Amounts as people write and read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.money import format_money, read_money


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("locale", ["ar_EG", "he_IL", "fa_IR"])
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
