"""A lane answers for every form of a code: the ticket that it names, else nobody."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from boxoffice.domain.keyboard_layouts import LAYOUTS, CapsLock
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from tests.keyboards import typed
from tests.lane.conftest import OpenLane, listed
from tests.support import both_dialects

SITE = "https://test.ticketbutler.io"
BY_NAME = {layout.name: layout for layout in LAYOUTS}

FORMS: list[Callable[[str], str]] = [
    lambda code: code,
    lambda code: f"]Q1{code}",
    lambda code: f"\\000026{code}",
    lambda code: f"*{code}*",
    lambda code: f"#{code}",
    lambda code: f'"{code}"',
    lambda code: f"\x02{code}\x03\x04",
    lambda code: f"]C1\x1d{code}\x00",
    lambda code: f" {code} \r\n",
    str.swapcase,
]


def uuids(ticket: Ticket) -> list[str]:
    dashed = str(UUID(ticket.uuid))
    link = f"{SITE}/tickets/{dashed}/"
    once = quote(link, safe="")
    return [
        *(ticket.uuid, ticket.uuid.upper(), dashed, link, once, quote(quote(once))),
        f"https://eur01.safelinks.protection.outlook.com/?url={once}&data=05%7C{'ab12' * 8}%7C1",
        f"https://urldefense.com/v3/__{link}__;!!Abc!def$",
        f"{SITE}/orders/{ticket.order.uuid}/tickets/{ticket.uuid}/",
    ]


def is_for(scan: Scan, ticket: Ticket) -> bool:
    found = scan.verdict.ticket
    return found is not None and found.uuid == ticket.uuid


@both_dialects
async def test_a_uuid_in_every_form_is_its_ticket(sandbox: Sandbox, lane: Lane) -> None:
    guests = [each for each in sandbox.state.tonight.tickets if sandbox.state.may_enter(each)]
    for form, ticket in zip(FORMS, guests[: len(FORMS)], strict=True):
        scans = [await lane.scan(form(code)) for code in uuids(ticket)]
        assert all(is_for(scan, ticket) for scan in scans), form(ticket.uuid)
        words = [scan.verdict.code for scan in scans]
        assert words == [VerdictCode.ADMITTED] + [VerdictCode.ALREADY_IN] * (len(words) - 1)


@both_dialects
async def test_what_a_read_ticket_is_called_in_every_form_and_layout(
    sandbox: Sandbox, lane: Lane
) -> None:
    ticket = sandbox.examples()["external"]
    await lane.details.refresh(ticket.uuid)
    assert ticket.external_uuid is not None
    link = f"{SITE}/t/{ticket.slug}/"
    for form in FORMS:
        for code in (link, ticket.external_uuid):
            assert is_for(await lane.scan(form(code)), ticket), form(code)
    for layout in LAYOUTS:
        for caps in layout.caps_locks:
            for code in (link, ticket.external_uuid, str(UUID(ticket.uuid))):
                text = typed(code, layout, caps)
                assert is_for(await lane.scan(text), ticket), (layout.name, caps, text)


@both_dialects
async def test_the_layout_that_explains_a_scan_is_said_once(sandbox: Sandbox, lane: Lane) -> None:
    first, second = sandbox.examples()["plain"], sandbox.examples()["external"]
    french = [await lane.scan(typed(each.uuid, BY_NAME["French"])) for each in (first, second)]
    assert [scan.verdict.code for scan in french] == [VerdictCode.ADMITTED] * 2
    advice = "The scanner types as if on a US keyboard: set it to French"
    assert french[0].verdict.reason == f"Valid, and not in before. {advice}"
    assert "keyboard" not in french[1].verdict.reason
    await lane.details.refresh(first.uuid)
    danish = [
        await lane.scan(typed(f"{SITE}/t/{first.slug}/", BY_NAME["Danish"])) for _ in range(2)
    ]
    assert danish[0].verdict.reason.endswith("keyboard: set it to Danish")
    assert "keyboard" not in danish[1].verdict.reason
    assert "keyboard" not in (await lane.scan(first.uuid)).verdict.reason


async def test_a_whole_uuid_through_a_layout_is_asked_for_at_the_server(
    sandbox: Sandbox, lane: Lane
) -> None:
    asked = sandbox.log.count("GET")
    scan = await lane.scan(typed("f" * 31 + "0", BY_NAME["French"], CapsLock.ALL_KEYS))
    assert scan.verdict.code is VerdictCode.UNKNOWN
    assert sandbox.log.count("GET") > asked


@both_dialects
async def test_two_codes_and_parts_of_codes_admit_nobody(sandbox: Sandbox, lane: Lane) -> None:
    first, second = sandbox.examples()["plain"], sandbox.examples()["external"]
    await lane.details.refresh(first.uuid)
    await lane.details.refresh(second.uuid)
    one, other = first.uuid, second.uuid
    dashed = str(UUID(one))
    links = [f"{SITE}/t/{each.slug}/" for each in (first, second)]
    for text in (
        *(one + other, f"{one} {other}", f"{one}\n{other}", "".join(links), " ".join(links)),
        *(f"{one}rubbish{one}", f"{links[0]}?next={quote(links[1])}", f"{one},{other}"),
    ):
        scan = await lane.scan(text)
        assert scan.verdict.code is VerdictCode.NOT_A_TICKET, text
        assert scan.verdict.reason == "Two codes in one: scan them one after another"
    both = await lane.scan(f"{SITE}/check?ticket={one}&ticket={other}")
    assert both.verdict.code is VerdictCode.AMBIGUOUS
    assert {each.uuid for each in both.verdict.candidates} == {one, other}
    for text in (
        *(one + "0", one[:31], one[:16], dashed[:-1], dashed[1:], f"{dashed}-957e", one + one[:9]),
        *(f"x{first.number}", f"{first.number}x", f"{SITE}/t/{first.slug}x/", f"{SITE}/t/"),
        *(f"{SITE}/tickets/{one}0/", "jensen", "a", first.full_name, "https://example.com/"),
    ):
        scan = await lane.scan(text)
        assert scan.verdict.ticket is None, text
        assert not scan.verdict.candidates
    assert sandbox.log.count("PATCH") == 0


async def test_what_scanners_put_around_a_code_is_set(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    lane = await open_lane(code_prefix="TB", code_suffix="!")
    await listed(lane)
    ticket = sandbox.examples()["plain"]
    await lane.details.refresh(ticket.uuid)
    for code in (ticket.uuid, f"{SITE}/t/{ticket.slug}/", str(ticket.number)):
        for text in (f"TB{code}!", f"]Q1TB{code}!", code, typed(f"TB{code}!", BY_NAME["French"])):
            scan = await lane.scan(text)
            named = {scan.verdict.ticket, *scan.verdict.candidates} - {None}
            assert {each.uuid for each in named if each} == {ticket.uuid}, text
