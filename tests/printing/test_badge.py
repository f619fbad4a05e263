"""Badges on labels, and what the organiser lets stand on them."""

import pypdfium2
import pytest

from boxoffice.domain.badges import Badge, BadgePolicy, read_label
from boxoffice.domain.models import Address, Answer, Order, Question, Ticket
from boxoffice.printing.badge import badge_pdf
from tests.printing.eyes import pages, text_of
from tests.printing.samples import AT, NAMES, UUID

BADGE = Badge(UUID, "Anna Ærø", "Acme A/S", ("Speaker", "Vegan"), "Sommerfest på Havnen")
SIZES = [(62, 100), (90, 55), (62, 29), (20, 20), (300, 300)]
TICKET = Ticket(UUID, "e" * 32, checked_in=False, full_name="Anna Ærø")


@pytest.mark.parametrize("size", SIZES)
def test_it_is_as_large_as_the_label(size: tuple[int, int]) -> None:
    document = pypdfium2.PdfDocument(badge_pdf(BADGE, size, AT))
    (page,) = document
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [*size]
    document.close()


def test_all_of_it_stands_on_a_label_of_the_usual_size() -> None:
    text = text_of(badge_pdf(BADGE, (62, 100), AT))
    for part in ("Anna", "Ærø", "Acme A/S", "Speaker", "Vegan", "Sommerfest på Havnen"):
        assert part in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_any_name_stands_within_the_edges(name: str, size: tuple[int, int]) -> None:
    badge = BADGE._replace(name=name, company=name, answers=(name,) * 9)
    (page,) = pages(badge_pdf(badge, size, AT), 72)
    assert page.crop((3, 3, page.width - 3, page.height - 3)).getextrema()[0] == 0
    for edge in ((0, 0, 3, page.height), (page.width - 3, 0, page.width, page.height)):
        assert page.crop(edge).getextrema() == (255, 255)


def test_the_name_is_never_left_out() -> None:
    long = BADGE._replace(name="Maximilian Wolfeschlegelsteinhausenbergerdorff")
    assert "Maximilian" in text_of(badge_pdf(long, (62, 29), AT))
    assert "Without" in text_of(badge_pdf(BADGE._replace(name=""), (40, 20), AT))


def test_what_stands_on_it_is_what_was_asked_for() -> None:
    title, food = Question("a" * 32, "Title"), Question("b" * 32, "Food")
    answers = [Answer("a" * 32, value="Speaker"), Answer("b" * 32, value="Nuts")]
    order = Order("o" * 32, address=Address(business_name="Acme A/S"))
    policy = BadgePolicy((62, 100), show=("Title",))
    badge = policy.badge(TICKET, "Gala", order, [title, food], answers)
    assert badge == Badge(UUID, "Anna Ærø", "Acme A/S", ("Speaker",), "Gala")
    own = policy.badge(TICKET._replace(company_name="Own"), "Gala", order, [title, food], [])
    assert (own.company, own.answers) == ("Own", ())


@pytest.mark.parametrize(
    ("text", "size"),
    [("62x100", (62, 100)), ("90 X 55 mm", (90, 55)), ("62×29", (62, 29)), ("", None)],
)
def test_a_size_as_people_write_it(text: str, size: tuple[int, int] | None) -> None:
    assert read_label(text) == size


@pytest.mark.parametrize("text", ["62", "x", "62x", "0x100", "62x1000", "large", "-62x100"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError):
        read_label(text)
