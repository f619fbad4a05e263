"""What the desk says of a refusal: what happened, and what to do."""

import re
from decimal import Decimal

import pytest

from boxoffice.manage import Desk
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.errors import Refused
from tests.manage.stage import value
from tests.support import both_dialects

CODE = {"code": "SOMMER", "amount": 50, "usage_tickets_limit": 3}
KEPT = "tickets of “Standard” are sold, so the site keeps the"


@both_dialects
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount_total": 1}, "the site takes only a total above that: give {} or more"),
        ({"amount": 0}, "the site takes only a total above that: give {} or more"),
        ({"price": Decimal(1)}, f"{KEPT} price: make a new ticket type"),
    ],
)
async def test_of_a_sold_ticket_type(
    desk: Desk, tonight: Event, values: dict[str, int], said: str
) -> None:
    types = desk.resources["ticket-types"]
    kind = tonight.ticket_types[0]
    with pytest.raises(Refused) as caught:
        await value(types.update(tonight.uuid, kind.uuid, values))
    sentence = caught.value.sentence
    assert said.format(kind.amount_sold + 1) in sentence
    assert sentence.startswith(f"{kind.amount_sold} tickets of “Standard” are sold")
    one_sentence(sentence.partition(" In the site's words: ")[0])


@both_dialects
async def test_of_a_sold_ticket_types_removal(desk: Desk, tonight: Event) -> None:
    types = desk.resources["ticket-types"]
    with pytest.raises(Refused) as caught:
        await value(types.delete(tonight.uuid, tonight.ticket_types[0].uuid))
    assert f"{KEPT} type: make it inactive instead" in caught.value.sentence
    one_sentence(caught.value.sentence.partition(" In the site's words: ")[0])


async def test_what_is_no_such_case_is_said_in_the_sites_words(desk: Desk, tonight: Event) -> None:
    types = desk.resources["ticket-types"]
    with pytest.raises(Refused) as caught:
        await value(types.update(tonight.uuid, tonight.ticket_types[0].uuid, {"title": "x" * 999}))
    assert caught.value.sentence.startswith("The site refused this: title")


@both_dialects
@pytest.mark.parametrize(("times", "said"), [(1, "once"), (3, "3 times")])
@pytest.mark.parametrize("of_event", [True, False])
async def test_of_a_used_code(
    desk: Desk, sandbox: Sandbox, tonight: Event, times: int, said: str, *, of_event: bool
) -> None:
    codes, event = desk.resources["discounts"], tonight.uuid if of_event else None
    made = await value(codes.create(event, CODE))
    for _ in range(times):
        sandbox.state.use_discount("SOMMER")
    with pytest.raises(Refused) as caught:
        await value(codes.delete(event, codes.key(made)))
    sentence = caught.value.sentence
    assert (
        sentence == f"“SOMMER” has been used {said}, so the site keeps it: switch it off instead."
    )


async def test_of_a_code_that_is_gone(desk: Desk, sandbox: Sandbox) -> None:
    codes = desk.resources["discounts"]
    made = await value(codes.create(None, CODE))
    sandbox.state.discount_codes.clear()
    with pytest.raises(Refused) as caught:
        await value(codes.delete(None, codes.key(made)))
    assert "it was deleted before" in caught.value.sentence


@both_dialects
async def test_of_what_nobody_named(desk: Desk, tonight: Event) -> None:
    questions = desk.resources["questions"]
    menu = next(each for each in tonight.questions if each.heading == "Which menu?")
    with pytest.raises(Refused) as caught:
        await value(questions.act("remove-choice", tonight.uuid, menu.uuid, {"choice": "Stones"}))
    assert menu.choices[0].label in caught.value.sentence


def one_sentence(text: str) -> None:
    assert re.fullmatch(r"[^.]+\.", text)


async def test_a_refusal_stands_where_its_cause_cannot_be_asked_for(
    desk: Desk, sandbox: Sandbox, tonight: Event
) -> None:
    types = desk.resources["ticket-types"]
    change = types.delete(tonight.uuid, tonight.ticket_types[0].uuid)
    assert isinstance(change, PendingChange)
    prepared = await change.prepare()
    sandbox.faults.set("502", method="GET")
    with pytest.raises(Refused) as caught:
        await prepared.send()
    assert not caught.value.maybe_applied
