"""`sell` without the site: what is queued, refused later, given up, and never sold twice."""

from pathlib import Path

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.hubs import laptop, running
from tests.cli.test_sell import ORDERS, all_in, ours, sell
from tests.support import both_dialects


def offline_allowed(computer: Computer, tmp_path: Path, reserve: int = 10) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[sales]\noffline = true\nreserve = {reserve}\nemail = "h@example.com"\n')
    computer.environment["BOXOFFICE_CONFIG"] = str(config)


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
