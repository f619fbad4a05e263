"""Changes of questions against the sandbox, which removes what a client forgets to send."""

import pytest

from boxoffice.domain.models import Question
from boxoffice.sandbox import Dialect
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.ticketbutler import (
    NotFound,
    Ticketbutler,
)
from boxoffice.ticketbutler.resources.questions import Asked, ChoiceDetails, QuestionDetails
from tests.support import both_dialects


def questions_of(event: SandboxEvent) -> list[tuple[object, ...]]:
    return [
        (
            each.uuid,
            each.heading,
            each.required,
            each.active,
            each.ticket_type,
            [(choice.uuid, choice.label) for choice in each.choices],
        )
        for each in event.questions
    ]


@both_dialects
async def test_one_question_changes_and_no_other(
    client: Ticketbutler, tonight: SandboxEvent, dialect: Dialect
) -> None:
    before = questions_of(tonight)
    for at, each in enumerate(list(tonight.questions)):
        heading = f"{each.heading}?"
        await client.questions.update(tonight.uuid, each.uuid, heading=heading)
        assert each.heading == heading
        now = questions_of(tonight)
        assert [row[0] for row in now] == [row[0] for row in before], at
        assert [row[2:] for row in now] == [row[2:] for row in before]
    assert dialect in {"docs", "live"}


@both_dialects
async def test_choices_left_out_stay_and_only_named_ones_go(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    asked = next(each for each in tonight.questions if len(each.choices) > 1)
    first, *others = [each.uuid for each in asked.choices]
    new = ChoiceDetails(label="Something else")
    await client.questions.update(tonight.uuid, asked.uuid, choices=(new,))
    assert {first, *others} < {each.uuid for each in asked.choices}
    assert len(asked.choices) == len(others) + 2
    change = client.questions.update(tonight.uuid, asked.uuid, remove=[first])
    (gone,) = (await change.prepare()).differences
    assert gone.after == "removed"
    await change
    assert first not in {each.uuid for each in asked.choices}
    assert len(asked.choices) == len(others) + 1
    patched = await client.questions.update(tonight.uuid, asked.uuid, remove=others[:1])
    assert [each.uuid for each in patched.choices] == [each.uuid for each in asked.choices]
    assert others[0] not in {each.uuid for each in asked.choices}


@both_dialects
async def test_questions_are_added_and_removed(client: Ticketbutler, tonight: SandboxEvent) -> None:
    organiser, uuid = client, tonight.uuid
    count = len(tonight.purchase_questions)
    choices = (ChoiceDetails(label="Red"), ChoiceDetails(label="White", description="Dry"))
    new = QuestionDetails(heading="Wine?", variation="SELECT", required=True, choices=choices)
    await organiser.questions.create(uuid, new, of=Asked.BUYERS)
    made = tonight.purchase_questions[-1]
    assert (made.heading, made.variation, made.required) == ("Wine?", "SELECT", True)
    assert [each.label for each in made.choices] == ["Red", "White"]
    assert len(tonight.purchase_questions) == count + 1
    await organiser.questions.delete(uuid, made.uuid)
    assert made not in tonight.purchase_questions
    assert len(tonight.purchase_questions) == count
    with pytest.raises(NotFound):
        await organiser.questions.delete(uuid, made.uuid)


@both_dialects
async def test_the_door_sees_what_an_organiser_asks(
    client: Ticketbutler, tonight: SandboxEvent
) -> None:
    new = QuestionDetails(heading="Allergies?", variation="TEXTAREA")
    await client.questions.create(tonight.uuid, new)
    asked = await client.questions.list(tonight.uuid)
    found = [each for each in asked if each.heading == "Allergies?"]
    assert found == [Question(found[0].uuid, "Allergies?", "TEXTAREA")]
