"""After `forget` no byte of any file holds a guest; before it is sent, nothing is forgotten."""

import asyncio
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.cli.about import FIELDS, KINDS, SectionTexts
from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.cart import Buyer, Line, PaymentMethod
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.models import AnswerInput, LinkState
from boxoffice.domain.sale import Refund, SaleState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.language import _, use
from boxoffice.paths import RUN, is_alone
from boxoffice.printing.papers import paper_of
from boxoffice.printing.printer import Press, tickets_document
from boxoffice.sandbox import Fault, Kind, Sandbox
from boxoffice.sandbox.models import Event, Ticket
from boxoffice.sync.check_in_policy import NOT_PROVEN
from tests.cli.conftest import Computer
from tests.cli.office import (
    FOLDER,
    admit,
    event,
    north,
    office,
    open_lane,
    people,
    reported,
    rows,
    run,
)
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects, until

__all__ = ["event", "north", "office", "open_lane", "people"]

BUYER = Buyer("Zebulon", "Quistgård", "zebulon.q@example.org", "+45 4012 3456")
ANSWER = "Only vegetables, no nuts"
REASON = "came with his aunt Petronella"
CODE = "PRIVATE-CODE-77"


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def found(folder: Path, texts: set[str]) -> set[tuple[str, str]]:
    """In which files a text stands, in whatever way a file may hold it, and in whatever case."""
    needles = {
        (text, written.lower())
        for text in texts
        for form in {text, text.lower(), json.dumps(text)[1:-1]}
        # Without the byte at the end by which the two orders of plain letters differ.
        for written in (form.encode(), form.encode("utf-16-le")[:-1], form.encode("utf-16-be")[1:])
    }
    contents = {path: path.read_bytes().lower() for path in files(folder)}
    return {
        (path.name, text)
        for path, content in contents.items()
        for text, needle in needles
        if needle in content
    }


def about(event: Event) -> set[str]:
    """All that is about people of the event, as the site has it and as it was typed."""
    named = (text for ticket in event.tickets for text in (ticket.full_name, ticket.email))
    guests = {text for text in named if len(text) > 3}  # one is called “-”
    return guests | {
        *(BUYER.first_name, BUYER.last_name, BUYER.email, BUYER.phone),
        *(ANSWER, REASON, CODE),
    }


@pytest.fixture
async def evening(
    sandbox: Sandbox, north: Lane, clock: FakeClock, event: Event, people: list[Ticket]
) -> Lane:
    """Scans, an override, answers, a tie, sales online and offline, a refund, papers and exports.

    The lane, where a sale and a check-in wait for the network.
    """
    await north.box_office.open_till(Decimal(500))
    await admit(north, *people[:3])
    await sent(north, clock)
    assert (await north.undo.last()).done
    await north.code_ties.tie(await north.scan(CODE), people[3].uuid)
    balcony = next(each for each in event.tickets if each.ticket_type.title != "Standard")
    await north.answer(people[0].uuid, [AnswerInput(event.questions[0].uuid, ANSWER)], admit=False)
    await north.details.rename(people[1].uuid, BUYER.full_name)
    await sent(north, clock)
    for ticket in (people[0], people[1], balcony):
        await north.details.refresh(ticket.uuid)
    offer = await north.box_office.offer()
    kind = offer.types[0]
    assert kind.price is not None
    cart = offer.cart([Line(kind.uuid, kind.title, kind.price, 1)], BUYER, PaymentMethod.CASH)
    sale = await north.box_office.sell(cart)

    async def done() -> bool:
        now = await north.box_office.sale(sale.id)
        return now is not None and now.state is SaleState.DONE

    await passes(clock, done, "the sale's tickets")
    await sent(north, clock)
    bought = await north.box_office.sale(sale.id)
    assert bought is not None
    assert bought.order is not None
    await north.orders.refund(bought.order, Refund(PaymentMethod.CASH, cart.total, REASON))
    known = await north.details.known(people[0].uuid)
    assert known is not None
    paper = paper_of(known.ticket, north.event, known.order)
    await Press(clock, north.exports).save(tickets_document([paper]))
    (north.exports.parent / "an-earlier-version.csv").write_text(BUYER.full_name)
    (north.exports / ".ticket.pdf.draft").write_text(BUYER.email)  # cut off by a kill
    await goes_offline(sandbox, north, clock)
    await north.box_office.sell(cart)
    await admit(north, people[4])
    assert await north.queue.export(north.exports / "queue.csv")
    return north


async def is_back(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    """Online again, and all is sent that waited."""
    await sandbox.start()
    await passes(clock, lambda: lane.status.link is LinkState.ONLINE, "online")

    async def settled() -> bool:
        return not (await lane.queue.view()).sales

    await passes(clock, settled, "the sale that waited")
    await sent(lane, clock)


@both_dialects
async def test_no_byte_holds_a_guest(
    sandbox: Sandbox,
    evening: Lane,
    clock: FakeClock,
    event: Event,
    office: Computer,
    tmp_path: Path,
) -> None:
    data, guests = office.data, about(event)
    ran = await run(office, "forget")
    assert ran.status == 3
    assert "nothing was erased. Still to be sent" in ran.out
    assert "1 queue row and 1 sale" in ran.out
    assert {text for _, text in found(data, guests)} >= {BUYER.last_name, BUYER.phone, CODE, ANSWER}

    await is_back(sandbox, evening, clock)
    await evening.box_office.close_till(Decimal(700))
    guests |= about(event)
    await evening.stop()
    before, _ = await reported(office)
    ran = await run(office, "forget", *event.title.split())
    assert (ran.status, ran.err) == (0, "")
    assert f"“{event.title}”: erased what was about people" in ran.out
    assert " tickets, " in ran.out
    assert found(data, guests) == set()
    assert not evening.exports.exists()
    assert rows(tmp_path, "SELECT count(*) FROM journal WHERE kind = 'scan'") != [(0,)]
    for table in ("journal_log", "admission", "taking", "shift", "sale", "queue"):
        assert rows(tmp_path, f"SELECT count(*) FROM {table} WHERE operator <> ''") == [(0,)]

    after, _ = await reported(office)
    for figure in ("balanced", "admissions", "by_lane", "by_quarter", "takings", "expected_cash"):
        assert after[figure] == before[figure], figure
    assert after["refunds"]["total"] == before["refunds"]["total"]
    assert {note["reason"] for note in after["refunds"]["list"]} == {""}
    await sandbox.stop()
    offline, _ = await reported(office)
    assert offline["takings"] == before["takings"]
    here = {kind["ticket_type"]: kind["here"] for kind in before["by_type"] if kind["here"]}
    assert {kind["ticket_type"]: kind["here"] for kind in offline["by_type"]} == here
    listed = (await run(office, "export", "--json")).json
    assert len(listed) == before["admissions"]
    assert {(row["name"], row["email"], row["operator"]) for row in listed} == {("", "", "")}

    again = await run(office, "forget", event.uuid)
    assert (again.status, again.err) == (0, "")
    assert "nothing was left" in again.out
    assert found(data, guests) == set()


@both_dialects
async def test_words_about_a_guest_go_too(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, event: Event, office: Computer
) -> None:
    """Why a verdict was set aside and a row dismissed, what the site said, and a tie taken back."""
    lane = await open_lane(folder=FOLDER, override=["not_paid"])
    await listed(lane)
    said = "Zebulon sings in the choir"
    words = json.dumps({"detail": f"{said}."}).encode()
    sandbox.faults.set(Fault(Kind.STATUS, status=400, body=words), method="PATCH")
    unpaid = await lane.scan(sandbox.examples()["not_paid"].uuid)
    assert (await lane.override(unpaid, REASON)).verdict.code is VerdictCode.ADMITTED
    await passes(clock, lambda: lane.status.counts.failed == 1, "a row that the site refused")
    (failed,) = (await lane.queue.view()).failed
    assert said in failed.reason
    assert await lane.queue.dismiss(failed.id, BUYER.full_name)
    await lane.code_ties.tie(await lane.scan(CODE), sandbox.examples()["already_in"].uuid)
    tie = await lane.code_ties.last()
    assert tie is not None
    assert await lane.code_ties.untie(tie)
    await lane.stop()
    texts = {said, REASON, BUYER.full_name, CODE}
    assert {text for _, text in found(office.data, texts)} == texts
    assert (await run(office, "forget", event.uuid)).status == 0
    assert found(office.data, texts) == set()


async def test_all_that_is_kept_of_one_person(
    sandbox: Sandbox, evening: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    guest = people[0]
    ran = await run(office, "about", BUYER.email.upper(), "--json")
    assert (ran.status, ran.err) == (0, "")
    kept = ran.json
    assert kept["person"] == BUYER.email.upper()
    assert [sale["cart"]["buyer"]["phone"] for sale in kept["sales"]] == [BUYER.phone] * 2
    assert {order["email"] for order in kept["orders"]} == {BUYER.email}
    assert any(path.endswith(".ticket.pdf.draft") for path in kept["files"])
    by_name = (await run(office, "about", "quistgaard", "zebulon", "--json")).json
    assert people[1].uuid in {ticket["uuid"] for ticket in by_name["tickets"]}
    assert any(path.endswith("an-earlier-version.csv") for path in by_name["files"])

    kept = (await run(office, "about", guest.email, "--json")).json
    assert guest.uuid in {ticket["uuid"] for ticket in kept["tickets"]}
    assert ANSWER in json.dumps(kept["answers"], ensure_ascii=False)
    assert {row["kind"] for row in kept["journal"]} >= {"scan", "answers", "outcome"}
    assert any(guest.uuid[:8] in path for path in kept["files"])
    tied = (await run(office, "about", people[3].full_name, "--json")).json
    assert [tie["code"] for tie in tied["codes"]] == [CODE]
    (waiting,) = (await run(office, "about", people[4].email, "--json")).json["queue"]
    assert (waiting["ticket"], waiting["state"]) == (people[4].uuid, "waiting")

    columns = {
        name
        for found_of in (kept, tied, by_name, {"queue": [waiting]})
        for rows_of in found_of.values()
        for row in rows_of
        if isinstance(row, dict)
        for name in row
    }
    assert {"uuid", "cart", "subject", "journal", "read_first"} <= columns <= FIELDS.keys()
    text = (await run(office, "about", guest.email)).out
    expected = (guest.full_name, ANSWER, "Journal", "Files", "checked in", "ticket type")
    for words in (*expected, VerdictCode.ADMITTED.word, "the site took it", "yes", "paid"):
        assert words in text
    assert not re.search(r"admitted|outcome|T\d\d:\d\d|PAID", text), "no codes"
    assert set(KINDS) == set(JournalKind)
    text = (await run(office, "about", BUYER.email)).out
    assert f"phone: {BUYER.phone}" in text, "the cart of the sale, which is a record"
    assert "paid by: cash" in text
    assert "{" not in text
    ran = await run(office, "about", "Nobody\x1b Whosoever")
    assert (ran.status, ran.err) == (0, "")
    assert "Nothing of “Nobody Whosoever” is kept" in ran.out
    assert (await run(office, "about", " ")).status == 2

    await is_back(sandbox, evening, clock)
    await evening.stop()
    assert (await run(office, "forget")).status == 0
    for who in (BUYER.email, BUYER.full_name, guest.email):
        kept = (await run(office, "about", who, "--json")).json
        assert not any(rows for title, rows in kept.items() if title != "person"), who


def test_what_people_wrote_is_shown_as_they_wrote_it() -> None:
    use("da")
    words = SectionTexts("tickets", {})
    kept = {"full_name": "Queue", "date": "2026-06-01", "reason": NOT_PROVEN}
    assert words.of(kept, "full_name") == "Queue"
    assert words.of(kept, "date") == "2026-06-01"
    assert words.of(kept, "reason") == _(NOT_PROVEN) != NOT_PROVEN
    order = {"total": "1295.50", "currency": "DKK"}
    assert SectionTexts("orders", {}).of(order, "total") == "1295,50"


async def test_what_is_kept_reaches_no_terminal_as_it_was_typed(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    await goes_offline(sandbox, north, clock)
    await north.details.rename(people[0].uuid, "Zebulon \x1b[31mQuist\u202egaard")
    (north.exports / "one").mkdir(parents=True)
    (north.exports / "one" / "\x1b]0;title\x07.csv").write_text("Zebulon")
    ran = await run(office, "about", "Zebulon")
    assert (ran.status, ran.err) == (0, "")
    assert "Queue\n" in ran.out
    assert "title" in ran.out
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)


async def test_another_boxoffice_at_work_is_closed_first(
    sandbox: Sandbox, north: Lane, event: Event, office: Computer
) -> None:
    await north.stop()
    gate = office.start("scan", "--json")
    try:
        assert gate.stdin is not None
        assert gate.stdout is not None
        gate.stdin.write("x\n")
        gate.stdin.flush()
        await asyncio.to_thread(gate.stdout.readline)
        ran = await run(office, "forget")
        assert (ran.status, ran.out) == (1, "")
        assert "Another boxoffice is at work" in ran.sentence
        assert "Nothing was erased" in ran.sentence
    finally:
        await asyncio.to_thread(gate.communicate)
    assert found(office.data, {event.tickets[0].full_name})
    ran = await run(office, "forget")
    assert ran.status == 0
    assert not found(office.data, {event.tickets[0].full_name})


async def test_a_door_that_is_drawn_first_is_at_work_once_it_is_open(
    sandbox: Sandbox, north: Lane, event: Event, office: Computer
) -> None:
    await north.stop()
    settings = Settings(url=sandbox.url, event=event.uuid, data_dir=office.data)
    key = SecretStr(sandbox.token)
    async with AppContext(settings, key=key, draws_first=True) as context:
        await context.lane(event.uuid)
        assert is_alone(context.folder, RUN, None), "the door comes first"
        context.drawn.set()
        await until(lambda: not is_alone(context.folder, RUN, None))
        assert "Another boxoffice is at work" in (await run(office, "forget")).sentence
    assert is_alone(context.folder, RUN, None)


async def test_which_event(sandbox: Sandbox, north: Lane, event: Event, office: Computer) -> None:
    await north.stop()
    await sandbox.stop()
    office.environment["BOXOFFICE_EVENT"] = ""
    ran = await run(office, "forget")
    assert (ran.status, ran.out) == (2, "")
    assert event.uuid in ran.err
    ran = await run(office, "forget", "no such title")
    assert (ran.status, ran.out) == (2, "")
    assert "No event here has “no such title”" in ran.err
    for wrong in (
        ["--older-than", "-1"],
        ["--older-than", "0.4"],
        [event.uuid, "--older-than", "3"],
    ):
        ran = await run(office, "forget", *wrong)
        assert (ran.status, ran.out) == (2, "")
    ran = await run(office, "forget", "f" * 32)
    assert (ran.status, ran.err) == (0, "")
    assert "nothing was left" in ran.out
    assert found(office.data, {event.tickets[0].full_name})


async def test_files_that_are_not_its_own_are_named(north: Lane, office: Computer) -> None:
    await north.stop()
    folder = office.data / "localhost"
    (moved := folder / "journal.db.damaged").write_bytes(b"Zebulon")
    (folder / "old").mkdir()
    (copied := folder / "old" / "roster.db").write_bytes(b"Zebulon")
    (noted := office.data / "guests.txt").write_bytes(b"Zebulon")
    (folder / ".clock.4y3k2q").write_bytes(b"cut off by a kill")
    (office.data / "hub-copy.json").write_bytes(b"a spare's, about nobody")
    ran = await run(office, "forget")
    assert ran.status == 0
    _, *left = ran.err.splitlines()
    assert [line.strip() for line in left] == [*map(str, sorted((moved, copied, noted)))]
    assert ran.err.startswith("Not erased, since boxoffice did not make them")
    assert moved.read_bytes() == copied.read_bytes() == noted.read_bytes() == b"Zebulon"
