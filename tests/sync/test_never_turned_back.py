"""No list takes back what a later word of the site, or a check-in of ours, has said."""

import asyncio

import pytest

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import KEPT_SAYING, LAG
from boxoffice.sandbox.models import Ticket as SiteTicket
from boxoffice.store import admissions, queue, tickets
from boxoffice.sync.puller import DOUBTS
from tests.support import until
from tests.sync.conftest import LIST, Laptop
from tests.sync.test_puller import Published


async def confirm(laptop: Laptop, *uuids: str) -> None:
    """Check in here, with the server's confirmation."""
    for uuid in uuids:
        entry = Entry(JournalKind.SCAN, event=laptop.event, ticket=uuid)
        await laptop.journal.write(admissions.admit, entry, read_first=False)
    for row in await laptop.queue():
        entry = Entry(JournalKind.OUTCOME, event=row.event, ticket=row.ticket)
        await laptop.journal.write(queue.complete, row.id, entry)


async def is_taken_back(laptop: Laptop, guest: SiteTicket) -> bool:
    """Whether the site is known to have taken our admission back, which stands in any case."""
    admission = await laptop.journal.read(admissions.get, guest.uuid)
    assert admission is not None
    return admission.taken_back


class TestNeverTurnedBack:
    async def test_a_read_during_the_list_is_newer_than_the_list(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        await puller.pull()
        (guest,) = laptop.guests(1)
        hanging = laptop.site.faults.set("hang-after", path=LIST)
        pulling = asyncio.create_task(puller.pull())
        await until(lambda: hanging.hits == 1)
        laptop.site.state.check_in(guest)
        await puller.save(await laptop.client.tickets.get(guest.uuid))
        laptop.site.faults.clear()
        assert await pulling
        assert (await puller.load())[guest.uuid].checked_in
        stored = await laptop.store.read(tickets.get, guest.uuid)
        assert stored is not None
        assert stored.checked_in

    async def test_a_read_while_the_list_is_taken_up_is_newer_too(
        self, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("boxoffice.store.ticket_lists.CHUNK", 10)
        puller = laptop.puller()
        await puller.pull()
        known = dict(await puller.load())
        first, *_, coded, last = known
        for guest in laptop.site.state.events[laptop.event].tickets:
            laptop.site.state.update_ticket(guest, full_name="Listed")

        def is_listed(uuid: str) -> bool:
            now = puller.listed(uuid)
            return now is not None and now.full_name == "Listed"

        pulling = asyncio.create_task(puller.pull())
        await until(lambda: is_listed(first), every=0)
        assert not (is_listed(coded) or is_listed(last))
        read = known[last]._replace(full_name="Read", checked_in=True)
        await puller.save(read)
        await puller.save_codes(known[coded]._replace(url="ab12c"))
        assert await pulling
        listed = known[coded]._replace(full_name="Listed", url="ab12c")
        for ticket in (read, listed):
            assert puller.listed(ticket.uuid) == ticket
            assert await laptop.store.read(tickets.get, ticket.uuid) == ticket

    async def test_a_ticket_made_while_a_list_is_read_does_not_go_with_it(
        self, laptop: Laptop
    ) -> None:
        """Sold at this very door, it would be unknown there until the next list."""
        puller = laptop.puller()
        await puller.pull()
        published = Published(laptop)
        hanging = laptop.site.faults.set("hang-after", path=LIST)
        pulling = asyncio.create_task(puller.pull())
        await until(lambda: laptop.site.log.count("GET", LIST) == 2 and hanging.hits == 1)
        event = laptop.site.state.events[laptop.event]
        buyer = {"first_name": "Mads", "last_name": "Holm", "email": "m@example.com"}
        order = laptop.site.state.sell(event, buyer, [(event.ticket_types[0], 1)], "BX-1-1")
        (made,) = order.tickets
        read = await laptop.client.tickets.get(made.uuid)
        await puller.save(read._replace(event=laptop.event))
        laptop.site.faults.clear()
        assert await pulling
        assert made.uuid in await puller.load()
        assert await laptop.store.read(tickets.get, made.uuid) is not None
        assert published.removed == []

    async def test_a_check_in_elsewhere_that_was_read_and_undone_is_seen(
        self, laptop: Laptop
    ) -> None:
        """The list is byte for byte the one from before the check-in."""
        puller = laptop.puller()
        await puller.pull()
        (guest,) = laptop.guests(1)
        laptop.site.state.check_in(guest)
        await puller.save(await laptop.client.tickets.get(guest.uuid))
        laptop.site.state.check_in(guest, False)
        await puller.pull()
        assert not (await puller.load())[guest.uuid].checked_in

    async def test_a_list_begun_before_our_write_was_confirmed(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        published = Published(laptop)
        (guest,) = laptop.guests(1)
        hanging = laptop.site.faults.set("hang-after", path=LIST)
        pulling = asyncio.create_task(puller.pull())
        await until(lambda: hanging.hits == 1)
        laptop.site.state.check_in(guest)
        await confirm(laptop, guest.uuid)
        laptop.site.faults.clear()
        assert await pulling
        assert published.taken_back == []
        assert await laptop.confirmed(guest)
        assert laptop.site.log.count("GET", "tickets/*/") == 0

    async def test_an_old_list_from_a_cache(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        await puller.pull()
        (guest,) = laptop.guests(1)
        stale = laptop.site.faults.set("stale", path=LIST)
        laptop.site.state.check_in(guest)
        await confirm(laptop, guest.uuid)
        await puller.save(await laptop.client.tickets.get(guest.uuid))
        published = Published(laptop)
        await puller.pull()
        assert (await puller.load())[guest.uuid].checked_in
        assert published.taken_back == []
        assert await laptop.confirmed(guest)
        laptop.site.faults.clear(stale)
        await puller.pull()
        assert (await puller.load())[guest.uuid].checked_in

    async def test_undone_at_the_site_it_is_noted_by_its_own_reads(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        (guest,) = laptop.guests(1)
        laptop.site.state.check_in(guest)
        await confirm(laptop, guest.uuid)
        await puller.pull()
        published = Published(laptop)
        laptop.site.state.check_in(guest, False)
        await laptop.clock.advance(LAG.total_seconds())
        await puller.pull()
        assert laptop.site.log.count("GET", "tickets/*/") == 0, "the list may lag"
        await laptop.clock.advance(1)
        for _ in range(KEPT_SAYING):
            assert not await is_taken_back(laptop, guest)
            await puller.pull()
        assert await is_taken_back(laptop, guest)
        assert published.taken_back == [guest.uuid] * KEPT_SAYING
        assert not (await puller.load())[guest.uuid].checked_in
        stored = await laptop.store.read(tickets.get, guest.uuid)
        assert stored is not None
        assert not stored.checked_in
        reads = laptop.site.log.count("GET", "tickets/*/")
        await puller.pull()
        assert laptop.site.log.count("GET", "tickets/*/") == reads, "there is nothing new in it"

    async def test_in_again_at_the_site_that_is_noted_too(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        (guest,) = laptop.guests(1)
        await confirm(laptop, guest.uuid)
        await laptop.clock.advance(LAG.total_seconds() + 1)
        for _ in range(KEPT_SAYING):
            await puller.pull()
        assert await is_taken_back(laptop, guest)
        published = Published(laptop)
        laptop.site.state.check_in(guest)
        await puller.pull()
        assert published.taken_back == [guest.uuid]
        assert await laptop.confirmed(guest)
        assert not await is_taken_back(laptop, guest)

    async def test_an_old_list_alone_is_never_believed(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        await puller.pull()
        (guest,) = laptop.guests(1)
        laptop.site.faults.set("stale", path=LIST)
        laptop.site.state.check_in(guest)
        await confirm(laptop, guest.uuid)
        await puller.save(await laptop.client.tickets.get(guest.uuid))
        for _ in range(5):
            await laptop.clock.advance(LAG.total_seconds())
            await puller.pull()
        assert not await is_taken_back(laptop, guest)
        assert (await puller.load())[guest.uuid].checked_in

    async def test_a_ticket_in_doubt_that_cannot_be_read_stays_in(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        (guest,) = laptop.guests(1)
        laptop.site.state.check_in(guest)
        await confirm(laptop, guest.uuid)
        await puller.pull()
        laptop.site.state.check_in(guest, False)
        laptop.site.faults.set("404", path=f"tickets/{guest.uuid}/")
        await laptop.clock.advance(LAG.total_seconds() + 1)
        assert await puller.pull()
        assert (await puller.load())[guest.uuid].checked_in
        assert await laptop.confirmed(guest)
        laptop.site.faults.clear()
        for _ in range(KEPT_SAYING):
            await puller.pull()
        assert await is_taken_back(laptop, guest)

    async def test_of_many_in_doubt_some_are_read_after_each_list(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        guests = laptop.guests(DOUBTS + 5)
        for guest in guests:
            laptop.site.state.check_in(guest)
        await confirm(laptop, *(guest.uuid for guest in guests))
        await puller.pull()
        for guest in guests:
            laptop.site.state.check_in(guest, False)
        await laptop.clock.advance(LAG.total_seconds() + 1)
        for pulls in range(1, KEPT_SAYING + 1):
            await puller.pull()
            assert laptop.site.log.count("GET", "tickets/*/") == DOUBTS * pulls
        await puller.pull()
        assert laptop.site.log.count("GET", "tickets/*/") == DOUBTS * KEPT_SAYING + 5
        await puller.pull()
        assert all([await is_taken_back(laptop, guest) for guest in guests])
        assert len(await laptop.journal.read_all(admissions.of_event, laptop.event)) == DOUBTS + 5

    async def test_a_check_in_not_yet_sent_is_no_doubt(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        (guest,) = laptop.guests(1)
        await laptop.admit(guest)
        await puller.pull()
        assert laptop.site.log.count("GET", "tickets/*/") == 0
        assert await laptop.journal.read(admissions.get, guest.uuid) is not None
