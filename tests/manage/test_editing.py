"""What a person changed is applied to what the site has when it is planned."""

import pytest

from boxoffice.manage import Desk
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import Refused
from boxoffice.ticketbutler.edits import Increment, ListEdit, NestedEdit, apply_edit
from boxoffice.ticketbutler.resources.event_models import EventAddress, EventDetails, EventSettings
from boxoffice.ticketbutler.resources.questions import ChoiceDetails, QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import TicketTypeDetails
from tests.support import both_dialects

RED, BLUE = (
    ChoiceDetails(uuid="a" * 32, sort_id=0, label="Red"),
    ChoiceDetails(uuid="b" * 32, sort_id=1, label="Blue"),
)
COLOUR = QuestionDetails(
    uuid="c" * 32, sort_id=1, heading="Colour?", variation="SELECT", choices=(RED, BLUE)
)
STANDARD = TicketTypeDetails(
    pk=7, uuid="d" * 32, title="Standard", amount=5, amount_sold=15, amount_total=20
)
EVENT = EventDetails(
    uuid="e" * 32,
    title="Jazz",
    venue=EventAddress(venue="Hall", city="Odense", street="Mejlgade 1"),
    settings=EventSettings(ticket_limit=9),
    ticket_types=(STANDARD,),
)


def test_only_what_is_given_becomes_different() -> None:
    assert apply_edit(
        STANDARD, {"amount_total": Increment(50), "title": "Seat"}
    ) == STANDARD.replace(amount_total=70, title="Seat")
    assert apply_edit(EVENT, {"venue": NestedEdit({"street": "Algade 2"})}).venue == EventAddress(
        venue="Hall", city="Odense", street="Algade 2"
    )
    inside = {
        "settings": NestedEdit({"ticket_limit": Increment(-4)}),
        "ticket_types": ListEdit({STANDARD.uuid: {"amount_total": Increment(5)}}),
    }
    after = apply_edit(EVENT, inside)
    assert (after.settings.ticket_limit, after.ticket_types[0].amount_total) == (5, 25)
    green = ChoiceDetails(label="Green")
    among = ListEdit({BLUE.uuid: {"label": "Navy"}}, (green,))
    assert apply_edit(COLOUR, {"choices": among}).choices == (
        RED,
        BLUE.replace(label="Navy"),
        green,
    )


@pytest.mark.parametrize(
    ("now", "values", "said"),
    [
        (STANDARD, {"amount_total": Increment(-21)}, "Total: the site has 20, so give a number."),
        (STANDARD, {"sort_id": Increment(1)}, "the site does not tell how many there are"),
        (COLOUR, {"choices": ListEdit({"f" * 32: {"label": "x"}})}, "is no longer at the site"),
    ],
)
def test_what_cannot_be_laid_over_what_the_site_has(
    now: TicketTypeDetails | QuestionDetails, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused) as caught:
        apply_edit(now, values)
    assert said in caught.value.sentence
    assert not caught.value.maybe_applied


@both_dialects
async def test_a_delta_is_reckoned_when_it_is_planned(desk: Desk, tonight: SandboxEvent) -> None:
    types, kind = desk.resources["ticket-types"], tonight.ticket_types[0]
    opened = await types.get(tonight.uuid, kind.uuid)
    change = types.update(tonight.uuid, kind.uuid, {"amount_total": Increment(50)}, opened)
    before, kind.amount_total = kind.amount_total, kind.amount_total + 107
    prepared = await change.prepare()
    assert [each.after for each in prepared.differences] == [str(before + 157)]
    now = before + 107
    assert prepared.notes == (f"Total: was {before} when you opened this, and is {now} now.",)
    await prepared.send()
    assert kind.amount_total == before + 157


@both_dialects
async def test_what_others_changed_since_is_told_where_it_is_changed_again(
    desk: Desk, tonight: SandboxEvent
) -> None:
    events = desk.resources["events"]
    tonight.address = {"venue": "Hall", "city": "Aarhus", "street": "Mejlgade 1"}
    opened = await events.get(None, tonight.uuid)
    tonight.title, tonight.address["city"] = "Theirs", "Odense"
    change = events.update(
        None, tonight.uuid, {"venue": NestedEdit({"street": "Algade 2"})}, opened
    )
    assert (await change.prepare()).notes == ()
    values = {"title": "Mine", "venue": NestedEdit({"street": "Algade 2", "city": "Odense"})}
    prepared = await events.update(None, tonight.uuid, values, opened).prepare()
    assert [each.name for each in prepared.differences] == ["title", "venue.street"]
    assert prepared.notes == (
        f"Title: was {opened.title} when you opened this, and is Theirs now.",
    )
    await prepared.send()
    assert tonight.title == "Mine"
    assert (tonight.address["street"], tonight.address["city"]) == ("Algade 2", "Odense")


@both_dialects
async def test_other_choices_of_a_question_stay_as_others_made_them(
    desk: Desk, tonight: SandboxEvent
) -> None:
    questions = desk.resources["questions"]
    menu = next(each for each in tonight.questions if each.heading == "Which menu?")
    opened = await questions.get(tonight.uuid, menu.uuid)
    one, two = opened.choices[:2]
    menu.choices[0].label = "Theirs"
    mine = {"choices": ListEdit({two.uuid: {"label": "Mine"}})}
    change = questions.update(tonight.uuid, menu.uuid, mine, opened)
    prepared = await change.prepare()
    assert [(each.before, each.after) for each in prepared.differences] == [(two.label, "Mine")]
    assert prepared.notes == ()
    await prepared.send()
    assert [each.label for each in menu.choices[:2]] == ["Theirs", "Mine"]
    again = {"choices": ListEdit({one.uuid: {"label": "Mine too"}})}
    (note,) = (await questions.update(tonight.uuid, menu.uuid, again, opened).prepare()).notes
    assert note.endswith(f"was {one.label} when you opened this, and is Theirs now.")


async def test_choices_are_told_apart_by_uuid_and_added_twice_is_said(
    desk: Desk, tonight: SandboxEvent
) -> None:
    questions = desk.resources["questions"]
    menu = next(each for each in tonight.questions if each.heading == "Which menu?")
    opened = await questions.get(tonight.uuid, menu.uuid)
    cod = {"choices": ListEdit(new=(ChoiceDetails(label="Cod"),))}
    del menu.choices[-1]
    prepared = await questions.update(tonight.uuid, menu.uuid, cod, opened).prepare()
    assert prepared.notes == (), "that one has gone is nothing to who adds another"
    await questions.update(tonight.uuid, menu.uuid, cod)
    (note,) = (await questions.update(tonight.uuid, menu.uuid, cod, opened).prepare()).notes
    assert note == "Choices › Cod: somebody else has added one since you opened this."


@both_dialects
async def test_what_an_order_does_not_tell_is_not_said_to_be_emptied_since(
    desk: Desk, tonight: SandboxEvent
) -> None:
    orders = desk.resources["orders"]
    order = next(each for each in tonight.orders if not each.refunded)
    opened = (await orders.get(None, order.uuid)).replace(city="Aarhus")
    order.address["first_name"] = "Theirs"
    values = {"city": "Odense", "first_name": "Mine"}
    order.address["city"] = ""
    prepared = await orders.update(None, order.uuid, values, opened).prepare()
    assert [note.partition(":")[0] for note in prepared.notes] == ["First name"]
