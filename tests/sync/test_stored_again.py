"""The list's copy on disk: lost under way, or stored by another process."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.store import RosterStore, StoreError, ticket_lists, tickets
from boxoffice.store.updates import StoreUpdate, TicketsStored
from boxoffice.sync import TaskSupervisor
from tests.support import FakeClock, until
from tests.sync.conftest import Laptop, laptop_at


def published_by(laptop: Laptop) -> list[str]:
    """The uuids that will be published as changed."""
    published: list[str] = []

    async def follow(update: StoreUpdate) -> None:
        if isinstance(update, TicketsStored):
            published.extend(ticket.uuid for ticket in update.changed)

    laptop.updates.subscribe(follow, TicketsStored)
    return published


async def lost(laptop: Laptop) -> None:
    """As after damage: the file is made anew, and is empty."""
    await laptop.store.close()
    for file in laptop.folder.glob("roster.db*"):
        file.unlink()
    again = await RosterStore.open(laptop.folder / "roster.db")
    for name, value in vars(again).items():
        setattr(laptop.store, name, value)


@pytest.mark.parametrize("reached", [True, False])
async def test_a_list_lost_from_the_disk_is_stored_again(laptop: Laptop, reached: bool) -> None:
    puller = laptop.puller()
    await puller.pull()
    before = dict(await puller.load())
    await lost(laptop)
    assert not await laptop.store.read_all(tickets.load, laptop.event)
    if not reached:
        laptop.site.faults.set("503")
    (guest,) = laptop.guests(1)
    published = published_by(laptop)
    assert await puller.pull() is reached
    stored = {
        ticket.uuid: ticket for ticket in await laptop.store.read_all(tickets.load, laptop.event)
    }
    assert stored == before == await puller.load()
    assert published == []
    laptop.site.faults.clear()
    laptop.site.state.check_in(guest)
    assert await puller.pull()
    assert published == [guest.uuid]
    assert (await laptop.store.read(ticket_lists.pulled, laptop.event)) is not None


async def test_a_newer_list_of_another_process_is_taken_up(
    laptop: Laptop,
    sandbox: Sandbox,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (guest, other_guest) = laptop.guests(2)
    puller = laptop.puller()
    await puller.pull()
    published = published_by(laptop)
    async with laptop_at(sandbox, clock, tmp_path) as other:
        real = laptop.client.tickets.list

        async def overtaken(*args: object, **kwargs: object) -> object:
            listed = await real(*args, **kwargs)  # type: ignore[arg-type]
            sandbox.state.check_in(guest)
            await clock.advance(1)
            await other.puller().pull()
            return listed

        sandbox.state.check_in(other_guest)
        monkeypatch.setattr(laptop.client.tickets, "list", overtaken)
        await puller.pull()
    assert sorted(published) == sorted([guest.uuid, other_guest.uuid])
    known = await puller.load()
    assert known[guest.uuid].checked_in
    assert known[other_guest.uuid].checked_in
    stored = {
        ticket.uuid: ticket for ticket in await laptop.store.read_all(tickets.load, laptop.event)
    }
    assert stored == known
    assert puller.last_pull == clock.now()


async def test_a_first_list_that_another_process_stores_in_the_same_moment_is_told(
    laptop: Laptop,
    sandbox: Sandbox,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    puller, published = laptop.puller(), published_by(laptop)
    assert not await puller.load()  # as the screen does, before there is any
    async with laptop_at(sandbox, clock, tmp_path) as other:
        real, begun = laptop.store.read, False

        async def overtaken(query: Callable[..., object], *about: object) -> object:
            nonlocal begun
            found = await real(query, *about)
            if query is ticket_lists.pulled and not begun:
                begun = True
                await other.puller().pull()
            return found

        monkeypatch.setattr(laptop.store, "read", overtaken)
        await puller.pull()
    known = await puller.load()
    assert known
    assert sorted(published) == sorted(known)


async def test_damage_met_while_offline_is_made_up_for_from_memory_at_once(
    laptop: Laptop,
) -> None:
    puller = laptop.puller()
    await puller.pull()
    before = dict(await puller.load())
    laptop.site.faults.set("503")
    supervisor = TaskSupervisor(laptop.clock, lambda *_: None, lambda _: None)
    supervisor.run("puller", puller.run)
    try:
        await until(lambda: laptop.clock.sleeping > 0)
        file = laptop.folder / "roster.db"
        for pragma in ("wal_checkpoint(TRUNCATE)", "shrink_memory"):
            await laptop.store._writer.run(
                lambda connection, pragma: connection.execute(f"PRAGMA {pragma}").fetchone(), pragma
            )
        with file.open("r+b") as broken:
            broken.seek(4096)
            broken.write(b"\xa5" * (file.stat().st_size - 4096))
        with suppress(StoreError):  # unless the puller was quicker to meet it
            await laptop.store.read_all(tickets.load, laptop.event)
        assert laptop.store.renewals == 1

        async def whole() -> bool:
            stored = await laptop.store.read_all(tickets.load, laptop.event)
            return {ticket.uuid: ticket for ticket in stored} == before

        for _ in range(60):
            if await whole():
                break
            await laptop.clock.advance(1)
        assert await whole()
    finally:
        await supervisor.stop()
