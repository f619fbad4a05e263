"""Tickets on A4: what is drawn is read back at the resolution of real printers."""

import pytest

from boxoffice.domain.codes import read_code
from boxoffice.printing.a4 import ticket_pdf
from boxoffice.printing.pages import Pages
from tests.printing.eyes import CODE128, QR, pages, places_of, read, text_of
from tests.printing.samples import NAMES, UUID, paper


@pytest.mark.parametrize("dpi", [150, 203, 300])
@pytest.mark.parametrize("uuid", [UUID, "f" * 32, "1" * 32])
def test_both_codes_read_back(uuid: str, dpi: int) -> None:
    (page,) = pages(ticket_pdf([paper(uuid)]), dpi)
    assert read(page, QR) == [uuid]
    assert read(page, CODE128) == [uuid]
    assert read_code(uuid).uuids == (uuid,)


def test_it_is_a4_and_all_that_matters_is_above_the_fold() -> None:
    (page,) = pages(ticket_pdf([paper()]), 100)
    assert (round(page.width / 100 * 25.4), round(page.height / 100 * 25.4)) == (210, 297)
    lower = page.crop((0, page.height // 2, page.width, page.height))
    assert lower.getextrema() == (255, 255)
    margin = round(10 / 25.4 * 100)
    right = page.crop((page.width - margin, 0, page.width, page.height))
    assert right.getextrema() == (255, 255)


def test_each_ticket_has_its_page() -> None:
    uuids = [f"{number:032x}" for number in range(5)]
    drawn = pages(ticket_pdf([paper(uuid) for uuid in uuids]), 100)
    assert [read(page) for page in drawn] == [[uuid] for uuid in uuids]


def test_it_says_who_what_and_when() -> None:
    text = text_of(ticket_pdf([paper()]))
    for part in (
        "Anna Ærø",
        "Standard",
        "Sommerfest på Havnen",
        "Friday 8 May 2026, 19:00",
        "Pakhus 11",
        "dZy1",
        "Row 5",
        "4711",
        "0a1b 2c3d",
    ):
        assert part in text


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_printed_and_hides_no_code(name: str) -> None:
    (page,) = pages(ticket_pdf([paper(name=name)]), 150)
    assert read(page, QR) == [UUID]
    assert read(page, CODE128) == [UUID]


def test_a_name_without_end_is_cut_where_nobody_sees_the_rest() -> None:
    pages = Pages(25.4, "")
    pages.page(210, 297)
    for name in ("W" * 100_000, "W " * 100_000):
        lines = pages.fitted(name, 20, 100, 3)
        assert len(lines) == 3
        assert lines[-1].endswith("…")
        assert all(pages.width(line, 20) <= 100 for line in lines)
    assert pages.pdf()  # which closes its fonts


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Łukasz Đặng Nguyễn-Øster", "Łukasz Đặng"),
        ("[b]Bobby[/b] [red", "[b]Bobby[/b] [red"),
        ("{nb}", "{nb}"),
        ("李小龙", "LiXiaoLong"),
        ("Zoë 🎉", "Zoë :tada:"),
        ("Zoë\u1cd0", "Zoë"),
    ],
)
def test_what_the_font_lacks_is_spelt(name: str, printed: str) -> None:
    assert printed in text_of(ticket_pdf([paper(name=name)]))


def test_what_is_read_from_the_right_is_drawn_so() -> None:
    places = places_of(ticket_pdf([paper(name="Anna שלום")]))
    assert places["A"] < places["ם"] < places["ש"]
