"""`manage`: what one command asks of the site, counted at the site's log."""

from collections import Counter

import pytest

from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import Event
from tests.cli.conftest import Computer
from tests.cli.organiser import manage, tonight
from tests.support import both_dialects

__all__ = ["tonight"]


def asked(site: SandboxThread, computer: Computer, *arguments: str) -> list[tuple[str, str]]:
    """The methods and paths of what one command sent."""
    site.log.clear()
    ran = manage(computer, *arguments)
    assert (ran.status, ran.err) == (0, "")
    return [(entry.method, entry.path) for entry in site.log]


@both_dialects
@pytest.mark.parametrize("setting", ["amount_total=+4", "active=no", "description=By the stage"])
def test_an_update_of_a_ticket_type_is_two_reads_and_a_write(
    computer: Computer, site: SandboxThread, tonight: Event, setting: str
) -> None:
    kind = tonight.ticket_types[0]
    before = (kind.amount_total, kind.active, kind.description)
    sent = asked(site, computer, "ticket-types", "update", kind.title, "--set", setting)
    assert (kind.amount_total, kind.active, kind.description) != before
    methods = Counter(method for method, _ in sent)
    assert methods["GET"] <= 2
    assert methods.total() == methods["GET"] + 1


@both_dialects
@pytest.mark.parametrize("by_event", [False, True], ids=["the event known", "the event named"])
def test_an_update_of_a_ticket_type_reads_it_once(
    computer: Computer, site: SandboxThread, tonight: Event, by_event: bool
) -> None:
    kind = tonight.ticket_types[0]
    update = ("ticket-types", "update", kind.title, "--set", "amount_total=+40")
    total = kind.amount_total
    sent = asked(site, computer, *update, *(("--event", tonight.uuid) if by_event else ()))
    assert kind.amount_total == total + 40
    methods = Counter(method for method, _ in sent)
    assert methods["GET"] <= 2
    assert (methods["PATCH"], methods.total()) == (1, methods["GET"] + 1)
    assert len(set(sent)) == len(sent)


@both_dialects
@pytest.mark.parametrize(
    "arguments",
    [
        ("ticket-types", "update", "{kind}", "--set", "active=no"),
        ("ticket-types", "update", "{kind}", "--set", "amount_total=+4", "--dry-run"),
        ("ticket-types", "delete", "{kind}", "--yes", "{kind}", "--dry-run"),
        ("events", "update", "{event}", "--set", "summary=Louder", "--dry-run"),
        ("events", "delete", "{event}", "--reason", "Cancelled", "--yes", "{event}"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_nothing_is_read_twice_before_a_change(
    computer: Computer, site: SandboxThread, tonight: Event, arguments: tuple[str, ...]
) -> None:
    names = {"kind": tonight.ticket_types[0].title, "event": tonight.title}
    sent = asked(site, computer, *(each.format(**names) for each in arguments))
    writes = [at for at, (method, _) in enumerate(sent) if method != "GET"]
    before = sent[: writes[0] if writes else None]
    assert before
    assert len(set(before)) == len(before) <= (3 if arguments[0] == "events" else 2)
    assert len(writes) <= 1


@both_dialects
def test_codes_are_looked_at_once(computer: Computer, site: SandboxThread) -> None:
    assert manage(computer, "discounts", "create", "--set", "code=X1", "--set", "amount=5").out
    sent = asked(site, computer, "discounts", "toggle", "X1")
    reads = [each for each in sent if each[0] == "GET"]
    assert len(set(reads)) == len(reads)
