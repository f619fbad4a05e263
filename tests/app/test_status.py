"""The header, as a table: what is said of what at 80 columns and beyond, and what gives way."""

from datetime import timedelta
from itertools import product

import pytest
from rich.cells import cell_len

from boxoffice.domain.journal import Counts
from boxoffice.domain.models import CodesKnown, LinkState
from boxoffice.domain.venue import NEVER_JOINED, HubState, VenueStatus
from boxoffice.lane import Status
from boxoffice.widgets.status import StatusLine
from tests.support import FakeClock

SHORT = ("Sommerfest på Havnen", "North")
LONG = ("Sommerfest på Havnen: åbningskoncert med kor", "Main entrance, door 2")
READING, ORDERS, READ = (
    CodesKnown(5000, 340, 10, 10),
    CodesKnown(5000, 5000, 3100, 3100),
    CodesKnown(5000, 5000, 5000, 5000),
)
ALONE = VenueStatus(HubState.ALONE, "Hall", doors=12)
CALM, BUSY = Counts(), Counts(waiting=123, failed=4)


def header(
    clock: FakeClock,
    width: int,
    names: tuple[str, str],
    link: LinkState,
    minutes: int,
    counts: Counts,
    codes: CodesKnown,
    venue: VenueStatus = NEVER_JOINED,
    operator: str = "",
) -> str:
    """The line, `width` cells of text."""
    line = StatusLine(clock)
    line.status = Status(
        *names,
        link,
        list_at=clock.now() - timedelta(minutes=minutes),
        loading=False,
        counts=counts,
        checked_in=1250,
        total=5000,
        codes=codes,
        venue=venue,
        operator=operator,
    )
    text = "".join(piece.text for piece in line.line(0, width))
    assert cell_len(text) == width
    return text


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (READING, "codes 340/5000"),
        (ORDERS, "orders 3100/5000"),
        (READ, ""),
        (CodesKnown(), ""),
    ],
)
@pytest.mark.parametrize("width", [80, 100, 120])
def test_how_far_it_is(clock: FakeClock, known: CodesKnown, said: str, width: int) -> None:
    text = header(clock, width, SHORT, LinkState.ONLINE, 0, CALM, known)
    assert said in text
    assert ("codes" in text or "orders" in text) is bool(said)
    assert "· North" in text


@pytest.mark.parametrize(
    ("names", "link", "minutes", "counts", "codes", "said"),
    [
        (
            SHORT,
            LinkState.ONLINE,
            0,
            CALM,
            READ,
            " Sommerfest på Havnen · North  ● online  list 0 s  waiting 0  ! 0  in 1250/5000 ",
        ),
        (
            LONG,
            LinkState.ONLINE,
            0,
            CALM,
            READ,
            " Sommerfest på H… · Main entr… ● online  list 0 s  waiting 0  ! 0  in 1250/5000 ",
        ),
        (
            LONG,
            LinkState.SLOW,
            0,
            CALM,
            READING,
            " Sommerfest på H… · Main entr… ◐ slow  0 s  codes 6%  waiting 0  ! 0  1250/5000 ",
        ),
        (
            SHORT,
            LinkState.CAPTIVE,
            14,
            BUSY,
            READ,
            " Sommerfest på H… · North ▲ captive  14 min old  waiting 123  ! 4  in 1250/5000 ",
        ),
        (
            LONG,
            LinkState.REFUSED,
            14,
            BUSY,
            READING,
            " Sommerfest… · Main en…  ✗ refused  14 min old  codes 6%  ↑ 123  ! 4  1250/5000 ",
        ),
    ],
)
def test_what_gives_way(
    clock: FakeClock,
    names: tuple[str, str],
    link: LinkState,
    minutes: int,
    counts: Counts,
    codes: CodesKnown,
    said: str,
) -> None:
    assert header(clock, 80, names, link, minutes, counts, codes) == said


def test_a_list_from_what_the_clock_takes_for_the_future_is_old(clock: FakeClock) -> None:
    text = header(clock, 80, SHORT, LinkState.OFFLINE, -180, CALM, READ)
    assert "list ? old" in text


@pytest.mark.parametrize("width", [80, 81, 100, 120])
@pytest.mark.parametrize("names", [SHORT, LONG], ids=["short", "long"])
def test_nothing_is_left_out(clock: FakeClock, names: tuple[str, str], width: int) -> None:
    event, lane = names
    ages = {0: " 0 s ", 14: " 14 min old ", 30 * 60: " 30 h old "}
    queues = (CALM, BUSY, Counts(waiting=4321, failed=120))
    known = (READ, READING, ORDERS)
    for link, age, counts, codes, venue in product(
        LinkState, ages, queues, known, (NEVER_JOINED, ALONE)
    ):
        text = header(clock, width, names, link, age, counts, codes, venue)
        assert ("◇" in text) is (venue is ALONE)
        assert f" {event[:8]}" in text
        assert f" · {lane[:4]}" in text
        assert f" {link} " in text
        assert ages[age] in text
        assert f"waiting {counts.unsent} " in text or f"↑ {counts.unsent} " in text
        attention = counts.attention
        assert f"! {attention} " in text or f"needs a person {attention} " in text
        assert "1250/5000 " in text
        if venue is NEVER_JOINED or width >= 100:
            assert ("%" in text or "340/" in text or "3100/" in text) is (codes is not READ)


def test_who_is_at_the_door_takes_room_from_nobody(clock: FakeClock) -> None:
    for width, names, said in (
        (120, SHORT, " Sommerfest på Havnen · North · Åse  "),
        (80, SHORT, " Sommerfest på Havnen · North  "),
        (80, LONG, " Sommerfest på H… · Main entr… "),
    ):
        named = header(clock, width, names, LinkState.ONLINE, 0, CALM, READ, operator="Åse")
        assert named.startswith(said)


def test_where_room_is_short_the_numbers_stay(clock: FakeClock) -> None:
    text = header(clock, 60, LONG, LinkState.OFFLINE, 14, BUSY, READING)
    assert text == " Sommerfest p… ○ offline  14 min old  ↑ 123  ! 4  1250/5000 "


@pytest.mark.parametrize(
    ("state", "words", "short"),
    [
        (HubState.JOINED, "◆ 12 doors", "◆12"),
        (HubState.JOINING, "◆ joining 340/5000", "◆…"),
        (HubState.ALONE, "◇ alone 2 min", "◇!"),
        (HubState.REFUSED, "◇ alone 2 min", "◇!"),
    ],
)
def test_the_venue(clock: FakeClock, state: HubState, words: str, short: str) -> None:
    since = clock.now() - timedelta(minutes=2)
    venue = VenueStatus(state, "Hall", doors=12, since=since, read=340, total=5000)
    wide = header(clock, 120, SHORT, LinkState.ONLINE, 0, CALM, READ, venue)
    assert f"● online  {words}  " in wide
    narrow = header(clock, 60, LONG, LinkState.OFFLINE, 14, BUSY, READING, venue)
    assert f"○ offline  {short}  14 min old" in narrow
    assert "↑ 123  ! 4  1250/5000 " in narrow


def test_who_never_joined_a_venue_reads_nothing_of_it(clock: FakeClock) -> None:
    text = header(clock, 120, SHORT, LinkState.ONLINE, 0, CALM, READ)
    assert "◆" not in text
    assert "◇" not in text


def test_one_door_is_one_door() -> None:
    assert VenueStatus(HubState.JOINED, doors=1).words(FakeClock().now()) == "◆ 1 door"
