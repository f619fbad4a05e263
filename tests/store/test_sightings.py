"""Between which looks tickets were seen in: all of them at once, a piece at a time."""

from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.domain.models import SeenIn, Ticket
from boxoffice.store import RosterStore, sightings
from tests.support import EVENING, FakeClock


async def test_all_sightings(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "CHUNK", 3)
    store = await RosterStore.open(tmp_path / "roster.db", clock=clock)
    out = [Ticket(f"{number:032x}", "e" * 32, False) for number in range(8)]
    later = EVENING + timedelta(seconds=7)
    inside = [ticket._replace(checked_in=True) for ticket in out[:7]]
    await store.apply("e" * 32, out, [], at=EVENING, fingerprint="", first=True)
    assert await store.sightings() == {}
    await store.apply("e" * 32, inside, [], at=later, fingerprint="", first=False)
    found = await store.sightings()
    assert found == {ticket.uuid: SeenIn(EVENING, later) for ticket in inside}
    assert found[inside[0].uuid] == (await store.known(inside[0].uuid, None, "e" * 32)).seen_in
    await store.close()
