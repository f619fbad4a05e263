"""`manage`: what is reckoned from what the site has, and what it does not tell."""

import json

from boxoffice.sandbox import SandboxThread
from boxoffice.sandbox.models import Event
from tests.cli.conftest import Computer
from tests.cli.organiser import manage, tonight
from tests.support import both_dialects

__all__ = ["tonight"]


@both_dialects
def test_so_many_more_than_the_site_has_whatever_was_piped_in(
    computer: Computer, tonight: Event
) -> None:
    kind = tonight.ticket_types[0]
    row = manage(computer, "ticket-types", "show", kind.title, "--json").out
    kind.amount_total += 107
    now = kind.amount_total
    update = ("ticket-types", "update", kind.title, "--from", "-", "--set", "amount_total=+50")
    ran = manage(computer, *update, text=json.dumps({"amount_total": json.loads(row)["amount"]}))
    assert (ran.status, kind.amount_total) == (0, now + 50)
    assert f"Total: {now} → {now + 50}" in ran.out


@both_dialects
def test_a_code_that_is_switched_off_is_not_made_anew(
    computer: Computer, site: SandboxThread
) -> None:
    codes = site.state.discount_codes
    assert manage(computer, "discounts", "create", "--set", "code=OFF1", "--set", "amount=5").out
    assert manage(computer, "discounts", "toggle", "OFF1").status == 0
    listed = manage(computer, "discounts", "list", "--json").out
    other = next(each for each in list(site.state.events.values())[1:] if not each.deleted)
    create = ("discounts", "create", "--from", "-", "--event", other.uuid)
    ran = manage(computer, *create, text=listed)
    assert (ran.status, ran.out) == (2, "")
    assert ran.sentence.startswith("Row 1 of 1: Active: a new one is active once it is made")
    assert len(codes) == 1


@both_dialects
def test_what_the_site_does_not_tell_is_not_seen_to_be_emptied(
    computer: Computer, tonight: Event
) -> None:
    order = next(each for each in tonight.orders if not each.refunded)
    update = ("orders", "update", order.uuid)
    assert manage(computer, *update, "--set", "city=Aarhus").status == 0
    shown = manage(computer, "orders", "show", order.uuid, "--json").json
    empty = ("--set", "city=", "--set", "first_name=Mine")
    ran = manage(computer, *update, *empty)
    if shown["city"]:
        assert (ran.status, order.address["city"], order.address["first_name"]) == (0, "", "Mine")
        return
    assert (ran.status, ran.out, order.address["city"]) == (1, "", "Aarhus")
    assert order.address["first_name"] != "Mine"
    assert ran.sentence == (
        "City: the site does not tell it, so that it cannot be seen to be emptied; nothing was "
        "sent."
    )
