"""`scan` without the site, and `sync` and `queue` after it: what was taken, and what failed."""

import json
from dataclasses import replace
from datetime import datetime

from boxoffice.sandbox import SandboxThread
from tests.cli.conftest import Computer
from tests.cli.test_scan import some, writes
from tests.support import both_dialects


def test_offline_then_sync(site: SandboxThread, computer: Computer) -> None:
    tickets = some(site, 4)
    assert computer.scan(tickets[0]).lines[0]["confirmed"] is True
    assert computer.run("sync").status == 0
    site.stop()
    ran = computer.scan(*tickets)
    assert ran.status == 0
    assert [line["verdict"] for line in ran.lines] == ["already_in", *["admitted"] * 3]
    assert [line["confirmed"] for line in ran.lines[1:]] == [False] * 3
    assert "boxoffice sync" in ran.sentence
    waiting = computer.run("queue", "--json").json
    assert waiting == {"waiting": 3, "sending": 0, "failed": [], "conflicts": []}
    ran = computer.run("sync")
    assert ran.status == 3
    assert ran.sentence
    site.start()
    ran = computer.run("sync", "--json")
    assert ran.status == 0
    assert ran.json == {"sent": 3, "waiting": 0, "attention": 0}
    assert [writes(site, ticket) for ticket in tickets] == [1, 1, 1, 1]
    assert computer.run("sync").status == 0


def test_sync_takes_a_list_that_has_shrunk_where_the_site_says_so_twice(
    site: SandboxThread, computer: Computer
) -> None:
    assert computer.run("sync").status == 0
    one = json.dumps([{"uuid": some(site, 1)[0], "checked_in": False}]).encode()
    rule = site.faults.set("wrong-shape", path="events/*/tickets/", times=1)
    rule.fault = replace(rule.fault, body=one)
    ran = computer.run("sync")
    assert (ran.status, ran.err) == (0, ""), "the second list was whole again"
    rule = site.faults.set("wrong-shape", path="events/*/tickets/")
    rule.fault = replace(rule.fault, body=one)
    ran = computer.run("sync")
    assert ran.status == 0
    assert "lists only 1 ticket now: that is the list here, too" in ran.sentence
    ran = computer.run("sync")
    assert (ran.status, ran.err) == (0, "")


def test_a_laptop_that_only_synced_knows_what_is_asked(
    site: SandboxThread, computer: Computer
) -> None:
    asked = site.examples()["answers_needed"].uuid
    assert computer.run("sync").status == 0
    site.stop()
    (line,) = computer.scan(asked).lines
    assert (line["verdict"], line["confirmed"]) == ("admitted", False)
    assert "questions not checked" in line["reason"]


def test_what_another_door_took_meanwhile_needs_a_person(
    site: SandboxThread, computer: Computer
) -> None:
    first, second = some(site, 2)
    assert computer.run("sync").status == 0
    site.stop()
    computer.scan(first, second)
    site.state.check_in(site.state.tickets[first])
    site.start()
    assert computer.run("sync").status == 4
    (conflict,) = computer.run("queue", "--json").json["conflicts"]
    assert {"ticket", "kind", "reason", "at"} <= set(conflict)
    assert conflict["ticket"] == first
    assert conflict["kind"] == "check_in"
    assert datetime.fromisoformat(conflict["at"]).utcoffset() is not None
    assert writes(site, second) == 1

    shown = computer.run("queue")
    assert site.state.tickets[first].full_name in shown.out
    row = str(conflict["id"])
    assert computer.run("queue", "dismiss", row, "--reason", " ").status == 2
    assert computer.run("queue", "dismiss", "999", "--reason", "x").status == 1
    assert computer.run("queue", "dismiss", row, "--reason", "Both are here").status == 0
    assert computer.run("sync").status == 0


def test_what_failed_is_sent_again_when_a_person_says_so(
    site: SandboxThread, computer: Computer
) -> None:
    (ticket,) = some(site, 1)
    rule = site.faults.set("400", method="PATCH")
    computer.scan(ticket)
    assert computer.run("sync").status == 4
    (failed,) = computer.run("queue", "--json").json["failed"]
    assert failed["ticket"] == ticket
    assert failed["reason"]
    site.faults.clear(rule)
    assert computer.run("queue", "retry", str(failed["id"]), "999").status == 1
    assert computer.run("queue", "retry").status == 0
    assert computer.run("sync").status == 0
    assert site.state.tickets[ticket].checked_in


def test_an_event_misspelt_hides_nothing_that_is_queued(
    site: SandboxThread, computer: Computer
) -> None:
    event, other, *_ = site.state.events.values()
    (ticket,) = some(site, 1)
    computer.run("events")
    rule = site.faults.set("400", method="PATCH")
    computer.scan(ticket)
    assert computer.run("sync").status == 4
    (failed,) = computer.run("queue", "--json").json["failed"]
    for wrong in ("Sommmerfest", "f" * 32):
        for command in ("queue", "queue retry", f"queue dismiss {failed['id']} --reason x"):
            ran = computer.run(*command.split(), "--event", wrong)
            assert (ran.status, ran.out) == (2, "")
            assert wrong in ran.err
            assert event.title in ran.err
    assert "0 rows" in computer.run("queue", "retry", "--event", other.uuid).out
    # `sync` has just said that something needs a person: so it is not kept quiet here.
    ran = computer.run("queue", "--event", other.title)
    assert (ran.out.startswith("Nothing of this event"), "1 row" in ran.sentence) == (True, True)
    assert computer.run("queue", "--event", "", "--json").json["failed"] == [failed]
    assert "1 row will" in computer.run("queue", "retry", "--event", event.title).out
    site.faults.clear(rule)

    ran = computer.run("sync", "--json", "--event", "Nonsense")
    assert ran.status == 2
    assert ran.json == {"sent": 1, "waiting": 0, "attention": 0}
    assert event.title in ran.err
    assert site.state.tickets[ticket].checked_in


def test_an_unknown_event_is_said_even_where_something_is_left(
    site: SandboxThread, computer: Computer
) -> None:
    site.faults.set("400", method="PATCH")
    computer.scan(*some(site, 1))
    ran = computer.run("sync", "--event", "Nonsense")
    assert ran.status == 4
    assert "Nonsense" in ran.err


@both_dialects
def test_a_laptop_that_read_all_details_knows_every_code_offline(
    site: SandboxThread, computer: Computer
) -> None:
    plain, external = site.examples()["plain"], site.examples()["external"]
    family = site.examples()["party"].order
    ran = computer.run("sync", "--details", "--json")
    assert ran.status == 0
    assert ran.json["codes"] == {"read": 80, "orders": 80, "total": 80}
    assert ran.err.splitlines()[-1] == "codes 80/80, orders 80/80"
    before = len(site.log)
    assert computer.run("sync", "--details").status == 0
    assert site.log.count("GET", "tickets/*/") == 80
    assert len(site.log) - before < 10
    site.stop()
    ran = computer.scan(
        f"https://test.ticketbutler.example/t/{plain.slug}/",
        external.external_uuid or "",
        family.order_id,
        f"https://test.ticketbutler.example/purchase/{family.uuid}/",
    )
    assert [line["verdict"] for line in ran.lines] == ["admitted"] * 2 + ["ambiguous"] * 2
    assert [line["ticket"] for line in ran.lines[:2]] == [plain.uuid, external.uuid]
