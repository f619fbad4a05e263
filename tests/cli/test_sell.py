"""`sell`: walk-up orders by a process, what they cost, and what is asked wrongly."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.cli.box_office import NO_TILL, sale_line
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import DiscountCode, Order
from tests.cli.conftest import Computer, Ran
from tests.store.sale_support import cart
from tests.support import EVENING, both_dialects

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
