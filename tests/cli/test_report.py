"""The night's account, counted again from the server's state and from the journal's file."""

import csv
import re
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from boxoffice.cli.report_figures import CODES
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.sale import Refund, SaleState, TakingKind
from boxoffice.domain.verdicts import ALWAYS_OVERRIDABLE, MAY_BE_OVERRIDABLE, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event, Order, Ticket
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
    sold,
)
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects

__all__ = ["event", "north", "office", "open_lane", "people"]

REASON = "=1+1 with the band"
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def test_every_code_of_a_table_has_its_word_in_other_languages() -> None:
    overridden = ALWAYS_OVERRIDABLE | MAY_BE_OVERRIDABLE | {VerdictCode.ALREADY_IN}
    noted = {code.replace("_", " ") for code in (*overridden, *QueueKind, *TakingKind)}
    codes = {*SaleState, *QueueState, *QueueKind, *PaymentMethod, *TakingKind}
    assert {str(code) for code in codes} | noted <= set(CODES)


def our_orders(event: Event) -> list[Order]:
    return [order for order in event.orders if order.external_order_id]


async def an_evening(
    sandbox: Sandbox,
    north: Lane,
    open_lane: OpenLane,
    clock: FakeClock,
    people: list[Ticket],
) -> Ticket:
    """Two lanes and a balcony, a spell offline, a double, an undo, an override, sales, a refund.

    Answers the ticket on which two people may have come in, at two doors.
    """
    south = await open_lane(folder=FOLDER, name="South")
    balcony = await open_lane(folder=FOLDER, name="Balcony", doors=["VIP balcony"])
    await listed(south)
    await listed(balcony)
    await north.box_office.open_till(Decimal(500))
    queue = iter(people)
    first = [next(queue) for _ in range(6)]
    await admit(north, *first)
    assert (await south.scan(first[0].uuid)).verdict.code is VerdictCode.ALREADY_IN
    await sent(north, clock)
    assert (await north.undo.last()).done
    clock.jump(timedelta(minutes=20))
    await admit(south, *(next(queue) for _ in range(4)))
    scan = await balcony.scan(next(queue).uuid)
    assert scan.verdict.code is VerdictCode.WRONG_DOOR
    assert (await balcony.override(scan, REASON)).verdict.code is VerdictCode.ADMITTED
    await sent(north, clock)
    await balcony.stop()  # it would finish sales of the others, by its own doors
    await sold(north, clock, PaymentMethod.CASH, 2)
    refunded = await sold(north, clock, PaymentMethod.CASH)
    await sold(south, clock, PaymentMethod.CARD, kind=1)
    assert refunded.order is not None
    await north.orders.refund(
        refunded.order, Refund(PaymentMethod.CASH, refunded.cart.total, "could not stay")
    )
    # A spell offline; meanwhile another door admits some, one of them with a ticket used here too.
    await goes_offline(sandbox, north, clock)
    double, *others = [next(queue) for _ in range(4)]
    await admit(north, double, *others)
    sandbox.state.check_in(double)
    for _ in range(5):
        sandbox.state.check_in(next(queue))
    clock.jump(timedelta(minutes=25))
    await sandbox.start()
    await passes(clock, lambda: north.status.link is LinkState.ONLINE, "online")
    await sent(north, clock)
    await passes(clock, lambda: north.status.counts.conflicts == 1, "a conflict")
    await north.box_office.close_till(Decimal("1100.50"))
    return double


def check_with_the_server(report: dict[str, Any], event: Event, ours: set[str]) -> None:
    valid = [ticket for ticket in event.tickets if not ticket.refunded]
    assert report["tickets"] == len(valid)
    assert report["in"] == sum(ticket.checked_in for ticket in valid)
    assert {each["ticket_type"]: each["in"] for each in report["by_type"]} == {
        kind.title: sum(each.checked_in and each.ticket_type is kind for each in valid)
        for kind in event.ticket_types
    }
    assert {each["ticket_type"]: each["refunded"] for each in report["by_type"]} == {
        kind.title: sum(each.refunded and each.ticket_type is kind for each in event.tickets)
        for kind in event.ticket_types
    }
    assert sum(each["here"] for each in report["by_type"]) == len(ours)
    at_the_site = {ticket.uuid for ticket in event.tickets if ticket.checked_in}
    assert report["reconciliation"]["unknown_to_us"] == len(at_the_site - ours)
    assert ours <= at_the_site
    standing = [order for order in our_orders(event) if not order.refunded]
    total = sum((order.total for order in standing), Decimal(0))
    assert sum(map(Decimal, report["takings"].values())) == total
    assert report["sales"]["count"] == len(our_orders(event))
    assert report["reconciliation"]["orders"] == len(our_orders(event))


def check_with_the_journal(report: dict[str, Any], tmp_path: Path) -> set[str]:
    admitted = rows(tmp_path, "SELECT ticket, lane, operator, at FROM admission")
    assert report["admissions"] == len(admitted)
    greens = rows(tmp_path, "SELECT count(*) FROM journal WHERE verdict = 'admitted'")[0][0]
    undos = rows(tmp_path, "SELECT count(*) FROM journal WHERE kind = 'undo'")[0][0]
    assert report["admissions"] == greens - undos
    assert report["by_lane"] == Counter(lane for _, lane, _, _ in admitted)
    assert report["by_operator"] == Counter(operator for _, _, operator, _ in admitted)
    quarters: Counter[str] = Counter()
    for _, _, _, at in admitted:
        local = datetime.fromisoformat(at).astimezone(COPENHAGEN)
        quarters[f"{local:%H}:{local.minute // 15 * 15:02}"] += 1
    assert {each["from"][11:16]: each["admissions"] for each in report["by_quarter"]} == quarters
    assert len(quarters) > 1
    takings = dict.fromkeys(("cash", "card", "mobilepay", "invoice", "free"), Decimal(0))
    for paid, amount in rows(tmp_path, "SELECT paid, amount FROM taking"):
        takings[paid] += Decimal(amount)
    assert {way: Decimal(amount) for way, amount in report["takings"].items()} == takings
    (opening, counted) = rows(tmp_path, "SELECT opening, counted FROM shift")[0]
    assert Decimal(report["expected_cash"]) == Decimal(opening) + takings["cash"]
    (shift,) = report["shifts"]
    assert Decimal(shift["difference"]) == Decimal(counted) - Decimal(report["expected_cash"])
    (override,) = report["overrides"]
    assert (override["lane"], override["verdict"], override["reason"]) == (
        "Balcony",
        "wrong_door",
        REASON,
    )
    assert len(report["undos"]) == undos == 1
    (refund,) = report["refunds"]["list"]
    assert refund["reason"] == "could not stay"
    assert refund["given_back"] == f"{report['refunds']['total']} cash"
    given_back = rows(tmp_path, "SELECT amount FROM taking WHERE kind = 'refund'")
    assert [Decimal(report["refunds"]["total"])] == [-Decimal(amount) for (amount,) in given_back]
    return {ticket for ticket, *_ in admitted}


@both_dialects
async def test_an_evening_counted_twice(
    sandbox: Sandbox,
    north: Lane,
    open_lane: OpenLane,
    clock: FakeClock,
    event: Event,
    people: list[Ticket],
    office: Computer,
    tmp_path: Path,
) -> None:
    double = await an_evening(sandbox, north, open_lane, clock, people)
    report, causes = await reported(office)
    assert (report["conflicts"], report["failed"], report["waiting"]) == (1, 0, 0)
    conflict_is_open, till_differs = causes
    assert "1 conflict is open" in conflict_is_open
    assert f"held {report['tills'][0]['difference']} DKK too much" in till_differs
    assert report["not_in_a_till"] == "0.00"
    check_with_the_server(report, event, check_with_the_journal(report, tmp_path))

    (conflict,) = (await north.queue.view()).conflicts
    assert conflict.ticket == double.uuid
    assert await north.queue.dismiss(conflict.id, "one and the same person")
    again = await north.box_office.reopen_till()
    await north.box_office.close_till(again.expected)
    report, causes = await reported(office)
    assert causes == []
    assert report["conflicts"] == 0
    assert [each["reason"] for each in report["dismissed"]] == ["one and the same person"]
    assert report["reconciliation"]["checked"] == report["admissions"]
    check_with_the_server(report, event, check_with_the_journal(report, tmp_path))

    ran = await run(
        office, "report", "--csv", str(tmp_path / "a.csv"), "--xlsx", str(tmp_path / "a.xlsx")
    )
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.rstrip().endswith("It balances.")
    (override,) = read(tmp_path / "a-overrides.csv")
    assert override["reason"] == f"'{REASON}"
    figures = {row["figure"]: row["value"] for row in read(tmp_path / "a.csv")}
    assert figures["admitted here"] == str(report["admissions"])
    cash, *_ = read(tmp_path / "a-takings.csv")
    assert cash["amount"] == report["takings"]["cash"].replace(".", ",")
    assert read(tmp_path / "a-rounding.csv") == read(tmp_path / "a-not_in_a_till.csv") == []
    (till,) = read(tmp_path / "a-tills.csv")
    assert till["opened"] == report["tills"][0]["opened"][:19].replace("T", " ")
    assert (till["difference"], till["counted before"]) == ("0,00", "1100,50")
    (refund,) = read(tmp_path / "a-refunds.csv")
    noted = report["refunds"]["list"][0]
    (refunded,) = (one for one in report["sales"]["list"] if one["order"] == noted["order"])
    assert refund["order"] == refunded["order_id"]
    amount = report["refunds"]["total"].replace(".", ",")
    assert (refund["given back"], refund["paid by"]) == (amount, "cash")
    kinds = {row["ticket type"]: int(row["in"]) for row in read(tmp_path / "a-attendance.csv")}
    assert kinds == {each["ticket_type"]: each["in"] for each in report["by_type"]}
    texts, sheets = spreadsheet(tmp_path / "a.xlsx")
    assert REASON in texts
    assert "<f>" not in sheets
    assert f"<v>{report['takings']['cash']}</v>" in sheets
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        names = re.findall('<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert {"attendance", "takings", "tills", "rounding", "conflicts", "failed"} <= set(names)
    assert {f"a-{name}.csv" for name in names[1:]} == beside(tmp_path / "a.csv")


def read(path: Path) -> list[dict[str, str]]:
    """A table as the Danish Excel reads it: the mark of its letters, and semicolons."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def beside(path: Path) -> set[str]:
    """The files of the tables beside that of the summary."""
    return {other.name for other in path.parent.glob(f"{path.stem}-*.csv")}


def spreadsheet(path: Path) -> tuple[str, str]:
    """All its texts, and all its sheets."""
    with zipfile.ZipFile(path) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return texts, "".join(book.read(name).decode() for name in names)


async def test_hostile_names_do_no_harm(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer, tmp_path: Path
) -> None:
    hostile = sandbox.examples()["hostile"]
    hostile.full_name = '=HYPERLINK("x")\x1b[2J[red]'
    sandbox.state.touch(hostile)
    await north.refresh()
    await admit(north, hostile)
    await sent(north, clock)
    await north.stop()
    sandbox.state.check_in(hostile, False)
    ran = await run(office, "report", "--csv", "-", "--xlsx", str(tmp_path / "a.xlsx"))
    assert "\x1b" not in ran.out + ran.err
    assert "=HYPERLINK" in ran.out
    written = csv.reader(ran.out.splitlines(), delimiter=";")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in written for cell in row)
    texts, sheets = spreadsheet(tmp_path / "a.xlsx")
    assert "=HYPERLINK" in texts
    assert "<f>" not in sheets


async def test_tables_in_a_folder_and_printed(
    north: Lane, clock: FakeClock, office: Computer, tmp_path: Path
) -> None:
    await north.box_office.open_till(Decimal(500))
    await sold(north, clock, PaymentMethod.CASH)
    (tmp_path / "night").mkdir()
    assert (await run(office, "report", "--csv", str(tmp_path / "night"))).status == 0
    (till,) = read(tmp_path / "night" / "tills.csv")
    assert (till["float"], till["closed"], till["counted"]) == ("500,00", "", "")
    assert read(tmp_path / "night" / "summary.csv")[0]["figure"] == "event"
    assert read(tmp_path / "night" / "conflicts.csv") == []
    printed = (await run(office, "report", "--csv", "-")).out
    assert not printed.startswith("\ufeff")
    assert "\n\nTills\nlane;operator;opened;" in printed
    assert "Conflicts" not in printed
    said = (await run(office, "report")).out
    assert said.endswith("\n\nIt balances. Not counted yet: the till of lane North.\n")


async def test_an_event_that_nobody_here_knows(
    sandbox: Sandbox, north: Lane, office: Computer
) -> None:
    await north.stop()
    await sandbox.stop()
    ran = await run(office, "report", "--event", "f" * 32)
    assert (ran.status, ran.out) == (1, "")
    assert "cannot be reached" in ran.sentence


async def test_without_a_key_the_figures_are_told(north: Lane, office: Computer) -> None:
    office.environment["BOXOFFICE_TOKEN"] = ""
    report, (cause,) = await reported(office)
    assert "No key for " in cause
    assert report["admissions"] == 0


async def test_asked_wrongly(north: Lane, office: Computer, tmp_path: Path) -> None:
    ran = await run(office, "report", "--json", "--csv", "-")
    assert (ran.status, ran.out) == (2, "")
    assert "either JSON or CSV" in ran.sentence
    ran = await run(office, "report", "--csv", str(tmp_path / "nowhere" / "a.csv"))
    assert (ran.status, ran.out) == (1, "")
    assert "cannot be written" in ran.sentence
