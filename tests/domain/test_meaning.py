"""What Enter means: a code, a row of the list, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.codes import read_code
from boxoffice.domain.entry import Chosen, Meaning, Nothing, Scanned, meaning
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, Mark, Roster

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


ANNA, BO, HANS, KARL, ODD = range(1068, 1073)
ORDER, SHORT = "9" * 32, "8" * 32
ROSTER = Roster(
    [
        ticket(ANNA, "Anna Holm", ORDER),
        ticket(BO, "Bo Holm", ORDER),
        ticket(HANS, "Hans Jensen"),
        ticket(KARL, "Karl Jensen"),
        ticket(ODD, "Odd Berg", SHORT, external="qrstuv"),
    ],
    {f"{KARL:032x}": Mark(attention="failed")},
    {ORDER: "dZy1", SHORT: "anna"},
)


def row(number: int) -> str:
    return f"{number:032x}"


@pytest.mark.parametrize(
    ("text", "burst", "highlighted", "chosen", "meant"),
    [
        # Nothing on the line
        ("", "", row(BO), True, Chosen(row(BO))),
        ("  ", "", row(BO), True, Chosen(row(BO))),
        ("", "", row(BO), False, Nothing()),
        ("", "", None, True, Nothing()),
        # A code is a code, typed or scanned, known or not
        (CODE, "", row(BO), True, Scanned(CODE)),
        (f" {DASHED} ", "", None, False, Scanned(DASHED)),
        ("https://example.com/", "", row(BO), True, Scanned("https://example.com/")),
        ("x" * 3_000, "", row(BO), True, Scanned("x" * 3_000)),
        ("???", "", row(BO), False, Scanned("???")),
        # ... also behind what someone began to type
        (f"anna{CODE}", CODE, row(ANNA), False, Scanned(CODE)),
        ("an1068", "1068", row(ANNA), False, Scanned("1068")),
        # Numbers and order ids: known ones always, unknown ones from a scanner
        ("1068", "", row(BO), False, Scanned("1068")),
        ("dZy1", "", row(BO), False, Scanned("dZy1")),
        ("dzy1", "", row(BO), False, Chosen(row(BO))),
        ("106", "106", row(ANNA), False, Scanned("106")),
        ("dZy9", "dZy9", row(ANNA), False, Scanned("dZy9")),
        ("106", "", row(ANNA), False, Chosen(row(ANNA))),
        ("1069", "9", row(BO), False, Scanned("1069")),
        ("dZy9", "", row(ANNA), False, Scanned("dZy9")),
        # A search: the highlighted row, however fast it was typed
        ("holm", "", row(BO), False, Chosen(row(BO))),
        ("holm", "holm", row(BO), False, Chosen(row(BO))),
        ("hans jensen", "hans jensen", row(HANS), False, Chosen(row(HANS))),
        # The list is not drawn yet, or shows something else: the first that is found
        ("holm", "", None, False, Chosen(row(ANNA))),
        ("jensen", "jensen", row(ANNA), False, Chosen(row(HANS))),
        # A name that is also somebody's order id: the list decides
        ("anna", "anna", row(ANNA), False, Chosen(row(ANNA))),
        # A word that only names: an external uuid
        ("qrstuv", "qrstuv", row(ANNA), False, Scanned("qrstuv")),
        # Nothing found
        ("zzzzzz", "", row(ANNA), True, Scanned("zzzzzz")),
        # Near misses: only what a person points at
        ("jensne", "", row(HANS), True, Chosen(row(HANS))),
        ("jensne", "", None, False, Nothing()),
        ("jensne", "", row(ANNA), False, Nothing()),
        # Who was chosen is found no longer
        ("jensen", "", row(ANNA), True, Nothing()),
        ("jensne", "jensne", row(HANS), False, Scanned("jensne")),
    ],
)
def test_what_enter_means(
    text: str, burst: str, highlighted: str | None, chosen: bool, meant: Meaning
) -> None:
    assert (
        meaning(text, burst=burst, roster=ROSTER, highlighted=highlighted, chosen=chosen) == meant
    )


def test_enter_under_a_filter() -> None:
    def meant(text: str, only: Filter) -> Meaning:
        return meaning(text, roster=ROSTER, only=only)

    assert meant("jensen", Filter.ATTENTION) == Chosen(row(KARL))
    assert meant("hans", Filter.ATTENTION) == Nothing()
    assert meant("1068", Filter.ATTENTION) == Scanned("1068")
    assert meant("zzzz", Filter.ATTENTION) == Scanned("zzzz")


def test_without_a_list_everything_is_a_code() -> None:
    assert meaning("anna", roster=None) == Scanned("anna")
    assert meaning("", roster=None, highlighted=None) == Nothing()


@given(st.text(max_size=40), st.booleans(), st.booleans())
def test_a_scanner_never_admits_by_a_guess(text: str, is_fast: bool, chosen: bool) -> None:
    meant = meaning(
        text, burst=text if is_fast else "", roster=ROSTER, highlighted=row(BO), chosen=chosen
    )
    if isinstance(meant, Chosen) and text.strip():
        found = ROSTER.find(text.strip())
        assert meant.ticket in found.uuids
        assert not (is_fast and found.near)
        assert not (is_fast and read_code(text.strip()).is_coded)
