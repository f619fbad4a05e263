"""`shift`: a till opened with a float and closed with a count."""

import asyncio
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import SaleState
from boxoffice.sandbox import SandboxThread
from boxoffice.store import Journal
from tests.cli.conftest import Computer
from tests.store.sale_support import begin, cart
from tests.support import FakeClock


def test_a_till_from_float_to_count(site: SandboxThread, computer: Computer) -> None:
    assert "not open" in computer.run("shift").out
    assert computer.run("shift", "--json").json is None
    opened = computer.run("shift", "open", "--float", "500", "--json")
    assert opened.status == 0
    assert opened.json["opening"] == "500.00"
    assert opened.json["currency"] == site.state.tonight.currency
    there = site.state.tonight.start.utcoffset()
    assert datetime.fromisoformat(opened.json["opened_at"]).utcoffset() == there
    again = computer.run("shift", "open", "--float", "1")
    assert (again.status, again.out) == (1, "")
    assert "is open already" in again.sentence
    sold = computer.run(
        *("sell", "--type", "Standard=2", "--first", "Anna", "--last", "Ågård"),
        *("--email", "anna@example.com", "--paid", "cash", "--json"),
    )
    assert sold.status == 0, sold.err
    shown = computer.run("shift", "--json").json
    assert shown["taken"] == sold.json["total"]
    due = Decimal(500) + Decimal(sold.json["total"])
    assert Decimal(shown["expected"]) == due
    assert shown["difference"] is None
    assert f"{due:.2f}" in computer.run("shift").out
    closed = computer.run("shift", "close", "--count", str(due - Decimal("0.50")))
    assert closed.status == 0
    assert "0.50 too little" in closed.out
    report = computer.run("report", "--json")
    assert shown["opened_at"] == report.json["tills"][0]["opened"]
    assert report.json["expected_cash"] == f"{due:.2f}"
    assert [each["difference"] for each in report.json["shifts"]] == ["-0.50"]


def test_a_till_that_is_handed_over_holds_its_float_once(computer: Computer) -> None:
    computer.run("shift", "open", "--float", "500")
    sold = computer.run(
        *("sell", "--type", "Standard", "--first", "Anna", "--last", "Ågård"),
        *("--email", "anna@example.com", "--paid", "cash", "--json"),
    )
    due = Decimal(500) + Decimal(sold.json["total"])
    computer.run("shift", "close", "--count", str(due))
    computer.run("shift", "open", "--float", "500")
    report = computer.run("report", "--json").json
    assert (report["expected_cash"], len(report["shifts"])) == ("500.00", 2)
    assert report["cash_taken_out"] == sold.json["total"]


def test_a_till_closed_by_mistake_is_reopened_by_who_closed_it(computer: Computer) -> None:
    computer.run("shift", "open", "--float", "500", "--operator", "Anna")
    assert computer.run("shift", "reopen", "--operator", "Anna").status == 1
    closed = computer.run("shift", "close", "--count", "1", "--operator", "Bo", "--json").json
    other = computer.run("shift", "reopen", "--operator", "Anna")
    assert (other.status, other.out) == (1, "")
    assert "Only Bo can reopen this till" in other.sentence
    again = computer.run("shift", "reopen", "--operator", "Bo", "--json")
    assert again.status == 0
    assert again.json == closed | {"closed_at": None, "counted": None, "difference": None}
    assert "is open" in computer.run("shift", "reopen", "--operator", "Bo").sentence
    assert computer.run("shift", "close", "--count", "500").status == 0
    (till,) = computer.run("report", "--json").json["tills"]
    assert (till["difference"], till["counted_before"]) == ("0.00", ["1.00"])


def test_each_lane_has_its_till(computer: Computer) -> None:
    for lane in ("North", "South"):
        assert computer.run("shift", "open", "--float", "100", "--lane", lane).status == 0
    closed = computer.run("shift", "close", "--count", "100", "--lane", "South")
    assert "exact" in closed.out
    assert "open." in computer.run("shift", "--lane", "North").out
    assert "not open" in computer.run("shift", "--lane", "South").out


def test_a_till_that_is_not_open(computer: Computer) -> None:
    ran = computer.run("shift", "close", "--count", "5")
    assert (ran.status, ran.out) == (1, "")
    assert "is not open" in ran.sentence


def test_what_is_no_amount_is_asked_wrongly(computer: Computer) -> None:
    for amount in ("five", "-5", "nan", "1e9", ""):
        for command in (("open", f"--float={amount}"), ("close", f"--count={amount}")):
            ran = computer.run("shift", *command)
            assert (ran.status, ran.out) == (2, ""), command
            assert "amount of money" in ran.sentence


def test_without_a_network_the_till_opens_if_the_currency_is_known(
    site: SandboxThread, computer: Computer
) -> None:
    computer.run("events")
    site.stop()
    assert computer.run("shift", "open", "--float", "500").status == 0
    assert computer.run("shift", "close", "--count", "500").status == 0


def test_cash_that_is_not_reckoned_is_said_when_the_till_is_closed(computer: Computer) -> None:
    computer.run("shift", "open", "--float", "500", "--lane", "North")
    (file,) = computer.data.rglob("journal.db")

    async def begun(lane: str, paid: PaymentMethod) -> None:
        journal = await Journal.open(file, lane=lane, operator="", clock=FakeClock())
        await begin(journal, SaleState.SENDING, cart(paid=paid))
        await journal.close()

    asyncio.run(begun("South", PaymentMethod.CASH))
    asyncio.run(begun("North", PaymentMethod.CARD))
    assert computer.run("shift", "close", "--count", "500", "--lane", "North").err == ""
    assert computer.run("shift", "reopen", "--lane", "North").status == 0
    asyncio.run(begun("North", PaymentMethod.CASH))
    closed = computer.run("shift", "close", "--count", "800", "--lane", "North")
    assert closed.status == 0
    assert closed.err == "1 cash sale not settled: its cash is not reckoned yet.\n"
    assert "300.00 too much" in closed.out
