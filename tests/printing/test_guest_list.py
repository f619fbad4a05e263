"""The guest list on A4, read back."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from boxoffice import language
from boxoffice.domain.guest_list import NEVER_ADMITTED, Guest, GuestList
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.printing.guest_list import ROWS, guest_list_pdf
from tests.printing.eyes import text_of
from tests.printing.samples import AT, EVENT, NAMES

LOCAL = AT.astimezone(EVENT.zone)


def guest(name: str, number: int = 7, **told: Any) -> Guest:
    ticket = Ticket(f"{number:032x}", EVENT.uuid, False, number=number, ticket_type="Standard")
    return Guest(ticket, name)._replace(**told)


def listing(*guests: Guest) -> GuestList:
    return GuestList(EVENT, LOCAL - timedelta(minutes=3), guests)


def test_each_guest_has_a_line_with_what_is_known() -> None:
    text = text_of(
        guest_list_pdf(
            listing(
                guest("Ærø, Anna", 4711, is_in=True, in_at=LOCAL, company="Acme A/S"),
                guest("Cruz, Di", refused=VerdictCode.NOT_PAID),
                guest("Hansen, Bo", is_vip=True),
                guest("", 10),
            ),
            AT,
        )
    )
    for part in (
        *("Sommerfest på Havnen", "Pakhus 11", "Ærø – Hansen", "3 guests · 1 in"),
        *("as of Fri 08 May 2026 18:30", "list of Fri 08 May 2026 18:27", "Page 1 of 1"),
        *("Ærø, Anna", "Acme A/S", "4711 · 1267", "✓", "18:30", "NOT PAID", "★ VIP"),
        "Without a name",
    ):
        assert part in text
    assert text.count("✓") == 1


def test_in_danish_why_a_guest_is_not_let_in_is_not_cut_off() -> None:
    language.use("da")
    refused = [guest(f"Hansen {code}", refused=code) for code in NEVER_ADMITTED]
    text = text_of(guest_list_pdf(listing(*refused), AT))
    for part in ("REFUNDERET", "IKKE BETALT", "liste fra fre. 8. maj 2026 18:27"):
        assert part in text


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (ROWS, 1), (ROWS + 1, 2)])
def test_a_page_is_as_full_as_it_gets(count: int, expected: int) -> None:
    pdf = guest_list_pdf(listing(*(guest(f"Hansen {n}", n) for n in range(count))), AT)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == expected
    document.close()
    text = text_of(pdf)
    assert all(f"Hansen {number}" in text for number in range(count))
    assert f"Page {expected} of {expected}" in text


def test_any_name_can_be_on_it() -> None:
    text = text_of(guest_list_pdf(listing(*map(guest, NAMES)), AT))
    assert "Łukasz Đặng Nguyễn-Øster" in text
    assert "[@click=app.quit]x[/]" in text
    assert "□" not in text
