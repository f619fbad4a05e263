"""`manage` for people: their own words, so many more, and money that a till has taken."""

import json
import subprocess

from boxoffice.sandbox.models import Event
from tests.cli.conftest import Computer
from tests.cli.organiser import manage, tonight
from tests.cli.processes import PROGRAM, surroundings
from tests.support import both_dialects

__all__ = ["tonight"]


@both_dialects
def test_people_read_words_and_programs_what_the_api_says(
    computer: Computer, tonight: Event
) -> None:
    courses = ("Which courses will you join?",)
    listed = manage(computer, "questions", "list", "--find", "several choices").out
    assert "several choices" in listed
    assert "SELECT" not in listed
    told = manage(computer, "questions", "list", "--find", "select_multiple", "--json").json
    assert [(each["heading"], each["variation"]) for each in told] == [
        (*courses, "SELECT_MULTIPLE")
    ]
    change = ("questions", "update", *courses, "--set", "variation=one choice", "--dry-run")
    look = manage(computer, *change).out
    assert "Kind: several choices → one choice" in look
    assert '"variation": "SELECT"' in look
    asked = manage(computer, *change, "--json").json
    assert "one choice" not in json.dumps(asked)
    assert [(each["before"], each["after"]) for each in asked["differences"]] == [
        ("SELECT_MULTIPLE", "SELECT")
    ]
    ran = manage(computer, "questions", "update", *courses, "--set", "variation=SING")
    assert (ran.status, ran.out) == (2, "")
    assert "one choice (SELECT)" in ran.sentence
    order = manage(computer, "orders", "list", "--json").json[0]
    assert order["state"] == "PAID"
    shown = manage(computer, "orders", "show", order["uuid"]).out
    assert "State: paid\n" in shown


@both_dialects
def test_a_number_is_so_many_more(computer: Computer, tonight: Event) -> None:
    kind = tonight.ticket_types[0]
    total = kind.amount_total
    update = ("ticket-types", "update", kind.title)
    ran = manage(computer, *update, "--set", "amount_total=+5")
    assert (ran.status, kind.amount_total) == (0, total + 5)
    assert f"Total: {total} → {total + 5}" in ran.out
    ran = manage(computer, *update, text='{"amount_total": "-3"}')
    assert (ran.status, kind.amount_total) == (0, total + 2)
    ran = manage(computer, *update, text='{"amount_total": -3}')
    assert (ran.status, kind.amount_total) == (2, total + 2)
    assert "give a whole number" in ran.sentence


def test_each_of_a_list_is_made_with_so_many_more(computer: Computer, tonight: Event) -> None:
    kinds = [{"title": f"Late {count}", "amount_total": count} for count in (1, 20)]
    create = ("ticket-types", "create", "--from", "-", "--set", "amount_total=+5", "--json")
    ran = manage(computer, *create, text=json.dumps(kinds))
    assert ran.status == 0, ran.err
    assert [each["amount_total"] for each in ran.json] == [6, 25]
    ran = manage(computer, *create, text='{"title": "None"}')
    assert (ran.status, ran.sentence) == (2, "Total: give a whole number, such as 120.")


@both_dialects
def test_of_what_was_sold_here_a_refund_says_where_the_money_is(
    computer: Computer, tonight: Event
) -> None:
    sold = computer.run(
        *("sell", "--type", "Standard=2", "--first", "Anna", "--last", "Berg"),
        *("--email", "anna@example.com", "--paid", "cash", "--json", "--lane", "East"),
    ).json
    listed = manage(computer, "orders", "list", "--json").json
    assert listed[0]["uuid"] == sold["order"]
    times = [each["created"] for each in listed if each["created"]]
    assert times == sorted(times, reverse=True)
    look = manage(computer, "orders", "refund", sold["order_id"], "--dry-run")
    taken = f"{sold['total']} {sold['currency']}, cash, at East"
    assert f"Sold here: {taken} → still in the account of the till." in look.out
    assert "State: paid · Anna Berg" in look.out
    other = manage(computer, "orders", "refund", listed[1]["uuid"], "--dry-run")
    assert other.status == 0
    assert "Sold here" not in other.out
    ran = manage(computer, "orders", "refund", sold["order"], "--yes", sold["order_id"])
    assert ran.status == 0
    assert "Sold here: " in ran.out


def test_a_file_goes_to_the_output_where_that_is_asked_for(computer: Computer) -> None:
    asked = (*PROGRAM, "manage", "exports", "newsletters-xlsx", "--to", "-")
    done = subprocess.run(
        asked, capture_output=True, env=surroundings() | computer.environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"PK")
