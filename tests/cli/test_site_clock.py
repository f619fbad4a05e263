"""A computer whose clock is wrong: what `scan` and `sync` say and write down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import KEY, TICKETS, Computer

CLOSE = timedelta(minutes=2)


@pytest.fixture(params=[-26, 26])
def hours(request: pytest.FixtureRequest) -> int:
    """By how many hours this computer's clock is ahead of the site's."""
    return int(request.param)


@pytest.fixture
def site(hours: int) -> Iterator[SandboxThread]:
    def now() -> datetime:
        return datetime.now(UTC) - timedelta(hours=hours)

    with SandboxThread(tickets=TICKETS, token=KEY, now=now) as server:
        yield server


def sentence(hours: int) -> str:
    which = "ahead of" if hours > 0 else "behind"
    return f"This computer's clock is 26 h {which} the site's: times here are the site's."


def test_scan_goes_by_the_sites_clock(site: SandboxThread, computer: Computer, hours: int) -> None:
    days = list(site.state.events)[2]
    computer.environment["BOXOFFICE_EVENT"] = days
    tickets = site.examples()
    ran = computer.scan(tickets["today"].uuid, tickets["tomorrow"].uuid, tickets["yesterday"].uuid)
    assert ran.status == 0
    assert [line["verdict"] for line in ran.lines] == ["admitted", "wrong_day", "wrong_day"]
    assert ran.sentence == sentence(hours)
    right = datetime.now(UTC) - timedelta(hours=hours)
    for line in ran.lines:
        assert abs(datetime.fromisoformat(line["at"]) - right) < CLOSE
    site.stop()
    (offline,) = computer.scan(tickets["any_day"].uuid).lines
    assert offline["confirmed"] is False
    assert abs(datetime.fromisoformat(offline["at"]) - right) < CLOSE
    assert computer.run("queue", "--json").json["waiting"] == 1


def test_sync_says_it_once(computer: Computer, hours: int) -> None:
    for _ in range(2):
        ran = computer.run("sync")
        assert ran.status == 0
        assert ran.sentence == sentence(hours)


def test_what_is_kept_of_the_clock_may_be_rubbish(computer: Computer, hours: int) -> None:
    assert computer.run("sync").status == 0
    (kept,) = Path(computer.data).glob("*/clock")
    for rubbish in ("", "soon", "2026-01-01 2026-01-01", "\x00" * 40):
        kept.write_text(rubbish)
        ran = computer.run("sync")
        assert (ran.status, ran.sentence) == (0, sentence(hours))
