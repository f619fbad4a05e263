"""The last scans of a lane: there again when its event is opened again."""

from boxoffice.domain.history import Since
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, listed, sent
from tests.support import FakeClock


async def test_a_lane_that_is_opened_again_knows_its_last_scans(
    lane: Lane, open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock
) -> None:
    examples = sandbox.examples()
    plain, external = examples["plain"], examples["external"]
    unknown = await lane.scan("0" * 32)
    first = await lane.scan(plain.uuid)
    await sent(lane, clock)
    second = await lane.scan(external.uuid)
    await sent(lane, clock)
    assert (await lane.undo.last()).done
    await lane.stop()

    again, other = await open_lane(), await open_lane(name="South")
    assert [scan.id for scan in again.history.recent] == [second.id, first.id, unknown.id]
    newest, before, _ = again.history.recent
    assert (newest.id, newest.at) == (second.id, second.at)
    assert again.history.undone == {second.id}
    assert before.verdict.ticket is not None
    assert before.verdict.ticket.full_name == plain.full_name
    assert not other.history.recent
    await listed(again)

    third = await again.scan(plain.uuid)
    assert third.verdict.code is VerdictCode.ALREADY_IN
    assert third.id > second.id
    past = await again.history.before(third.id)
    assert past is not None
    assert (past.scan.id, past.since) == (second.id, Since.UNDONE)
    past = await again.history.before(second.id)
    assert past is not None
    assert (past.scan.id, past.since) == (first.id, Since.CONFIRMED)
    assert await again.history.before(unknown.id) is None
    newest_of_all = await again.history.before(None)
    assert newest_of_all is not None
    assert newest_of_all.scan.id == third.id
    assert await other.history.before(None) is None
    found = [one.scan.id for one in await other.history.scans()]
    assert found == [third.id, second.id, first.id, unknown.id], "all lanes of this computer"
