"""What ended long ago is forgotten by itself, or all of it at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from boxoffice.lane import Lane
from boxoffice.log import NAME
from boxoffice.paths import take_lock
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event
from boxoffice.store import RosterStore, json_docs
from tests.cli.conftest import Computer
from tests.cli.office import event, north, office, open_lane, people, rows, run
from tests.cli.test_forget import BUYER, REASON, about, evening, files, found
from tests.support import FakeClock

__all__ = ["evening", "event", "north", "office", "open_lane", "people"]


async def test_all_that_ended_long_ago(
    sandbox: Sandbox, north: Lane, event: Event, office: Computer
) -> None:
    """Without the site, by this computer's clock."""
    await north.stop()
    await sandbox.stop()
    store = await RosterStore.open(office.data / "localhost" / "roster.db")
    (known,) = [one for one in await store.read(json_docs.get_events) if one.uuid == event.uuid]
    end = datetime.now(UTC) - timedelta(days=50)
    over = replace(known, start=end - timedelta(hours=6), end=end)
    await store.write(json_docs.save_events, [over])
    await store.close()
    name = event.tickets[0].full_name
    ran = await run(office, "forget", "--older-than", "51")
    assert (ran.status, ran.err) == (0, "")
    assert "Nothing is here of events that ended more than 51 days ago." in ran.out
    assert found(office.data, {name})
    ran = await run(office, "forget", "--older-than", "9" * 30)
    assert (ran.status, ran.err) == (0, "")
    assert found(office.data, {name})
    ran = await run(office, "forget", "--older-than", "49")
    assert (ran.status, ran.err) == (0, "")
    assert event.title in ran.out
    assert not found(office.data, {name})


async def test_it_is_forgotten_by_itself(
    sandbox: Sandbox, evening: Lane, clock: FakeClock, event: Event, office: Computer
) -> None:
    """Thirty days after the end, never while something is unsent, and in the journal."""
    name = event.tickets[0].full_name
    await evening.stop()
    clock.jump(timedelta(days=9 + 29))
    await sandbox.start()
    assert (await run(office, "events")).status == 0
    assert found(office.data, {name})

    clock.jump(timedelta(days=3))
    assert (await run(office, "events")).status == 0
    assert found(office.data, {name, BUYER.phone}), "a sale and a check-in are unsent"
    (log,) = (path for path in files(office.data) if path.name == NAME)
    assert f"event {event.uuid}: Unsent(rows=1, sales=1)" in log.read_text()

    assert (await run(office, "sync")).status == 4, "the site sells no tickets of what is over"
    ((sale,),) = rows(office.data.parent, "SELECT id FROM sale WHERE state = 'failed'")
    await run(office, "queue", "dismiss", str(sale), "--reason", REASON)
    await sandbox.stop()
    assert (await run(office, "queue")).status == 0
    assert found(office.data, {name, BUYER.phone}), "this computer's clock alone says nothing"
    checks = {row["check"]: row for row in (await run(office, "doctor", "--json")).json}
    assert checks["guests"]["state"] == "warn"
    assert "of 1 event is still here" in checks["guests"]["sentence"]

    await sandbox.start()
    assert (await run(office, "events")).status == 0
    assert not found(office.data, about(event))
    assert f"event {event.uuid}: Erased(" in log.read_text()
    noted = rows(office.data.parent, "SELECT event, data FROM journal WHERE kind = 'forgotten'")
    assert noted == [(event.uuid, None)]
    assert (await run(office, "events")).status == 0
    assert rows(office.data.parent, "SELECT count(*) FROM journal WHERE kind = 'forgotten'") == [
        (1,)
    ]


async def test_at_a_site_that_nobody_opens_any_more(
    sandbox: Sandbox, north: Lane, clock: FakeClock, event: Event, office: Computer
) -> None:
    """Its folder is forgotten by whoever has this data folder, and then only."""
    await north.stop()
    name = event.tickets[0].full_name
    folder = office.data / "before.example"
    assert (await run(office, "events")).status == 0
    (office.data / "localhost").rename(folder)
    damaged = office.data / "damaged.example"
    damaged.mkdir(mode=0o700)
    (damaged / "journal.db").write_bytes(b"no database" * 1000)
    assert (await run(office, "events")).status == 0
    assert found(folder, {name})

    clock.jump(timedelta(days=60))
    at_work = take_lock(folder / "run.0.lock")
    assert at_work is not None
    assert (await run(office, "events")).status == 0
    assert found(folder, {name}), "another boxoffice has it open"
    at_work.release()
    assert (await run(office, "events")).status == 0
    assert not found(folder, {name})
    assert (damaged / "journal.db").read_bytes() == b"no database" * 1000
    log = (office.data / NAME).read_text(encoding="utf-8")
    assert f"event {event.uuid}: Erased(" in log
    assert f"what is over in {damaged} is not forgotten" in log


async def test_so_many_days_as_are_set(
    sandbox: Sandbox, north: Lane, clock: FakeClock, event: Event, office: Computer
) -> None:
    await north.stop()
    office.environment["BOXOFFICE_KEEP_DAYS"] = "3"
    clock.jump(timedelta(days=14))
    assert (await run(office, "events")).status == 0
    assert not found(office.data, {event.tickets[0].full_name})
