"""Codes of the organiser's own at a real lane: tied, used by all lanes, online and offline."""

import asyncio

import pytest

from boxoffice.domain.code_ties import CodeRule, Field, RuleState
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.code_ties import DROPPED, TieError
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.store import code_ties, journal_db
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.support import FakeClock, both_dialects, until

OWN = "GUEST-0815-X"
UNREAD = (VerdictCode.UNKNOWN, VerdictCode.CANNOT_TELL)


def guests(sandbox: Sandbox, count: int) -> list[Ticket]:
    tonight = sandbox.state.tonight
    plain = sandbox.examples()["plain"]
    found = [
        ticket
        for ticket in tonight.tickets
        if not ticket.checked_in
        and not ticket.refunded
        and ticket.order.state == plain.order.state
        and ticket.ticket_type is plain.ticket_type
    ]
    return found[:count]


async def tie(lane: Lane, code: str, guest: Ticket) -> Scan:
    """Scan a code that names nobody, and say whose it is."""
    scan = await lane.scan(code)
    assert scan.verdict.ticket is None
    return await lane.code_ties.tie(scan, guest.uuid)


async def kinds(lane: Lane) -> list[str]:
    return [row.entry.kind for row in await lane._journal.read_all(journal_db.log)]


def whose(scan: Scan) -> str:
    return scan.verdict.ticket.uuid if scan.verdict.ticket else ""


@both_dialects
async def test_a_tied_code_is_answered_as_its_guest(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    guest = guests(sandbox, 1)[0]
    tied = await tie(lane, OWN, guest)
    assert tied.verdict.word == "ADMITTED"
    assert tied.verdict.reason.endswith("; tied here by Anna at 18:30")
    assert (tied.code, whose(tied)) == (OWN, guest.uuid)
    await sent(lane, clock)
    assert guest.checked_in
    again = await lane.scan(OWN)
    assert again.verdict.code is VerdictCode.ALREADY_IN
    assert again.verdict.reason.endswith("; tied here by Anna at 18:30")
    assert (await kinds(lane))[:3] == ["scan", "tie", "scan"]


@both_dialects
async def test_it_is_known_to_the_lane_beside_and_offline(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    one, two = guests(sandbox, 2)
    north = await open_lane()
    await listed(north)
    south = await open_lane(name="South")
    await listed(south)
    await tie(north, OWN, one)
    assert (await south.scan(OWN)).verdict.code is VerdictCode.ALREADY_IN
    await goes_offline(sandbox, north, clock)
    assert (await north.scan(OWN)).verdict.code is VerdictCode.ALREADY_IN
    offline = await tie(north, "GUEST-0816-Y", two)
    assert offline.verdict.word == "ADMITTED · not confirmed"
    assert (await south.scan("GUEST-0816-Y")).verdict.code is VerdictCode.ALREADY_IN


async def test_a_tie_that_is_taken_back_names_nobody(sandbox: Sandbox, lane: Lane) -> None:
    guest = guests(sandbox, 1)[0]
    await tie(lane, OWN, guest)
    made = await lane.code_ties.last()
    assert made is not None
    assert made == await lane.code_ties.of(OWN)
    assert await lane.code_ties.owner_of(made) == guest.full_name
    assert await lane.code_ties.untie(made)
    assert not await lane.code_ties.untie(made)
    assert await lane.code_ties.last() is None
    gone = await lane.scan(OWN)
    assert gone.verdict.code in UNREAD
    assert gone.verdict.ticket is None
    assert "untie" in await kinds(lane)


@both_dialects
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("already_in", VerdictCode.ALREADY_IN),
        ("refunded_order", VerdictCode.REFUNDED),
        ("refunded_ticket", VerdictCode.REFUNDED),
        ("not_paid", VerdictCode.NOT_PAID),
        ("answers_needed", VerdictCode.ANSWERS_NEEDED),
    ],
)
async def test_a_tie_admits_nobody_by_itself(
    sandbox: Sandbox, lane: Lane, kind: str, code: VerdictCode
) -> None:
    guest = sandbox.examples()[kind]
    for scan in (await tie(lane, OWN, guest), await lane.scan(OWN)):
        assert scan.verdict.code is code
        assert whose(scan) == guest.uuid
    assert not sandbox.log.count("PATCH")


async def test_a_code_that_names_a_ticket_is_not_tied(sandbox: Sandbox, lane: Lane) -> None:
    guest, other = guests(sandbox, 2)
    unknown = await lane.scan("0" * 32)
    green = await lane.scan(guest.uuid)
    # As it would be where the list came to know the code since.
    named = Scan(9, guest.uuid, unknown.verdict, unknown.at)
    for scan in (green, named):
        with pytest.raises(TieError) as refused:
            await lane.code_ties.tie(scan, other.uuid)
        assert refused.value.sentence.endswith((".", "instead."))
    assert f"{guest.full_name}'s by the list" in refused.value.sentence
    assert "tie" not in await kinds(lane)


async def test_what_the_list_learns_of_a_code_counts_before_a_tie(
    sandbox: Sandbox, lane: Lane
) -> None:
    external = sandbox.examples()["external"]
    guest = guests(sandbox, 1)[0]
    code = str(external.external_uuid)
    await tie(lane, code, guest)
    assert whose(await lane.scan(code)) == guest.uuid
    await lane.scan(external.uuid)  # the list learns its external id
    assert whose(await lane.scan(code)) == external.uuid


@both_dialects
async def test_what_the_site_knows_of_a_uuid_counts_before_a_tie(
    sandbox: Sandbox, lane: Lane
) -> None:
    guest = guests(sandbox, 1)[0]
    unknown = "0123456789abcdef" * 2
    assert (await tie(lane, unknown, guest)).verdict.code is VerdictCode.ADMITTED
    assert (await lane.scan(unknown)).verdict.code is VerdictCode.ALREADY_IN
    other = sandbox.state.events[list(sandbox.state.events)[1]].tickets[0]
    await lane._journal.write(code_ties.tie, other.uuid, lane.event.uuid, guest.uuid)
    assert whose(await lane.scan(other.uuid)) == other.uuid


@pytest.mark.parametrize(
    "code",
    ["A\x1dB-77", "\x02GUEST-77\x03", "guest 77 x", "[@click=app.quit]7[/] [red", "Ø" * 9 + "1"],
)
async def test_any_text_is_tied_as_it_was_read(sandbox: Sandbox, lane: Lane, code: str) -> None:
    guest = guests(sandbox, 1)[0]
    assert whose(await tie(lane, code, guest)) == guest.uuid
    assert (await lane.scan(code)).verdict.code is VerdictCode.ALREADY_IN
    assert (await lane.scan(code.swapcase())).verdict.code in (*UNREAD, VerdictCode.NOT_A_TICKET)


async def test_a_long_text_is_no_code_of_anybodys(sandbox: Sandbox, lane: Lane) -> None:
    guest = guests(sandbox, 1)[0]
    scan = await lane.scan("GUEST-" + "7" * 300)
    with pytest.raises(TieError) as refused:
        await lane.code_ties.tie(scan, guest.uuid)
    assert "cannot be tied" in refused.value.sentence


async def test_a_tied_ticket_that_is_gone_is_unknown_and_can_be_tied_anew(
    sandbox: Sandbox, lane: Lane
) -> None:
    guest, other = guests(sandbox, 2)
    await tie(lane, OWN, guest)
    tonight = sandbox.state.tonight
    await lane.undo.last()
    tonight.tickets.remove(guest)
    del sandbox.state.tickets[guest.uuid]
    gone = await lane.scan(OWN)
    assert gone.verdict.code is VerdictCode.UNKNOWN
    assert "tied here by Anna" in gone.verdict.reason
    before = await lane.code_ties.of(OWN)
    with pytest.raises(TieError) as refused:
        await lane.code_ties.tie(gone, other.uuid)
    assert "scan it again" in refused.value.sentence
    anew = await lane.code_ties.tie(gone, other.uuid, instead_of=before)
    assert whose(anew) == other.uuid
    assert whose(await lane.scan(OWN)) == other.uuid


async def test_two_lanes_that_tie_one_code_at_once(sandbox: Sandbox, open_lane: OpenLane) -> None:
    one, two = guests(sandbox, 2)
    lanes = []
    for name in ("North", "South"):
        lanes.append(await open_lane(name=name))
        await listed(lanes[-1])
    scans = [await lane.scan(OWN) for lane in lanes]
    answers = await asyncio.gather(
        *(
            lane.code_ties.tie(scan, guest.uuid)
            for lane, scan, guest in zip(lanes, scans, (one, two), strict=True)
        ),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, TieError)]
    assert len(refused) == 1
    assert "tied here by Anna" in refused[0].sentence
    assert one.full_name not in str(refused[0])
    assert two.full_name not in str(refused[0])
    made = await lanes[0].code_ties.of(OWN)
    assert made is not None
    assert [whose(await lane.scan(OWN)) for lane in lanes] == [made.ticket] * 2


# Rules


@both_dialects
async def test_numbers_behind_a_prefix_are_read_once_a_person_says_so(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    one, two, three, four = guests(sandbox, 4)
    north = await open_lane()
    await listed(north)
    await tie(north, f"TB-{one.number:07}", one)
    assert await north.code_ties.shown_rule() is None
    await tie(north, f"TB-{two.number:07}", two)
    rule = await north.code_ties.shown_rule()
    assert rule == CodeRule(Field.NUMBER, "TB-", "", 7)
    code = f"TB-{three.number:07}"
    assert whose(await north.scan(code)) == ""

    await north.code_ties.decide(rule, RuleState.ACCEPTED)
    assert await north.code_ties.shown_rule() is None
    assert await north.code_ties.rule() == rule
    south = await open_lane(name="South")
    await listed(south)
    read = await south.scan(code)
    assert whose(read) == three.uuid
    assert read.verdict.code in (VerdictCode.ADMITTED, VerdictCode.CHECK_NAME)
    assert whose(await south.scan("XX" + code[2:])) == ""
    assert (await south.scan("TB-9999999")).verdict.code is VerdictCode.UNKNOWN
    await goes_offline(sandbox, north, clock)
    assert whose(await north.scan(f"TB-{four.number:07}")) == four.uuid

    await north.code_ties.decide(rule, RuleState.REVOKED)
    assert whose(await north.scan(code)) == ""
    assert await north.code_ties.rule() is None
    assert await north.code_ties.shown_rule() is None
    assert await north.code_ties.shown_rule(again=True) == rule
    assert whose(await north.scan(f"TB-{one.number:07}")) == one.uuid


@both_dialects
async def test_a_part_of_the_uuid_is_read_where_it_names_one(sandbox: Sandbox, lane: Lane) -> None:
    one, two, three = guests(sandbox, 3)
    await tie(lane, f"#{one.uuid[:10].upper()}", one)
    await tie(lane, f"#{two.uuid[:10].upper()}", two)
    rule = await lane.code_ties.shown_rule()
    assert rule is not None
    assert (rule.field, rule.width) == (Field.UUID_START, 10)
    await lane.code_ties.decide(rule, RuleState.ACCEPTED)
    assert (await lane.scan(f"#{three.uuid[:10].upper()}")).verdict.code is VerdictCode.ADMITTED
    assert whose(await lane.scan(f"#{'0' * 10}")) == ""


async def test_external_ids_are_found_once_the_details_were_read(
    sandbox: Sandbox, lane: Lane
) -> None:
    one, two, three = guests(sandbox, 3)
    for number, guest in enumerate((one, two, three)):
        guest.external_uuid = f"crm-{number}-{guest.uuid[:4]}"
    await tie(lane, f"<{one.external_uuid}/1>", one)
    await tie(lane, f"<{two.external_uuid}/1>", two)
    rule = await lane.code_ties.shown_rule()
    assert rule == CodeRule(Field.EXTERNAL_ID, "<", "/1>")
    await lane.code_ties.decide(rule, RuleState.ACCEPTED)
    await lane.details.refresh(three.uuid)
    read = await lane.scan(f"<{three.external_uuid}/1>")
    assert (read.verdict.code, whose(read)) == (VerdictCode.ADMITTED, three.uuid)


async def test_two_rules_that_disagree_name_nobody(sandbox: Sandbox, lane: Lane) -> None:
    one, two = guests(sandbox, 2)
    two.external_uuid = str(one.number)
    await lane.details.refresh(two.uuid)
    for field in (Field.NUMBER, Field.EXTERNAL_ID):
        await lane.code_ties.decide(CodeRule(field, "TB-"), RuleState.ACCEPTED)
    assert whose(await lane.scan(f"TB-{one.number}")) == ""


async def test_a_declined_rule_is_not_offered_again_by_itself(sandbox: Sandbox, lane: Lane) -> None:
    one, two, three, four = guests(sandbox, 4)
    for guest in (one, two):
        await tie(lane, f"TB-{guest.number:07}", guest)
    rule = await lane.code_ties.shown_rule()
    assert rule is not None
    await lane.code_ties.decide(rule, RuleState.DECLINED)
    await tie(lane, f"TB-{three.number:07}", three)
    offered = await lane.code_ties.shown_rule()
    assert offered != rule
    assert whose(await lane.scan(f"TB-{four.number:07}")) == ""


async def test_a_tie_that_contradicts_a_rule_ends_its_use(sandbox: Sandbox, lane: Lane) -> None:
    one, two = guests(sandbox, 2)
    rule = CodeRule(Field.NUMBER, "TB-")
    await lane.code_ties.decide(rule, RuleState.ACCEPTED)
    tied = await tie(lane, "TB-999999", one)
    assert tied.verdict.reason.endswith(DROPPED)
    assert await lane.code_ties.rule() is None
    assert whose(await lane.scan(f"TB-{two.number}")) == ""
    await until(lambda: one.checked_in, "the check-in at the site")
