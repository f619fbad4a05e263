"""`manage`: the organiser's desk by real processes, in both dialects."""

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from boxoffice.cli import main
from boxoffice.cli.commands import app
from boxoffice.cli.manage import VERB_HELP, help_text, option_names
from boxoffice.language import N_, _
from boxoffice.manage import RESOURCES, Desk, Resource, Verb
from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import Event
from boxoffice.ticketbutler import Ticketbutler
from tests.cli.conftest import Computer
from tests.cli.organiser import manage, tonight
from tests.cli.processes import PROGRAM, surroundings
from tests.cli.terminal import Terminal
from tests.manage.stage import not_here
from tests.support import both_dialects

__all__ = ["tonight"]

COMMANDS = [
    (kind, verb)
    for kind in RESOURCES
    for verb in (*sorted(each.value for each in kind.verbs), *kind.actions)
]


@both_dialects
def test_stock_is_raised(computer: Computer, tonight: Event) -> None:
    kind, others = tonight.ticket_types[0], list(tonight.ticket_types)
    total = kind.amount_total
    change = ("ticket-types", "update", kind.title, "--set", f"amount_total={total + 40}")
    look = manage(computer, *change, "--dry-run")
    assert (look.status, look.err) == (0, "")
    assert look.out.startswith("PATCH /api/v3/events/")
    assert f"Total: {total} → {total + 40}" in look.out
    assert kind.amount_total == total
    told = manage(computer, *change, "--dry-run", "--json").json
    assert (told["method"], told["body"]) == ("PATCH", {"amount_total": total + 40})
    assert [each["after"] for each in told["differences"]] == [str(total + 40)]
    assert kind.amount_total == total
    ran = manage(computer, *change)
    assert (ran.status, kind.amount_total) == (0, total + 40)
    assert ran.out.splitlines() == [f"Changed: {kind.title}", f"Total: {total} → {total + 40}"]
    assert tonight.ticket_types == others
    again = manage(computer, *change)
    assert (again.status, again.sentence) == (1, "Nothing is different: nothing was sent.")


@both_dialects
def test_a_list_piped_into_a_create(computer: Computer, site: SandboxThread) -> None:
    events = [each for each in site.state.events.values() if not each.expired(site.state.now())]
    source, target = events[0], events[1]
    before = len(target.ticket_types)
    listed = manage(computer, "ticket-types", "list", "--json")
    assert len(listed.json) == len(source.ticket_types)
    create = ("ticket-types", "create", "--json", "--event", target.uuid)
    look = manage(computer, *create, "--dry-run", text=listed.out)
    assert [each["body"]["title"] for each in look.json] == [each["title"] for each in listed.json]
    assert len(target.ticket_types) == before
    made = manage(computer, *create, text=listed.out)
    assert made.status == 0, made.err
    assert [each["price"] for each in made.json] == [each["price"] for each in listed.json]
    assert len(target.ticket_types) == before + len(listed.json)


@both_dialects
def test_all_of_a_list_is_looked_through_before_the_first_is_made(
    computer: Computer, tonight: Event
) -> None:
    before = len(tonight.ticket_types)
    rows = [{"title": "A", "amount_total": 1}, {"title": "", "amount_total": 1}]
    ran = manage(computer, "ticket-types", "create", text=json.dumps(rows))
    assert (ran.status, ran.out, ran.sentence) == (2, "", "Row 2 of 2: Title: this is needed.")
    assert len(tonight.ticket_types) == before
    rows[1]["title"] = "x" * 5000
    ran = manage(computer, "ticket-types", "create", "--json", text=json.dumps(rows))
    assert ran.status == 1
    assert [each["title"] for each in ran.json] == ["A"]
    assert ran.sentence
    assert len(tonight.ticket_types) == before + 1


@both_dialects
def test_an_event_from_its_making_to_its_end(
    computer: Computer, site: SandboxThread, tmp_path: Path, tonight: Event
) -> None:
    kept = list(site.state.events)
    file = tmp_path / "event.json"
    shown = manage(computer, "events", "show", tonight.uuid, "--json")
    file.write_text(shown.out, encoding="utf-8")
    made = manage(
        computer,
        *("events", "create", "--from", str(file), "--set", "title=Jazz, =late=", "--json"),
        *("--set", "settings.ticket_limit=3"),
    )
    assert made.status == 0, made.err
    event = site.state.events[made.json["uuid"]]
    assert (event.title, event.ticket_limit) == ("Jazz, =late=", 3)
    assert len(event.ticket_types) == len(tonight.ticket_types)
    delete = ("events", "delete", event.uuid)
    for arguments, status in (
        ((), 2),
        (("--reason", "The band is ill"), 2),
        (("--reason", "The band is ill", "--yes", "Jazz"), 1),
        (("--reason", "ill", "--yes", event.title), 1),
    ):
        ran = manage(computer, *delete, *arguments)
        assert (ran.status, ran.out) == (status, ""), arguments
        assert ran.sentence
        assert not event.deleted
    look = manage(computer, *delete, "--reason", "The band is ill", "--dry-run")
    assert "DELETE /api/v3/events/" in look.out
    assert not event.deleted
    ran = manage(computer, *delete, "--reason", "The band is ill", "--yes", event.title)
    assert (ran.status, ran.out) == (0, f"Deleted: {event.title}\n")
    assert (event.deleted, event.delete_reason) == (True, "The band is ill")
    assert [uuid for uuid, each in site.state.events.items() if not each.deleted] == kept


@both_dialects
def test_a_code_is_made_switched_used_and_kept(computer: Computer, site: SandboxThread) -> None:
    codes = site.state.discount_codes
    made = manage(
        computer, "discounts", "create", "--set", "code=0042", "--set", "amount=12.50", "--json"
    )
    assert made.status == 0, made.err
    (code,) = codes.values()
    assert (code.code, str(code.amount)) == ("0042", "12.50")
    for active in (False, True):
        ran = manage(computer, "discounts", "toggle", "0042")
        assert (ran.status, code.active) == (0, active)
    site.state.use_discount("0042")
    ran = manage(computer, "discounts", "delete", str(code.id), "--yes", "0042")
    assert (ran.status, ran.out) == (1, "")
    assert ran.sentence == "“0042” has been used once, so the site keeps it: switch it off instead."
    assert list(codes.values()) == [code]
    everywhere = ("--set", "code=ALL", "--set", "amount=5")
    assert manage(computer, "discounts", "create", "--generic", *everywhere).status == 0
    listed = manage(computer, "discounts", "list", "--generic", "--json")
    assert [each["code"] for each in listed.json] == ["ALL"]
    assert manage(computer, "discounts", "delete", "ALL", "--generic", "--yes", "all").status == 0
    assert list(codes.values()) == [code]


@both_dialects
def test_an_order_is_found_corrected_and_refunded(
    computer: Computer, tonight: Event, tmp_path: Path
) -> None:
    order = next(each for each in tonight.orders if not each.refunded)
    computer.environment["BOXOFFICE_EVENT"] = ""
    ran = manage(computer, "orders", "update", order.uuid, "--set", "phone=+4511223344", "--json")
    assert (ran.status, ran.json["phone"]) == (0, "+4511223344")
    assert order.address["phone"] == "+4511223344"
    paper = tmp_path / "tickets.pdf"
    ran = manage(computer, "orders", "pdf", order.uuid, "--to", str(paper), "--json")
    assert ran.json == {"file": str(paper), "bytes": len(paper.read_bytes())}
    assert paper.read_bytes().startswith(b"%PDF")
    computer.environment["BOXOFFICE_EVENT"] = tonight.uuid
    listed = manage(computer, "orders", "list", "--find", order.order_id)
    assert any(line.startswith(order.uuid) for line in listed.out.splitlines())
    ran = manage(computer, "orders", "refund", order.order_id)
    assert (ran.status, order.refunded) == (2, False)
    assert order.order_id in ran.sentence
    ran = manage(computer, "orders", "refund", order.order_id, "--yes", order.order_id, "--json")
    assert (ran.status, ran.json["refunded"], order.refunded) == (0, True, True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_what_the_site_changed_while_a_name_is_typed_is_not_done(
    computer: Computer, tonight: Event
) -> None:
    order = next(each for each in tonight.orders if not each.refunded)
    terminal = Terminal(
        "manage", "orders", "refund", order.order_id, environment=computer.environment
    )
    try:
        terminal.wait_for("type that name")
        assert "State: paid · " in terminal.seen
        order.address["last_name"] = "Somebody Else"
        terminal.type(f"{order.order_id}\r".encode())
        assert terminal.end() == 1
    finally:
        terminal.close()
    assert "The site has changed meanwhile: nothing was sent." in terminal.seen
    assert not order.refunded


@both_dialects
def test_one_question_is_changed_and_the_others_stay(computer: Computer, tonight: Event) -> None:
    before = [(each.uuid, each.heading) for each in tonight.questions]
    menu = next(each for each in tonight.questions if each.heading == "Which menu?")
    shown = manage(computer, "questions", "show", "Which menu?", "--json")
    choices = [{**each, "label": each["label"].upper()} for each in shown.json["choices"]]
    ran = manage(
        computer, "questions", "update", "which menu?", text=json.dumps({"choices": choices})
    )
    assert ran.status == 0, ran.err
    assert [each.label for each in menu.choices] == ["FISH", "MEAT", "VEGAN"]
    remove = ("questions", "remove-choice", menu.uuid, "--set", "choice=meat")
    assert manage(computer, *remove).status == 2
    assert manage(computer, *remove, "--yes", "Which menu?").status == 0
    assert [each.label for each in menu.choices] == ["FISH", "VEGAN"]
    assert [(each.uuid, each.heading) for each in tonight.questions] == before


@both_dialects
def test_hostile_names_draw_nothing(computer: Computer, tonight: Event) -> None:
    for kind in ("questions", "tickets", "orders"):
        ran = manage(computer, kind, "list")
        assert ran.status == 0
        assert len(ran.out.splitlines()) > 3
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
    tonight.ticket_types[0].title = "\x1b[31mRed\u202e [blink]"
    uuid = tonight.ticket_types[1].uuid
    # What that takes goes by the whole event, with all its ticket types as the site has them.
    ran = manage(computer, "ticket-types", "update", uuid, "--set", "active=no", "--dry-run")
    assert (ran.status, "Red [blink]" in ran.out) == (0, True)
    assert all(line.isprintable() for line in ran.out.splitlines())
    ran = manage(computer, "ticket-types", "delete", tonight.ticket_types[0].uuid)
    assert ran.sentence.isprintable()


def test_exports_and_webhooks(computer: Computer, site: SandboxThread, tmp_path: Path) -> None:
    sheet = tmp_path / "people.xlsx"
    assert manage(computer, "exports", "newsletters-xlsx", "--to", str(sheet)).status == 0

    def parts(file: Path) -> dict[str, bytes]:
        """All of it but the moment at which it was made."""
        with ZipFile(file) as book:
            names = [name for name in book.namelist() if name != "docProps/core.xml"]
            return {name: book.read(name) for name in names}

    kept = computer.data / "localhost" / "exports" / "newsletters.xlsx"
    assert manage(computer, "exports", "newsletters-xlsx", "--json").json["file"] == str(kept)
    assert parts(kept) == parts(sheet)
    again = manage(computer, "exports", "newsletters-xlsx")
    assert (again.status, "is there already" in again.sentence) == (1, True)
    assert manage(computer, "exports", "newsletters", "--json").json[0]["email"]
    ran = manage(computer, "exports", "newsletters", "--to", str(tmp_path / "none"))
    assert ran.status == 1
    assert not (tmp_path / "none").exists()
    month = ("exports", "orders-by-month", "--set", "year=2026", "--set", "month=5")
    look = manage(computer, *month, "--dry-run")
    assert look.out.startswith("GET /api/v3/whitelabel/orders/?year=2026&month=5")
    assert manage(computer, *month).status == 0
    hook = ("--set", "url=https://example.com/h", "--set", "action=all")
    made = manage(computer, "webhooks", "create", *hook, "--json")
    ran = manage(computer, "webhooks", "update", made.json["uuid"], "--set", "active=no")
    assert ran.out.splitlines()[-1] == "Active: yes → no"
    ran = manage(
        computer, "webhooks", "delete", made.json["uuid"], "--yes", "https://example.com/h"
    )
    assert (ran.status, site.state.webhooks) == (0, {})


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        ("ticket-types update Standard --set amount", "", "FIELD=VALUE"),
        ("orders update x --set state=REFUND", "", "no such field to set"),
        ("questions create --set uuid=1", "", "no such field to set"),
        ("ticket-types update Standard --set nope=1", "", "no such field"),
        ("ticket-types update Standard", "", "Nothing is given"),
        ("ticket-types update Standard", "{", "not JSON"),
        ("ticket-types update Standard", "[" * 100_000, "not JSON"),
        ("ticket-types update Standard", "[]", "not a list"),
        ("ticket-types update Standard", '{"title": ["x"]}', "give one value"),
        ("ticket-types create", "3", "JSON object"),
        ("ticket-types create --from /nowhere/x.json", "", "cannot be read"),
        ("questions update Company --set choices=[", "", "--set choices"),
        ("questions update Company --set heading.x=1", "", "give one value"),
        ("tickets create --set a=b", "", "create"),
        ("events delete x", "", "--reason"),
        ("nonsense list", "", "nonsense"),
    ],
)
def test_asked_wrongly(computer: Computer, arguments: str, text: str, said: str) -> None:
    ran = manage(computer, *arguments.split(), text=text)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.sentence


@pytest.mark.parametrize(("kind", "verb"), COMMANDS, ids=lambda each: getattr(each, "name", each))
def test_every_command_has_help_with_an_example_that_can_be_read(
    kind: type[Resource], verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manage", kind.name, verb, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Example: boxoffice manage {kind.name} {verb}" in shown
    assert help_text(kind, verb).split("\n")[0].endswith(".")
    options = set(option_names(kind, verb))
    assert {"json", "options"} <= options
    action = kind.actions.get(verb)
    if verb in {"create", "update", "delete"} or (action and action.changes):
        assert "dry_run" in options
    if verb == "delete" or (action and action.destructive):
        assert "yes" in options


def test_the_help_is_in_the_language_of_the_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOXOFFICE_LANGUAGE", "da")
    monkeypatch.setattr(app, "help_formatter", app.help_formatter)  # for those who come after
    assert main(["manage", "ticket-types", "delete", "--help"]) == 0
    shown = capsys.readouterr().out
    for english in (VERB_HELP[Verb.DELETE], N_("Say what would be sent; send nothing.")):
        assert english not in shown
        assert _(english) in shown


def test_a_start_loads_nothing_of_the_desk() -> None:
    script = (
        "import sys, boxoffice.cli.commands, boxoffice.cli.app_context, boxoffice.app;"
        "print([name for name in sys.modules if name.startswith('boxoffice.manage')"
        " or 'manage' in name and name.startswith('boxoffice')])"
    )
    done = subprocess.run(
        [PROGRAM[0], "-c", script], capture_output=True, text=True, env=surroundings(), check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_desk_has_all_kinds() -> None:
    assert [*Desk(Ticketbutler.__new__(Ticketbutler), not_here).resources] == [
        *("events", "ticket-types", "questions", "orders"),
        *("tickets", "discounts", "exports", "webhooks"),
    ]


@both_dialects
def test_what_may_have_been_done_is_not_just_tried_again(
    computer: Computer, site: SandboxThread, tonight: Event
) -> None:
    before = len(tonight.ticket_types)
    site.faults.set("drop-after", method="POST", times=1)
    ran = manage(
        computer, "ticket-types", "create", "--set", "title=New", "--set", "amount_total=1"
    )
    assert ran.status == 1
    assert "It may have been done all the same: look at the list" in ran.sentence
    assert "try again in a minute" not in ran.sentence
    assert len(tonight.ticket_types) == before + 1


def test_what_is_switched_off_is_not_switched_on_by_a_pipe(
    computer: Computer, tonight: Event
) -> None:
    tonight.ticket_types[1].active = False
    before = list(tonight.ticket_types)
    listed = manage(computer, "ticket-types", "list", "--json").out
    ran = manage(computer, "ticket-types", "create", text=listed)
    assert ran.status == 2
    assert ran.sentence.startswith("Row 2 of ")
    assert "Active: a new one is active once it is made" in ran.sentence
    assert tonight.ticket_types == before


def test_what_needs_nothing_said_takes_an_empty_pipe(computer: Computer) -> None:
    ran = manage(computer, "exports", "orders-by-month", "--dry-run")
    assert (ran.status, ran.err) == (0, "")


def test_a_code_is_made_once(computer: Computer) -> None:
    sets = ("code=VINTER", "amount=50", "usage_tickets_limit=5")
    create = ("discounts", "create", *(each for said in sets for each in ("--set", said)))
    assert manage(computer, *create).status == 0
    assert manage(computer, *create).sentence == "There is a code “VINTER” already."
