"""`sell`: walk-up orders by real processes, killed and cut off in the middle."""

import asyncio
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.cli.box_office import NO_TILL, sale_line
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import DiscountCode, Order
from boxoffice.store import Journal, sales
from boxoffice.sync.sales.rules import NOT_THERE
from tests.cli.conftest import Computer, Ran
from tests.cli.hubs import laptop, running
from tests.cli.processes import LONGEST
from tests.store.sale_support import cart
from tests.support import EVENING, HANG_UP, FakeClock, both_dialects

FIELDS = {
    *("state", "order", "order_id", "external_order_id", "tickets"),
    *("total", "currency", "change", "checked_in"),
}
ORDERS = "orders/"
BUYER = ("--first", "Anna", "--last", "Ågård", "--email", "anna@example.com")


def sell(computer: Computer, *what: str, paid: str = "cash", json: bool = True) -> Ran:
    types = [word for each in what or ("Standard",) for word in ("--type", each)]
    return computer.run("sell", *types, *BUYER, "--paid", paid, *(["--json"] if json else []))


def ours(site: SandboxThread) -> list[Order]:
    return [
        order
        for order in site.state.orders.values()
        if (order.external_order_id or "").startswith("BX-")
    ]


def all_in(order: Order) -> bool:
    return all(ticket.checked_in for ticket in order.tickets)


def until_true(condition: Callable[[], object], what: str) -> None:
    """Wait for what another process does."""
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.01)


def posted(site: SandboxThread, *, applied: bool) -> None:
    """Wait until an order has arrived at the site."""
    until_true(lambda: site.log.count("POST", ORDERS, applied=applied or None), "an order arrives")


def found_cut_off(computer: Computer, *, ago: timedelta) -> None:
    """Have another process find the sale, so long ago that the list of now tells for sure."""

    async def find() -> None:
        (file,) = computer.data.rglob("journal.db")
        clock = FakeClock(datetime.now(UTC) - ago)
        journal = await Journal.open(file, lane="2", operator="", clock=clock)
        assert await journal.write(sales.recover) == 1
        await journal.close()

    asyncio.run(find())


def offline_allowed(computer: Computer, tmp_path: Path, reserve: int = 10) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[sales]\noffline = true\nreserve = {reserve}\nemail = "h@example.com"\n')
    computer.environment["BOXOFFICE_CONFIG"] = str(config)


@both_dialects
def test_a_sale_for_cash(site: SandboxThread, computer: Computer) -> None:
    computer.run("shift", "open", "--float", "0", "--lane", "North door")
    ran = computer.run(
        *("sell", "--type", "Standard=2", "--type", "student", *BUYER, "--phone", "12345678"),
        *("--paid", "cash", "--given", "1000", "--json", "--lane", "North door"),
    )
    assert (ran.status, ran.err) == (0, "")
    (order,) = ours(site)
    assert set(ran.json) >= FIELDS
    assert ran.json["state"] == "sold"
    assert ran.json["order"] == order.uuid
    assert ran.json["order_id"] == order.order_id
    assert ran.json["external_order_id"] == order.external_order_id
    assert re.fullmatch(r"BX-North-door_[2-9a-z]{4}-1", ran.json["external_order_id"])
    assert set(ran.json["tickets"]) == {ticket.uuid for ticket in order.tickets}
    assert ran.json["total"] == f"{order.total:.2f}"
    assert ran.json["change"] == f"{1000 - order.total:.2f}"
    assert ran.json["currency"] == "DKK"
    assert ran.json["checked_in"] is True
    assert all_in(order)
    assert len(order.tickets) == 3
    assert order.address["phone"] == "12345678"
    assert computer.run("sync").status == 0


def test_cash_in_no_till_is_said_beforehand(site: SandboxThread, computer: Computer) -> None:
    site.faults.set("400", method="POST", path=ORDERS, times=1)
    ran = sell(computer)
    assert ran.status == 1
    assert ran.err.startswith(NO_TILL)
    assert (sell(computer, paid="card").err, sell(computer).err) == ("", f"{NO_TILL}\n")
    assert computer.run("sync").status == 0
    report = computer.run("report", "--json").json
    assert report["not_in_a_till"] == report["takings"]["cash"] == "295.00"
    assert (report["balanced"], report["tills"]) == (True, [])
    computer.run("shift", "open", "--float", "500")
    assert sell(computer).err == ""
    assert computer.run("sync").status == 0
    ran = computer.run("report", "--json")
    assert (ran.json["balanced"], ran.json["not_in_a_till"]) == (False, "295.00")
    assert ran.err.startswith("1 payment in cash, together 295.00 DKK, came in or went out while ")
    assert ran.json["tills"][0]["expected"] == "795.00"


def test_a_discount_is_not_paid_and_is_on_the_report(
    site: SandboxThread, computer: Computer
) -> None:
    event = site.state.tonight
    site.state.discount_codes[1] = DiscountCode(1, "HAVN", Decimal(10), "PERCENTAGE", 5, event)
    what = ("sell", "--type", "Standard=2", *BUYER, "--paid", "card", "--json")
    ran = computer.run(*what, "--discount", "havn")
    assert (ran.status, ran.json["total"], ran.json["discount"]) == (0, "590.00", "59.00")
    report = computer.run("report", "--json").json
    assert report["takings"]["card"] == "531.00"
    sales = report["sales"]
    assert (sales["total"], sales["discounts"], sales["complimentary"]) == ("590.00", "59.00", 0)
    assert sales["list"][0]["discount"] == "59.00"


@pytest.mark.parametrize(
    ("currency", "price", "given", "rounding", "change", "coins"),
    [
        ("DKK", "298.90", "500", "0.10", "201.00", ""),
        ("SEK", "298.50", "299", "0.50", "0.00", ""),
        ("NOK", "298.40", "500", "-0.40", "202.00", ""),
        ("CHF", "29.97", "30", "-0.02", "0.05", ""),
        ("EUR", "29.98", "30", "0.00", "0.02", ""),
        ("EUR", "29.98", "30", "0.02", "0.00", "0.05"),
        ("KWD", "4.125", "5.250", "0.00", "1.125", ""),
        ("ISK", "4500", "5000", "0.00", "500.00", ""),
    ],
)
def test_cash_in_the_coins_of_the_currency(
    site: SandboxThread,
    computer: Computer,
    tmp_path: Path,
    currency: str,
    price: str,
    given: str,
    rounding: str,
    change: str,
    coins: str,
) -> None:
    event = site.state.tonight
    event.currency, event.ticket_types[0].price = currency, Decimal(price)
    config = tmp_path / "config.toml"
    config.write_text(f'locale = "en"\n[sales]\n{coins and f"cash_rounding = {coins}"}\n')
    computer.environment["BOXOFFICE_CONFIG"] = str(config)
    computer.run("shift", "open", "--float", "10")
    ran = computer.run(
        *("sell", "--type", "Standard", *BUYER, "--paid", "cash", "--given", given, "--json"),
        "--no-check-in",
    )
    assert (ran.status, ran.err) == (0, "")
    assert (Decimal(ran.json["total"]), ran.json["currency"]) == (Decimal(price), currency)
    assert (ran.json["rounding"], ran.json["change"]) == (rounding, change)
    paid = Decimal(price) + Decimal(rounding)
    till = computer.run("shift", "--json").json
    assert (Decimal(till["taken"]), Decimal(till["expected"])) == (paid, 10 + paid)
    closed = computer.run("shift", "close", "--count", str(10 + paid))
    assert "exact" in closed.out
    assert computer.run("sync").status == 0
    ran = computer.run("report", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert Decimal(ran.json["takings"]["cash"]) == paid
    sales = ran.json["sales"]
    assert (Decimal(sales["total"]), sales["rounding"]) == (Decimal(price), rounding)
    assert sales["list"][0]["rounding"] == rounding


@pytest.mark.parametrize(
    ("state", "booked", "change"),
    [
        (SaleState.QUEUED, True, "  change 200.00"),
        (SaleState.DONE, True, "  change 200.00"),
        (SaleState.UNKNOWN, False, ""),
    ],
)
def test_no_change_is_named_before_a_sale_is_certain(
    state: SaleState, booked: bool, change: str
) -> None:
    paid = replace(cart(1, price="300.00"), given=Decimal(500))
    sale = Sale(1, 1, "BX-North-1", state, paid, EVENING, "North", "Ann", booked=booked)
    word = sale.word.upper()
    assert sale_line(sale) == f"{word}  BX-North-1  no order yet  300.00 DKK{change}"


@both_dialects
def test_a_fee_that_the_buyer_bears_is_in_the_total(
    site: SandboxThread, computer: Computer
) -> None:
    event = site.state.tonight
    event.settings["organizer_absorb_fees"] = False
    assert event.ticket_types[0].price == Decimal("295.00")
    sold = sell(computer, "Standard=2").json
    assert (sold["total"], sold["rounding"]) == ("597.80", "0.20")  # a fee of 3.90 each
    assert computer.run("sync").status == 0
    report = computer.run("report", "--json").json
    assert (report["takings"]["cash"], report["causes"]) == ("598.00", [])


@both_dialects
def test_not_checked_in_and_for_people(site: SandboxThread, computer: Computer) -> None:
    event = site.state.tonight
    free = next(kind for kind in event.ticket_types if not kind.price)
    ran = computer.run("sell", "--type", free.uuid, *BUYER, "--paid", "card", "--no-check-in")
    assert ran.status == 0
    assert ran.out.startswith("SOLD")
    (order,) = ours(site)
    assert not all_in(order)


def test_what_the_site_refuses(site: SandboxThread, computer: Computer) -> None:
    computer.run("shift", "open", "--float", "0")
    ran = sell(computer, "VIP balcony")
    assert (ran.status, ran.out) == (1, "")
    assert "sold out" in ran.sentence
    site.faults.set("400", method="POST", path=ORDERS)
    ran = sell(computer)
    assert (ran.status, ran.out) == (1, "")
    assert ran.sentence.endswith(".")
    assert ours(site) == []
    assert computer.run("sync").status == 0


@pytest.mark.parametrize(
    "words",
    [
        "--type Nonsense --paid cash",
        "--type Standard --paid barter",
        "--type Standard --paid cash --given much",
        "--type Standard --paid card --given 500",
        "--type Standard=0 --paid cash",
        "--type Standard=-1 --paid cash",
        "--type Standard=00000000001000 --paid cash",
        "--type a --paid cash",
        "--type Volunteer --paid cash --given 100",
        "--type Standard --paid cash --given 1e9",
        "--type Standard --paid cash --given -1",
        "--type Standard --paid cash --given 9780201379624001",
        "--paid cash",
        "--type Standard",
    ],
)
def test_what_is_asked_wrongly(site: SandboxThread, computer: Computer, words: str) -> None:
    ran = computer.run("sell", *words.split(), *BUYER)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert site.log.count("POST", ORDERS) == 0


def test_less_cash_than_the_total(site: SandboxThread, computer: Computer) -> None:
    ran = computer.run("sell", "--type", "Standard", *BUYER, "--paid", "cash", "--given", "1")
    assert ran.status == 1
    assert "less than" in ran.sentence
    assert site.log.count("POST", ORDERS) == 0


@pytest.mark.parametrize(
    ("email", "said"), [((), "house's own"), (("--email", "anna"), "anna is no e-mail address")]
)
def test_without_an_e_mail_address(
    site: SandboxThread, computer: Computer, email: tuple[str, ...], said: str
) -> None:
    words = ("--type", "Standard", "--first", "Anna", "--last", "Å", "--paid", "card")
    ran = computer.run("sell", *words, *email)
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.sentence
    assert site.log.count("POST", ORDERS) == 0


def test_what_costs_nothing_is_free_however_it_is_paid(computer: Computer) -> None:
    ran = sell(computer, "Volunteer", "Volunteer=1")
    assert ran.status == 0
    assert (ran.json["total"], ran.json["change"]) == ("0.00", "0.00")
    takings = computer.run("report", "--json").json["takings"]
    assert {*takings.values()} == {"0.00"}


@both_dialects
@pytest.mark.parametrize("fault", ["drop-after", "524-after", "500-after", "truncated"])
def test_an_order_whose_answer_is_lost_is_found(
    fault: str, site: SandboxThread, computer: Computer
) -> None:
    site.faults.set(fault, method="POST", path=ORDERS)
    ran = sell(computer, "Standard=2")
    assert ran.status == 0, ran.err
    (order,) = ours(site)
    assert ran.json["order"] == order.uuid
    assert set(ran.json["tickets"]) == {ticket.uuid for ticket in order.tickets}
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 1


@both_dialects
def test_killed_between_the_post_and_its_answer(site: SandboxThread, computer: Computer) -> None:
    rule = site.faults.set("hang-after", method="POST", path=ORDERS)
    for number in (1, 2):
        process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
        posted(site, applied=True)
        process.kill()
        assert process.wait(LONGEST) == -signal.SIGKILL
        process.communicate()
        site.log.clear()
        assert len(ours(site)) == number
    site.faults.clear(rule)
    assert computer.run("queue", "--json").json["failed"] == []
    ran = computer.run("sync", "--json")
    assert (ran.status, ran.json["waiting"], ran.json["attention"]) == (0, 0, 0), ran.err
    assert site.log.count("POST", ORDERS) == 0
    assert len(ours(site)) == 2
    assert all(map(all_in, ours(site)))
    again = sell(computer)
    assert again.json["external_order_id"].endswith("-3")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, HANG_UP])
@pytest.mark.parametrize(
    ("method", "path", "stands"),
    [("POST", ORDERS, "may be placed"), ("PATCH", "tickets/*/", "is placed as order")],
)
def test_told_to_end_it_says_how_the_sale_stands(
    site: SandboxThread,
    computer: Computer,
    end: signal.Signals,
    method: str,
    path: str,
    stands: str,
) -> None:
    rule = site.faults.set("hang-after", method=method, path=path)
    process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
    until_true(lambda: rule.hits, "the request")
    process.send_signal(end)
    _, said = process.communicate()
    assert process.returncode == 128 + end
    assert f"The sale {stands}" in said
    assert "run boxoffice sync before you sell it again." in said
    site.faults.clear(rule)
    assert computer.run("sync", "--json").status == 0
    (order,) = ours(site)
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 1


def test_killed_before_the_order_was_carried_out(
    site: SandboxThread, computer: Computer, later: list[timedelta]
) -> None:
    rule = site.faults.set("hang", method="POST", path=ORDERS)
    process = computer.start("sell", "--type", "Standard", *BUYER, "--paid", "card")
    posted(site, applied=False)
    process.kill()
    process.communicate()
    until_true(lambda: any(entry.gone for entry in site.log), "its connection is gone")
    site.faults.clear(rule)
    assert ours(site) == []
    found_cut_off(computer, ago=timedelta(minutes=1))
    ran = computer.run("sync", "--json")
    assert (ran.status, ran.json["attention"]) == (4, 1), ran.out + ran.err
    assert ours(site) == []  # a seller who was shown nothing may have sold it again
    (asked,) = computer.run("queue", "--json").json["failed"]
    assert (asked["state"], asked["reason"]) == ("not_placed", NOT_THERE)
    assert computer.run("queue", "retry", str(asked["id"])).status == 0
    later.append(timedelta(minutes=1))  # what the list does not hold by then was never placed
    ran = computer.run("sync", "--json")
    assert ran.status == 0, ran.out + ran.err
    (order,) = ours(site)
    assert all_in(order)
    assert site.log.count("POST", ORDERS) == 2


@both_dialects
def test_offline_it_is_queued_and_placed_in_order(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    offline_allowed(computer, tmp_path)
    assert computer.run("sync").status == 0
    site.stop()
    for name in ("First", "Second"):
        ran = computer.run(
            *("sell", "--type", "Standard", "--first", name, "--last", "X"),
            *("--paid", "card", "--json"),
        )
        assert ran.status == 3
        assert ran.json["state"] == "queued"
        assert ran.json["order"] is None
        assert "queued" in ran.sentence
    assert computer.run("queue", "--json").json["waiting"] == 2
    assert computer.run("sync").status == 3
    site.start()
    assert computer.run("sync").status == 0
    orders = ours(site)
    assert [order.address["first_name"] for order in orders] == ["First", "Second"]
    assert {order.address["email"] for order in orders} == {"h@example.com"}
    assert all(map(all_in, orders))


def test_offline_a_refusal_later_is_seen_by_a_person(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    offline_allowed(computer, tmp_path)
    assert computer.run("sync").status == 0
    site.stop()
    assert sell(computer).status == 3
    site.start()
    kind = site.state.tonight.ticket_types[0]
    kind.amount_total = kind.amount_sold
    assert computer.run("sync").status == 4
    (failed,) = computer.run("queue", "--json").json["failed"]
    assert {"ticket", "kind", "reason", "at"} <= set(failed)
    assert (failed["kind"], failed["ticket"]) == ("sale", "")
    assert "Not enough tickets" in failed["reason"]
    assert "BX-" in computer.run("queue").out

    kind.amount_total += 1
    assert computer.run("queue", "retry", str(failed["id"])).status == 0
    assert computer.run("sync").status == 0
    assert len(ours(site)) == 1


def test_a_sale_that_is_given_up_is_off_the_queue(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    offline_allowed(computer, tmp_path)
    assert computer.run("sync").status == 0
    site.stop()
    computer.environment["BOXOFFICE_LANE"] = "North"
    assert sell(computer).status == 3
    site.start()
    site.faults.set("400", method="POST", path=ORDERS)
    assert computer.run("sync").status == 4
    (failed,) = computer.run("queue", "--json").json["failed"]
    row = str(failed["id"])
    ran = computer.run("queue", "dismiss", row, "--reason", "Money given back", "--lane", "South")
    assert (ran.status, ran.out) == (0, f"Row {row} is off the queue.\n")
    assert ran.err == "Pay 295.00 DKK back, out of the till of lane North.\n"
    assert computer.run("sync").status == 0
    assert ours(site) == []


def test_offline_by_default_nothing_is_sold(site: SandboxThread, computer: Computer) -> None:
    assert computer.run("sync").status == 0
    site.stop()
    ran = sell(computer)
    assert (ran.status, ran.out) == (1, "")
    assert "cannot be reached" in ran.sentence
    site.start()
    assert computer.run("sync").status == 0
    assert ours(site) == []


def test_offline_no_more_than_the_reserve(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    offline_allowed(computer, tmp_path, reserve=2)
    assert computer.run("sync").status == 0
    site.stop()
    assert sell(computer, "Standard=2").status == 3
    ran = sell(computer)
    assert ran.status == 1
    assert "Standard" in ran.sentence


@both_dialects
def test_the_last_five_from_two_lanes_at_once(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    kind = site.state.tonight.ticket_types[0]
    kind.amount_total = kind.amount_sold + 5
    other = Computer(
        tmp_path / "other", computer.environment | {"BOXOFFICE_DATA_DIR": str(tmp_path / "other")}
    )
    words = ("sell", "--type", "Standard", *BUYER, "--paid", "cash", "--json")
    lanes = [lane.start(*words, "--lane", name) for lane in (computer, other) for name in "ABC"]
    ends = [(lane, lane.communicate()) for lane in lanes]
    assert sorted(lane.returncode for lane, _ in ends) == [0, 0, 0, 0, 0, 1], ends
    (refused,) = (err for lane, (_, err) in ends if lane.returncode == 1)
    assert "left" in refused or "sold out" in refused
    assert kind.amount_left == 0
    assert sum(order.total for order in ours(site)) == 5 * kind.price
    assert len(ours(site)) == 5
    assert kind.price > Decimal(0)


def test_tills_of_a_venue_do_not_sell_the_same_last_ones_without_the_site(
    site: SandboxThread, computer: Computer, tmp_path: Path
) -> None:
    kind = site.state.tonight.ticket_types[0]
    kind.amount_total = kind.amount_sold + 2
    offline_allowed(computer, tmp_path)
    data = {"BOXOFFICE_DATA_DIR": str(tmp_path / "other"), "BOXOFFICE_LANE": "Other"}
    tills = [computer, Computer(tmp_path / "other", computer.environment | data)]
    with running(laptop(tmp_path / "hall", "Hall")) as hub:
        for till in tills:
            assert till.run("join", hub.address, hub.code).status == 0
            hub.wait_paired()
            assert till.run("sync").status == 0
        site.stop()
        ends: list[int] = []
        while ends.count(3) < 2:  # a busy machine may be too slow to ask the hub
            assert len(ends) < 30
            ends.append(sell(tills[len(ends) % 2]).status)
        assert set(ends) <= {1, 3}
        for till in tills:
            ran = sell(till)
            assert ran.status == 1
            assert ran.sentence.startswith("Without the site, only 0 more of Standard")
        site.start()
        assert tills[0].run("sync").status == 0
    assert tills[1].run("sync").status == 0  # with the hub away, too
    assert len(ours(site)) == 2
