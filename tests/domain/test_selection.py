"""Whom a person's Enter means: the one who is left, the row that was chosen, or nobody."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster
from boxoffice.domain.search_texts import OrderTexts
from boxoffice.domain.selection import (
    GONE,
    NEAREST,
    NOBODY,
    NOT_TYPED,
    TOO_FAST,
    Chosen,
    Nobody,
    Selection,
    TypedCode,
    select,
)
from tests.support import table

CODE = "957e996e16d94aff959800a03bf8c726"
DASHED = "957e996e-16d9-4aff-9598-00a03bf8c726"


def ticket(number: int, name: str, order: str | None = None, **values: object) -> Ticket:
    external = str(values["external"]) if "external" in values else None
    return Ticket(
        uuid=f"{number:032x}",
        event="e" * 32,
        checked_in=False,
        full_name=name,
        number=number,
        order=order,
        external_uuid=external,
    )


ANNA, BO, HANS, KARL, ODD, TWIN, TRIPLET, ALONE = range(1068, 1076)
ORDER, SHORT, FRIENDS = "9" * 32, "8" * 32, "7" * 32
ROSTER = Roster(
    [
        ticket(ANNA, "Anna Holm", ORDER),
        ticket(BO, "Bo Holm", ORDER),
        ticket(HANS, "Hans Jensen"),
        ticket(KARL, "Karl Jensen"),
        ticket(ODD, "Odd Berg", SHORT, external="qrstuv"),
        ticket(TWIN, "Eva Lund", FRIENDS),
        ticket(TRIPLET, "Eva Lund", FRIENDS),
        ticket(ALONE, "Ida Eng", "6" * 32),
        ticket(ALONE + 1, "Ida Eng", "5" * 32),
        ticket(ALONE + 2, "Kim Dal"),
        ticket(ALONE + 3, "Kim Dal"),
    ],
    {f"{KARL:032x}": LocalStatus(attention="failed")},
    {ORDER: OrderTexts("dZy1"), SHORT: OrderTexts("anna")},
)


def row(number: int) -> str:
    return f"{number:032x}"


@table(
    ("text", "highlighted", "doubtful", "meant"),
    [
        # Nothing on the line
        ("", row(BO), False, Chosen(row(BO))),
        ("  ", row(BO), True, Chosen(row(BO))),
        ("", None, False, Nobody(NOT_TYPED)),
        # A code that is typed is a code, known or not
        (CODE, None, False, TypedCode(CODE)),
        (f" {DASHED} ", None, False, TypedCode(DASHED)),
        # A scanner that is as slow as a person may have written it: a whole uuid is a code still
        (CODE, None, True, TypedCode(CODE)),
        (
            f"https://example.com/tickets/{DASHED}/",
            None,
            True,
            TypedCode(f"https://example.com/tickets/{DASHED}/"),
        ),
        (CODE[:31], None, True, Nobody(TOO_FAST)),
        (CODE + CODE[:8], None, True, Nobody(TOO_FAST)),
        ("https://example.com/t/nz9lb/", None, True, Nobody(TOO_FAST)),
        ("https://example.com/", None, False, TypedCode("https://example.com/")),
        ("x" * 3_000, None, False, TypedCode("x" * 3_000)),
        ("???", None, False, TypedCode("???")),
        ("1068", None, False, TypedCode("1068")),
        ("dZy1", None, False, TypedCode("dZy1")),
        ("dzy1", None, False, Nobody("2 found: ↓ chooses")),
        ("dZy9", None, False, TypedCode("dZy9")),
        ("qrstuv", None, False, TypedCode("qrstuv")),
        # The one who is left
        ("bo holm", None, False, Chosen(row(BO))),
        ("hans", None, False, Chosen(row(HANS))),
        # Several, and none chosen
        ("holm", None, False, Nobody("2 found: ↓ chooses")),
        ("jensen", None, False, Nobody("2 found: ↓ chooses")),
        ("106", None, False, Nobody("2 found: ↓ chooses")),
        ("holm", row(BO), False, Chosen(row(BO))),
        ("106", row(ANNA), False, Chosen(row(ANNA))),
        # A name that is also somebody's order id
        ("anna", None, False, Nobody("2 found: ↓ chooses")),
        # The same name on one order; on two, or on orders that are not known, a person chooses
        ("eva", None, False, Chosen(row(TWIN), "1 left of 2 with this name")),
        ("ida", None, False, Nobody("2 found: ↓ chooses")),
        ("kim dal", None, False, Nobody("2 found: ↓ chooses")),
        # Nothing found
        ("zzzzzz", None, False, Nobody(NOBODY)),
        ("zzz999", None, False, TypedCode("zzz999")),
        # Near misses: only what a person points at
        ("jensne", row(HANS), False, Chosen(row(HANS))),
        ("jensne", None, False, Nobody(NEAREST)),
        # Who was chosen is found no longer
        ("jensen", row(ANNA), False, Nobody(GONE)),
        # What a scanner may have written chooses nobody by itself
        ("bo holm", None, True, Nobody(TOO_FAST)),
        ("bo holm", row(BO), True, Chosen(row(BO))),
    ],
)
def test_whom_enter_means(
    text: str, highlighted: str | None, doubtful: bool, meant: Selection
) -> None:
    assert select(text, roster=ROSTER, highlighted=highlighted, doubtful=doubtful) == meant


def test_the_first_of_a_name_that_is_not_in() -> None:
    roster = Roster([ticket(number, "Eva Lund", FRIENDS) for number in (TWIN, TRIPLET, ALONE)])
    assert select("eva", roster=roster) == Chosen(row(TWIN), "2 left of 3 with this name")
    roster.set_status(row(TWIN), LocalStatus(admitted_at=datetime(2026, 5, 8, tzinfo=UTC)))
    assert select("eva", roster=roster) == Chosen(row(TRIPLET), "1 left of 3 with this name")
    roster.set_status(row(TRIPLET), LocalStatus(admitted_at=datetime(2026, 5, 8, tzinfo=UTC)))
    assert select("eva", roster=roster) == Chosen(row(ALONE))
    roster.set_status(row(ALONE), LocalStatus(admitted_at=datetime(2026, 5, 8, tzinfo=UTC)))
    assert select("eva", roster=roster) == Chosen(row(TWIN))


def test_enter_under_a_filter() -> None:
    def meant(text: str) -> Selection:
        return select(text, roster=ROSTER, only=Filter.ATTENTION)

    assert meant("jensen") == Chosen(row(KARL))
    assert meant("hans") == Nobody("1 more under all: Tab shows it")
    assert meant("1068") == TypedCode("1068")
    assert meant("zzzz") == Nobody(NOBODY)


def test_without_a_list_everything_is_a_code() -> None:
    assert select("anna", roster=None) == TypedCode("anna")
    assert select("", roster=None) == Nobody(NOT_TYPED)


@given(st.text(max_size=40), st.booleans())
def test_who_is_chosen_is_the_only_one_or_the_person_s_choice(text: str, doubtful: bool) -> None:
    meant = select(text, roster=ROSTER, doubtful=doubtful)
    if isinstance(meant, Chosen):
        found = ROSTER.find(text.strip())
        assert not doubtful and not found.near
        names = {shown.ticket.full_name for uuid in found.uuids if (shown := ROSTER.get(uuid))}
        assert meant.ticket in found.uuids and len(names) == 1
