"""Between which looks tickets were seen in, all of them at once."""

from datetime import timedelta
from pathlib import Path

from boxoffice.domain.models import CheckInWindow, Ticket
from boxoffice.store import RosterStore, ticket_lists, tickets
from tests.support import EVENING, FakeClock


async def test_all_sightings(tmp_path: Path, clock: FakeClock) -> None:
    store = await RosterStore.open(tmp_path / "roster.db")
    out = [Ticket(f"{number:032x}", "e" * 32, False) for number in range(8)]
    later = EVENING + timedelta(seconds=7)
    inside = [ticket._replace(checked_in=True) for ticket in out[:7]]
    await ticket_lists.apply(store, "e" * 32, out, [], at=EVENING, clock=clock)
    assert await store.read_all(tickets.sightings) == {}
    await ticket_lists.apply(store, "e" * 32, inside, [], at=later, clock=clock)
    found = await store.read_all(tickets.sightings)
    assert found == {ticket.uuid: CheckInWindow(EVENING, later) for ticket in inside}
    first = inside[0].uuid
    context = await store.read(tickets.context, first, None, "e" * 32)
    assert found[first] == context.seen_in
    await store.close()
