"""Answers and VIPs beside the verdict: read beside the ticket, kept, and never waited for."""

import pytest

from boxoffice.domain.models import AnswerInput
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Change, Lane, ScanCompleted
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Answer, Ticket
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.lane.test_answers import answer_to
from tests.support import FakeClock, both_dialects, until

SHOW = ("Allergies", "wish")
OF_A_DINNER = "Dinner & concert"


def lines(lane: Lane) -> tuple[str, ...]:
    """What the newest scan shows of its guest."""
    return lane.history.recent[0].verdict.highlights.lines


async def seen(lane: Lane, *wanted: str) -> None:
    await until(lambda: lines(lane) == wanted, f"{wanted} on the band")


def answered(sandbox: Sandbox, ticket: Ticket, heading: str, text: str) -> None:
    """Have the guest answer at the web shop."""
    state = sandbox.state
    (asked,) = [one for one in state.questions_of(ticket) if heading in one.heading]
    ticket.answers[asked.uuid] = Answer(state.new_uuid(), asked, text, [])


@pytest.fixture
async def lane(open_lane: OpenLane) -> Lane:
    lane = await open_lane(show=SHOW, attention=[OF_A_DINNER.upper()])
    await listed(lane)
    return lane


@both_dialects
async def test_a_green_shows_what_its_guest_answered_also_offline(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answered"]
    answered(sandbox, ticket, "Allergies", "nuts\n[b]eggs[/b]")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.word == "ADMITTED"
    await seen(lane, "VIP", "Allergies: nuts [b]eggs[/b]")
    await goes_offline(sandbox, lane, clock)
    again = await lane.scan(ticket.uuid)
    assert again.verdict.code is VerdictCode.ALREADY_IN
    assert again.verdict.highlights.lines == ("VIP", "Allergies: nuts [b]eggs[/b]")


@pytest.mark.parametrize("dialect", ["live"])  # the other has no types of questions
async def test_offline_what_was_never_read_is_not_taken_for_no_answer(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    scan = await lane.scan(sandbox.examples()["answered"].uuid)
    assert scan.verdict.highlights.lines == ("VIP", "Allergies: not known", "wish: not known")
    plain = await lane.scan(sandbox.examples()["plain"].uuid)
    assert plain.verdict.highlights.lines == ("wish: not known",)  # no dinner: nobody asked


async def test_no_scan_waits_for_answers_and_they_are_shown_once_they_come(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["answered"]
    answered(sandbox, ticket, "Allergies", "nuts")
    changes: list[Change] = []
    lane.watch(changes.append)
    sandbox.faults.set("hang-after", path=f"tickets/{ticket.uuid}/questions/")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.word == "ADMITTED"
    assert scan.verdict.highlights.lines == ("VIP", "Allergies: …", "wish: …")
    other = await lane.scan(sandbox.examples()["cancelled"].uuid)
    assert other.verdict.highlights.lines == ()
    sandbox.faults.clear()
    await until(lambda: any(isinstance(one, ScanCompleted) for one in changes), "the answers")
    (completed,) = [one.scan for one in changes if isinstance(one, ScanCompleted)]
    assert completed.verdict.highlights.lines == ("VIP", "Allergies: nuts")
    assert completed.id == scan.id
    assert lane.history.recent[1] == completed
    assert completed.verdict._replace(highlights=scan.verdict.highlights) == scan.verdict


async def test_answers_that_cannot_be_read_are_not_known(sandbox: Sandbox, lane: Lane) -> None:
    ticket = sandbox.examples()["answered"]
    sandbox.faults.set("500", path=f"tickets/{ticket.uuid}/questions/")
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    await seen(lane, "VIP", "Allergies: not known", "wish: not known")


@both_dialects
async def test_what_was_answered_in_the_form_is_seen_at_once(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ANSWERS_NEEDED
    await seen(lane, "VIP")
    details = await lane.details.known(ticket.uuid)
    assert details is not None
    (asked,) = [one for one in details.questions if "Allergies" in one.heading]
    given = [answer_to(question) for question in scan.verdict.questions]
    given.append(AnswerInput(asked.uuid, "sesame"))
    admitted = await lane.answer(ticket.uuid, given, admit=True)
    assert admitted is not None
    assert admitted.verdict.word == "ADMITTED"
    assert admitted.verdict.highlights.lines == ("VIP", "Allergies: sesame")
    assert (known := await lane.details.known(ticket.uuid)) is not None
    assert known.highlights.lines == ("VIP", "Allergies: sesame")
    await sent(lane, clock)
    await lane.scan(ticket.uuid)
    await seen(lane, "VIP", "Allergies: sesame")


async def test_each_of_a_party_shows_its_own(sandbox: Sandbox, lane: Lane) -> None:
    guests = sandbox.examples()["party"].order.tickets
    for number, guest in enumerate(guests):
        answered(sandbox, guest, "wish", f"song {number}")
    scans = await lane.admit_party([guest.uuid for guest in guests])
    wanted = {f"wish: song {number}" for number in range(len(guests))}
    ids = {scan.id for scan in scans}
    await until(
        lambda: (
            {
                line
                for scan in lane.history.recent
                if scan.id in ids
                for line in scan.verdict.highlights.lines
                if "wish" in line
            }
            == wanted
        ),
        "everybody's wish",
    )


async def test_of_somebody_who_cannot_be_let_in_nothing_is_told_but_vip(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["answered"]
    answered(sandbox, ticket, "Allergies", "nuts")
    ticket.refunded = True
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.REFUNDED
    assert scan.verdict.highlights.lines == ("VIP",)


async def test_a_door_that_shows_nothing_reads_no_answers(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    lane = await open_lane(show=["Coat check number"])  # no longer asked
    await listed(lane)
    ticket = sandbox.examples()["answered"]
    await lane.scan(ticket.uuid)
    assert not [call for call in sandbox.log if call.path.endswith(f"{ticket.uuid}/questions/")]


@both_dialects
async def test_what_was_read_before_is_known_offline_and_found(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answered"]
    answered(sandbox, ticket, "Allergies", "lupin")
    await until(lambda: not lane.status.loading, "a list in memory")
    await lane.details.refresh(ticket.uuid)  # as a look at it does, or a read in the background
    await until(lambda: list(lane.roster.find("lupin").uuids) == [ticket.uuid], "found by it")
    assert lane.roster.why(ticket.uuid, "lupin") == "lupin"
    await goes_offline(sandbox, lane, clock)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.highlights.lines == ("VIP", "Allergies: lupin")
