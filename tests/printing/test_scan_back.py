"""What is printed lets its holder in: paper, to dots, to a decoder, to a real lane."""

from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.printing.a4 import ticket_pdf
from boxoffice.printing.papers import Paper, Receipt, paper_of
from boxoffice.printing.receipt import DPI, receipt_pdf
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import goes_offline
from tests.printing.eyes import CODE128, QR, pages, read
from tests.support import FakeClock, both_dialects

pytestmark = both_dialects


async def printed(lane: Lane, uuid: str) -> Paper:
    details = await lane.details.known(uuid)
    assert details is not None
    return paper_of(details.ticket, lane.event, details.order)


async def test_a_ticket_on_a4(lane: Lane, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    (page,) = pages(ticket_pdf([await printed(lane, ticket.uuid)]), DPI)
    (code,) = read(page, QR)
    scan = await lane.scan(code)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert scan.verdict.confirmed
    assert scan.verdict.ticket is not None
    assert scan.verdict.ticket.full_name == ticket.full_name
    (bars,) = read(page, CODE128)
    assert (await lane.scan(bars)).verdict.code is VerdictCode.ALREADY_IN


async def test_a_receipt_at_203_dpi(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    tickets = sandbox.examples()["party"].order.tickets
    was_in = [ticket.checked_in for ticket in tickets]
    family = [ticket.uuid for ticket in tickets]
    papers = [await printed(lane, uuid) for uuid in family]
    drawn = pages(receipt_pdf(Receipt(lane.event, lane.name, clock.now(), tuple(papers))), DPI)
    codes = [code for page in drawn for code in read(page)]
    assert codes == family
    verdicts = [(await lane.scan(code)).verdict.code for code in codes]
    assert [verdict is VerdictCode.ALREADY_IN for verdict in verdicts] == was_in
    assert verdicts.count(VerdictCode.ADMITTED) == was_in.count(False)


async def test_a_ticket_offline(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    ticket = sandbox.examples()["plain"]
    (page,) = pages(ticket_pdf([await printed(lane, ticket.uuid)]), DPI)
    await goes_offline(sandbox, lane, clock)
    scan = await lane.scan(read(page)[0])
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert not scan.verdict.confirmed
