"""The list: read from a real server, kept on disk, and doubted where it says too much."""

import asyncio
import json
from dataclasses import replace
from random import Random

import pytest

from boxoffice.domain.models import Order, OrderTicket
from boxoffice.sandbox.models import Ticket as SiteTicket
from boxoffice.store import StoreError, ticket_lists, tickets
from boxoffice.store.updates import CheckInDisputed, EventMetadataStored, StoreUpdate, TicketsStored
from boxoffice.sync import Puller
from boxoffice.sync.list_pace import is_suspicious
from tests.support import both_dialects, table, until
from tests.sync.conftest import LIST, Laptop


@pytest.fixture
def ticket_count() -> int:
    """A list that is read in many pieces."""
    return 400


class Published:
    def __init__(self, laptop: Laptop, event: str = "") -> None:
        self._event = event or laptop.event
        self.changed: list[str] = []
        self.removed: list[str] = []
        self.taken_back: list[str] = []
        self.lists = 0
        self.questions = 0
        laptop.updates.subscribe(
            self._on_update, TicketsStored, EventMetadataStored, CheckInDisputed
        )

    async def _on_update(self, update: StoreUpdate) -> None:
        match update:
            case TicketsStored(self._event, changed, removed):
                self.lists += 1
                self.changed += [ticket.uuid for ticket in changed]
                self.removed += removed
            case EventMetadataStored(self._event):
                self.questions += 1
            case CheckInDisputed(ticket):
                self.taken_back.append(ticket)


def rows(*tickets: SiteTicket) -> list[dict[str, object]]:
    return [{"uuid": ticket.uuid, "checked_in": ticket.checked_in} for ticket in tickets]


def say(
    laptop: Laptop, body: list[dict[str, object]], times: int | None = None, path: str = LIST
) -> None:
    """Let the site answer this for its list."""
    rule = laptop.site.faults.set("wrong-shape", path=path, times=times)
    rule.fault = replace(rule.fault, body=json.dumps(body).encode())


@both_dialects
async def test_the_first_list_is_stored_and_told(laptop: Laptop) -> None:
    puller = laptop.puller()
    published = Published(laptop)
    assert await puller.pull()
    assert len(published.changed) == 400
    stored = await laptop.store.read_all(tickets.load, laptop.event)
    assert {ticket.uuid: ticket for ticket in stored} == await puller.load()
    pulled = await laptop.store.read(ticket_lists.pulled, laptop.event)
    assert pulled is not None
    assert pulled.tickets == 400
    assert puller.last_pull == laptop.clock.now()


@both_dialects
async def test_only_what_is_different_is_told(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    published = Published(laptop)
    one, two = laptop.guests(2)
    laptop.site.state.check_in(one)
    laptop.site.state.refund_ticket(two)
    await puller.pull()
    assert sorted(published.changed) == sorted([one.uuid, two.uuid])
    assert published.removed == []
    stored = await laptop.store.read(tickets.get, one.uuid)
    assert stored is not None
    assert stored.checked_in


async def test_a_ticket_that_the_site_no_longer_has_goes(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    published = Published(laptop)
    gone, *others = laptop.site.state.events[laptop.event].tickets
    say(laptop, rows(*others))
    await puller.pull()
    assert published.removed == [gone.uuid]
    assert gone.uuid not in await puller.load()
    assert await laptop.store.read(tickets.get, gone.uuid) is None


async def test_a_ticket_that_went_to_another_event_stays_in_the_list_of_that(
    laptop: Laptop,
) -> None:
    """Two doors share the file, each with the list of one event."""
    here, there, *_ = laptop.site.state.events.values()
    pullers = [Puller(event.uuid, laptop.context) for event in (here, there)]
    for puller in pullers:
        await puller.pull()
    moved, *others = here.tickets
    say(laptop, rows(*others), path=f"events/{here.uuid}/tickets/")
    say(laptop, rows(moved, *there.tickets), path=f"events/{there.uuid}/tickets/")
    for puller in reversed(pullers):
        await puller.pull()
    stored = await laptop.store.read(tickets.get, moved.uuid)
    assert stored is not None
    assert stored.event == there.uuid


async def test_what_an_order_tells_of_its_tickets_is_in_the_list_at_once(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    (guest,) = laptop.guests(1)
    told = OrderTicket(guest.uuid, "EXT-9", "qx9zz", "Acme ApS")
    await puller.save_order(Order(guest.order.uuid, party=(told,)))
    listed = puller.listed(guest.uuid)
    assert listed is not None
    assert (listed.external_uuid, listed.url, listed.company_name) == told[1:]
    assert listed in await laptop.store.read(tickets.of_order, guest.order.uuid)


async def test_the_same_list_is_told_as_no_change_and_is_as_fresh(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    published = Published(laptop)
    await laptop.clock.advance(60)
    assert await puller.pull()
    assert (published.lists, published.changed, published.removed) == (1, [], [])
    pulled = await laptop.store.read(ticket_lists.pulled, laptop.event)
    assert pulled is not None
    assert puller.last_pull == pulled.at == laptop.clock.now()


async def test_yesterdays_list_is_the_one_compared_with(laptop: Laptop) -> None:
    await laptop.puller().pull()
    (guest,) = laptop.guests(1)
    laptop.site.state.check_in(guest)
    today = laptop.puller()
    published = Published(laptop, today.event)
    await today.load()
    assert today.last_pull == laptop.clock.now()
    await today.pull()
    assert published.changed == [guest.uuid]


@both_dialects
async def test_what_a_single_read_taught_is_kept(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    (guest,) = laptop.guests(1)
    await puller.save(await laptop.client.tickets.get(guest.uuid))
    laptop.site.state.check_in(guest)
    await puller.pull()
    ticket = (await puller.load())[guest.uuid]
    assert ticket.checked_in
    assert ticket.event == laptop.event
    assert ticket.order == guest.order.uuid


@pytest.mark.parametrize("is_read_again", [True, False])
async def test_what_could_not_be_stored_is_stored_once_it_can(
    laptop: Laptop, is_read_again: bool
) -> None:
    puller = laptop.puller()
    await puller.pull()
    (guest,) = laptop.guests(1)
    laptop.site.state.refund_ticket(guest)
    read = await laptop.client.tickets.get(guest.uuid)
    await make_writable(laptop, False)
    with pytest.raises(StoreError):
        await puller.save(read)
    await make_writable(laptop, True)
    if is_read_again:
        await puller.save(read)
    else:
        await puller.pull()
    stored = await laptop.store.read(tickets.get, guest.uuid)
    assert stored is not None
    assert stored.refunded
    assert (await puller.load())[guest.uuid].refunded


async def make_writable(laptop: Laptop, is_writable: bool) -> None:
    """A full disk, and room on it again."""
    pragma = f"PRAGMA query_only = {int(not is_writable)}"
    await laptop.store.read_all(lambda connection: connection.execute(pragma).fetchall())


async def test_a_list_has_the_last_word_on_rows_that_are_the_same_too(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    guests, state, choose = laptop.guests(5), laptop.site.state, Random(14)
    for turn in range(60):
        guest = choose.choice(guests)
        match choose.randrange(4):
            case 0:
                state.check_in(guest)
                await puller.save(await laptop.client.tickets.get(guest.uuid))
                state.check_in(guest, False)
            case 1:
                state.check_in(guest, not guest.checked_in)
            case 2:
                told = OrderTicket(guest.uuid, f"EXT-{turn}", None, None)
                await puller.save_order(Order("f" * 32, party=(told,)))
            case 3:
                await puller._reload()
        state.update_ticket(choose.choice(guests), full_name=f"Guest {turn}")
        await puller.pull()
        for each in guests:
            stored = await laptop.store.read(tickets.get, each.uuid)
            assert stored is not None
            assert puller.listed(each.uuid) == stored
            said = (stored.full_name, stored.checked_in, stored.order)
            assert said == (each.full_name, each.checked_in, each.order.uuid)


async def test_who_asks_while_a_list_is_read_shares_the_next(laptop: Laptop) -> None:
    puller = laptop.puller()
    await puller.pull()
    hanging = laptop.site.faults.set("hang-after", path=LIST, times=1)
    pulls = [asyncio.create_task(puller.pull())]
    await until(lambda: hanging.hits == 1)
    pulls += [asyncio.create_task(puller.pull()) for _ in range(10)]
    laptop.site.faults.clear()
    assert all(await asyncio.gather(*pulls))
    assert laptop.site.log.count("GET", LIST) == 3


class TestSuspiciousLists:
    @table(
        ("known", "listed", "suspicious"),
        [
            (0, 0, False),
            (0, 100, False),
            (1, 0, True),
            (19, 1, False),
            (20, 9, True),
            (20, 10, False),
            (812, 0, True),
            (812, 405, True),
            (812, 406, False),
        ],
    )
    def test_one_that_lacks_too_much(self, known: int, listed: int, suspicious: bool) -> None:
        assert is_suspicious(listed, known) is suspicious

    @pytest.mark.parametrize("listed", [0, 2])
    async def test_one_of_next_to_nobody_waits_for_a_person(
        self, laptop: Laptop, listed: int
    ) -> None:
        puller = laptop.puller()
        await puller.refresh()
        read_at, published = puller.last_pull, Published(laptop)
        say(laptop, rows(*laptop.guests(listed)))
        for _ in range(3):
            await laptop.clock.advance(60)
            assert not await puller.pull()
        assert puller.doubt.listed == listed
        assert puller.last_pull == read_at
        assert published.removed == published.changed == []
        laptop.site.faults.clear()
        assert await puller.pull()
        assert puller.doubt.listed is None
        say(laptop, rows(*laptop.guests(listed)))
        assert not await puller.refresh()  # the person has not read of it yet
        assert await puller.refresh()
        assert puller.doubt.listed is None
        assert len(published.removed) == 400 - listed
        assert len(await laptop.store.read_all(tickets.load, laptop.event)) == listed
        laptop.site.faults.clear()
        assert await puller.pull()
        say(laptop, rows(*laptop.guests(listed)))
        assert not await puller.pull()  # it was believed that once

    @pytest.mark.parametrize("ends", ["unread", "unstored", "cancelled"])
    async def test_an_f5_that_is_cut_short_has_no_later_list_believed(
        self, laptop: Laptop, monkeypatch: pytest.MonkeyPatch, ends: str
    ) -> None:
        puller = laptop.puller()
        await puller.pull()
        say(laptop, rows(*laptop.guests(2)))
        assert not await puller.pull()
        if ends == "unread":
            laptop.site.faults.set("500", path=LIST, times=1)
            assert not await puller.refresh()
        elif ends == "unstored":

            async def fail(*_: object, **__: object) -> bool:
                raise StoreError("the disk is full")

            with monkeypatch.context() as ill, pytest.raises(StoreError):
                ill.setattr(ticket_lists, "apply", fail)
                await puller.refresh()
        else:
            hanging = laptop.site.faults.set("hang-after", path=LIST, times=1)
            asked = asyncio.create_task(puller.refresh())
            await until(lambda: hanging.hits == 1)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
        assert puller.doubt.listed == 2
        assert not await puller.pull()
        assert len(await puller.load()) == 400
        assert await puller.refresh()

    async def test_what_sync_has_taken_over_beside_it_is_the_list(self, laptop: Laptop) -> None:
        puller, sync = laptop.puller(), laptop.puller()
        await puller.pull()
        say(laptop, rows(*laptop.guests(2)))
        for one in (puller, sync):
            await laptop.clock.advance(10)
            assert not await one.pull()
        assert await sync.refresh()
        await laptop.clock.advance(10)
        assert await puller.pull()
        assert (puller.doubt.listed, puller.doubt.taken) == (None, 2)
        assert len(await puller.load()) == 2

    async def test_rows_that_cannot_be_read_remove_nothing(self, laptop: Laptop) -> None:
        puller = laptop.puller()
        await puller.pull()
        published = Published(laptop)
        (guest,) = laptop.guests(1)
        laptop.site.state.check_in(guest)
        say(laptop, [*rows(guest), *[{}] * 399])
        assert await puller.pull()
        assert published.changed == [guest.uuid]
        assert published.removed == []
        assert len(await laptop.store.read_all(tickets.load, laptop.event)) == 400
