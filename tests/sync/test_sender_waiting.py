"""When the queue waits: after faults, at the site's wish, and while the link is down."""

import pytest

from boxoffice.domain.journal import QueueState
from boxoffice.domain.models import LinkState
from boxoffice.sync import Drained
from boxoffice.sync.context import LONGEST_ASKED
from boxoffice.sync.link import WRITES, Heartbeat
from boxoffice.sync.sender import SIDE_BY_SIDE
from tests.support import until
from tests.sync.conftest import Laptop, moments, pass_by, pass_until, running

ONE_TICKET = "tickets/*/"


def heartbeat(laptop: Laptop) -> Heartbeat:
    return Heartbeat(laptop.client, laptop.link, clock=laptop.clock, jitter=lambda: 0.5)


class TestBackingOff:
    async def test_it_is_kept_in_the_journal_and_grows(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set("503")
        sender = laptop.sender()
        waits = []
        for _ in range(9):
            await sender.drain()
            due = (await laptop.row()).due
            assert due is not None
            waits.append((due - laptop.clock.now()).total_seconds())
            await laptop.clock.advance(waits[-1])
        assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]

    @pytest.mark.parametrize("fault", ["524", "drop"])
    async def test_unknown_outcomes_are_tried_slowly(self, laptop: Laptop, fault: str) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set(fault, method="PATCH")
        await laptop.sender().drain()
        due = (await laptop.row()).due
        assert due is not None
        assert (due - laptop.clock.now()).total_seconds() == 2.5

    async def test_a_site_that_asks_for_a_pause_gets_it_from_the_whole_queue(
        self, laptop: Laptop
    ) -> None:
        guests = laptop.guests(30)
        await laptop.admit(*guests)
        laptop.site.faults.set("429=20", method="PATCH", times=1)
        async with running(laptop.sender().run()):
            await until(laptop.held)
            await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
        came = moments(laptop.site, "PATCH")
        assert len(came) == 31
        assert sum(at == 0 for at in came) < 20
        assert not any(0 < at < 20 for at in came)

    async def test_a_site_that_asks_for_a_day_is_asked_again_within_the_evening(
        self, laptop: Laptop
    ) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set("429=86400", method="PATCH", times=1)
        sender = laptop.sender()
        await sender.drain()
        due = (await laptop.row()).due
        assert due is not None
        assert (due - laptop.clock.now()).total_seconds() == LONGEST_ASKED
        await laptop.clock.advance(LONGEST_ASKED)
        assert (await sender.drain()).sent == 1
        assert guest.checked_in

    async def test_without_a_word_for_how_long_it_waits_longer_each_time(
        self, laptop: Laptop
    ) -> None:
        await laptop.admit(*laptop.guests(3))
        laptop.site.faults.set("429")
        sender = laptop.sender()
        for wait in (0.5, 1, 2, 4):
            before = len(laptop.site.log)
            await sender.drain()
            assert len(laptop.site.log) > before
            before = len(laptop.site.log)
            await laptop.clock.advance(wait - 0.1)
            await sender.drain()
            assert len(laptop.site.log) == before
            await laptop.clock.advance(0.1)

    async def test_rows_due_later_are_sent_by_themselves(self, laptop: Laptop) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set("503", times=1)
        async with running(laptop.sender().run()):
            await pass_until(laptop.clock, lambda: guest.checked_in)


class TestTheLink:
    async def test_offline_nothing_is_tried_until_the_heartbeat_is_back(
        self, laptop: Laptop
    ) -> None:
        guests = laptop.guests(20)
        await laptop.admit(*guests, read_first=True)
        await laptop.site.stop()
        async with running(laptop.sender().run()), running(heartbeat(laptop).run()):
            await until(lambda: laptop.link.state is LinkState.OFFLINE)
            await pass_by(laptop.clock, 300)
            assert all(row.tries <= 1 for row in await laptop.queue())
            await laptop.site.start()
            await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
        assert laptop.link.state is LinkState.ONLINE
        assert laptop.writes() == 20

    @pytest.mark.parametrize("fault", ["html", "redirect"])
    async def test_a_captive_portal_is_waited_out(self, laptop: Laptop, fault: str) -> None:
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        laptop.site.faults.set(fault)
        sender = laptop.sender()
        assert await sender.drain() == Drained(0, 1, 0)
        assert laptop.link.state is LinkState.CAPTIVE
        before = len(laptop.site.log)
        assert await sender.drain() == Drained(0, 1, 0)
        assert len(laptop.site.log) == before
        laptop.site.faults.clear()
        await heartbeat(laptop).beat()
        assert (await sender.drain()).sent == 1
        assert laptop.writes(applied=True) == 1

    async def test_a_refused_key_stops_sending_until_it_works_again(self, laptop: Laptop) -> None:
        guests = laptop.guests(30)
        await laptop.admit(*guests)
        laptop.site.faults.set("401")
        async with running(laptop.sender().run()), running(heartbeat(laptop).run()):
            await until(laptop.held)
            await pass_by(laptop.clock, 90)
            assert laptop.writes() < 20
            rows = await laptop.queue()
            assert {row.state for row in rows} == {QueueState.WAITING}
            assert not any(row.attempted for row in rows)
            laptop.site.faults.clear()
            await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
        assert laptop.writes(applied=True) == 30

    async def test_a_key_that_works_again_is_used_at_once(self, laptop: Laptop) -> None:
        """And not when its wait is over, which grows to minutes."""
        first, second = laptop.guests(2)
        await laptop.admit(first)
        sender = laptop.sender()
        assert (await sender.drain()).sent == 1
        await laptop.admit(second, read_first=True)
        laptop.site.faults.set("401")
        assert await sender.drain() == Drained(sent=0, waiting=1, attention=0)
        laptop.site.faults.clear()
        await heartbeat(laptop).beat()
        assert await sender.drain() == Drained(sent=1, waiting=0, attention=0)
        assert second.checked_in

    async def test_a_key_that_may_only_read_tries_one_row_now_and_then(
        self, laptop: Laptop
    ) -> None:
        guests = laptop.guests(30)
        await laptop.admit(*guests)
        forbidden = laptop.site.faults.set("403", method="PATCH")
        async with running(laptop.sender().run()), running(heartbeat(laptop).run()):
            await until(laptop.held)
            first = laptop.writes()
            assert first <= SIDE_BY_SIDE
            await pass_until(laptop.clock, lambda: laptop.writes() >= first + 3)
            assert laptop.link.sentence == WRITES
            assert moments(laptop.site, "PATCH")[-1] > 30
            laptop.site.faults.clear(forbidden)
            await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
        assert laptop.link.state is LinkState.ONLINE

    async def test_one_ticket_that_is_forbidden_stops_the_others_for_a_while_only(
        self, laptop: Laptop
    ) -> None:
        guests = laptop.guests(30)
        laptop.site.faults.set("403", path=f"tickets/{guests[0].uuid}/")
        await laptop.admit(*guests)
        async with running(laptop.sender().run()):
            await pass_until(laptop.clock, lambda: all(each.checked_in for each in guests[1:]))
