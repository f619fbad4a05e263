"""What a person at a door reads of what is wrong: the gravest first, with where to settle it."""

from datetime import timedelta
from typing import Any

import pytest

from boxoffice.commands import COMMANDS
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import LinkState
from boxoffice.domain.notices import HALF_DONE, HUB_AWAY, MEGABYTE, Notice, notices
from boxoffice.domain.venue import HubState, VenueStatus

WELL: dict[str, Any] = {
    "counts": Counts(waiting=12, sending=1),
    "link": LinkState.ONLINE,
    "sentence": "",
    "faults": (),
    "venue": VenueStatus(HubState.JOINED, "Hall", doors=2),
    "webhooks": "",
    "clock_off": timedelta(),
    "free": 5000 * MEGABYTE,
    "half_done_sale": False,
    "listed": None,
}
ONE = "{} ticket may have let two people in: look for both."
WORST: dict[str, Any] = {
    "counts": Counts(failed=2, conflicts=1, sales_stuck=3),
    "link": LinkState.OFFLINE,
    "sentence": "Away.",
    "faults": ("Broken.",),
    "venue": VenueStatus(HubState.ALONE),
    "webhooks": "None come.",
    "clock_off": timedelta(hours=26),
    "free": 80 * MEGABYTE,
    "half_done_sale": True,
    "listed": 0,
}


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({}, []),
        ({"free": None}, []),
        (
            {"free": 99 * MEGABYTE},
            [
                (
                    "Only 99 MB are free on this disk: make room, or nobody can be admitted.",
                    "readiness",
                )
            ],
        ),
        (
            {"free": 999 * MEGABYTE},
            [("Only 999 MB are free on this disk: make room.", "readiness")],
        ),
        ({"link": LinkState.REFUSED, "sentence": "No."}, [("No.", "login")]),
        ({"link": LinkState.CAPTIVE, "sentence": "A page."}, [("A page.", "")]),
        ({"link": LinkState.OFFLINE, "sentence": "Away."}, [("Away.", "")]),
        ({"counts": Counts(conflicts=1)}, [(ONE.format(1), "queue")]),
        (
            {"counts": Counts(failed=2)},
            [("The site refused 2 changes that were made here: see what to do.", "queue")],
        ),
        ({"counts": Counts(sales_stuck=1)}, [("1 sale needs a person.", "queue")]),
        ({"venue": VenueStatus(HubState.ALONE)}, [(HUB_AWAY, "venue")]),
        ({"venue": VenueStatus(HubState.REFUSED, sentence="Refused.")}, [("Refused.", "venue")]),
        ({"webhooks": "None come."}, [("None come.", "hooks")]),
        (
            {"listed": 0},
            [
                (
                    "The site lists only 0 tickets now: "
                    "the list here is kept until you refresh it.",
                    "refresh",
                )
            ],
        ),
        ({"half_done_sale": True}, [(HALF_DONE, "sale")]),
        (
            {"clock_off": timedelta(minutes=-40)},
            [
                (
                    "This computer's clock is 40 min behind the site's: times here are the site's.",
                    "",
                )
            ],
        ),
    ],
)
def test_each_kind(wrong: dict[str, Any], shown: list[tuple[str, str]]) -> None:
    assert notices(**WELL | wrong) == [Notice(*one) for one in shown]


def test_the_gravest_comes_first() -> None:
    words = [notice.sentence.split()[0] for notice in notices(**WORST)]
    assert words == ["Only", "Broken.", "1", "The", "3", "The", "The", "A", "None", "This", "Away."]
    barred = notices(**WORST | {"link": LinkState.REFUSED})
    assert [notice.sentence for notice in barred][1:3] == ["Broken.", "Away."]


def test_where_it_is_settled_is_a_command() -> None:
    known = {command.id for command in COMMANDS}
    assert {notice.command for notice in notices(**WORST)} - {""} <= known
