"""What is written back of questions, and when nothing is."""

import pytest

from boxoffice.ticketbutler import (
    NoAnswer,
    NotFound,
    Refused,
    Ticketbutler,
    TicketbutlerError,
    Unreadable,
)
from boxoffice.ticketbutler.resources.questions import Asked, ChoiceDetails, QuestionDetails
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer, reply

CHOICE = {
    "uuid": "7bfaca16-9164-478b-8ad8-8bda1737747a",
    "sort_id": 0,
    "label": "Blah ",
    "label_da": "Bla",
    "description": None,
    "limit": 10,
}
SECOND_CHOICE = CHOICE | {"uuid": OTHER, "sort_id": 1, "label": "Bah"}
SELECT = {
    "uuid": TYPE,
    "sort_id": 0,
    "heading": " Choice",
    "active": True,
    "required": True,
    "variation": "SELECT",
    "choices": [CHOICE, SECOND_CHOICE],
    "ticket_type": 40,
    "of_the_future": 1,
}
SENT = {"uuid": "7bfaca169164478b8ad88bda1737747a"}
"""The document's spelling of a uuid, in place of a dashed one."""
SELECT_SENT = SELECT | {"choices": [CHOICE | SENT, SECOND_CHOICE]}
TEXT = SELECT | {"uuid": OTHER, "sort_id": 1, "heading": "Text", "variation": "TEXT", "choices": []}
LIVE = [
    {"uuid": EVENT, "active": True, "ticket_type_name": None, "questions": [TEXT]},
    {"uuid": EVENT, "active": True, "ticket_type_name": "Student", "questions": [SELECT]},
]
PATH = f"events/{EVENT}/ticket-type-questions/"


@pytest.fixture
def script(script: ScriptedServer) -> ScriptedServer:
    script.answers = {f"GET {PATH}": LIVE, f"POST {PATH}": {"questions": []}}
    return script


async def test_a_new_question_and_its_choices(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    choices = (ChoiceDetails(label="A"), ChoiceDetails(label="B", description="b"))
    new = QuestionDetails(
        heading="New", variation="SELECT", required=True, choices=choices, ticket_type="40"
    )
    await organiser.questions.create(EVENT, new)
    (sent,) = script.writes
    assert sent.body == {
        "questions": [
            SELECT_SENT,
            TEXT,
            {
                "new": True,
                "ticket_type": 40,
                "sort_id": 2,
                "heading": "New",
                "active": True,
                "required": True,
                "variation": "SELECT",
                "choices": [
                    {"sort_id": 0, "label": "A"},
                    {"sort_id": 1, "label": "B", "description": "b"},
                ],
            },
        ]
    }


async def test_a_question_for_everybody(organiser: Ticketbutler) -> None:
    prepared = await organiser.questions.create(EVENT, QuestionDetails(heading="New")).prepare()
    assert isinstance(prepared.call.body, dict)
    assert prepared.call.body["questions"][-1]["ticket_type"] == "all"
    assert [each.label for each in prepared.differences][:1] == ["Questions › New"]


@pytest.fixture
def one(script: ScriptedServer) -> str:
    """The path of one question that has choices."""
    path = f"events/{EVENT}/questions/{TYPE}/"
    script.answers |= {f"GET {path}": SELECT, f"PATCH {path}": SELECT}
    return path


async def test_only_what_is_named_is_removed(
    organiser: Ticketbutler, script: ScriptedServer, one: str
) -> None:
    change = organiser.questions.update(EVENT, TYPE, remove=[OTHER.upper()])
    prepared = await change.prepare()
    assert isinstance(prepared.call.body, dict)
    assert prepared.call.body["choices"] == [CHOICE | SENT]
    assert [(each.label, each.after) for each in prepared.differences] == [
        ("Choices › Bah", "removed")
    ]
    with pytest.raises(NotFound):
        await organiser.questions.update(EVENT, TYPE, remove=["0" * 32])
    assert not script.writes


async def test_a_choice_of_another_question_is_none_of_this(
    organiser: Ticketbutler, one: str
) -> None:
    foreign = (ChoiceDetails(uuid="0" * 32, label="Foreign"),)
    with pytest.raises(NotFound):
        await organiser.questions.update(EVENT, TYPE, choices=foreign)


@pytest.mark.parametrize(
    "told",
    [
        [*LIVE, {"uuid": EVENT}],
        [{"questions": [TEXT, {"heading": "no uuid"}]}],
        [{"questions": [SELECT | {"choices": [CHOICE, {"label": "no uuid"}]}]}],
        [{"questions": [SELECT | {"choices": {"a": 1}}]}],
        [{"questions": "many"}],
        "none",
        None,
    ],
)
async def test_nothing_is_sent_where_not_all_is_known(
    organiser: Ticketbutler, script: ScriptedServer, told: object
) -> None:
    script.answers[f"GET {PATH}"] = told
    with pytest.raises(Unreadable):
        await organiser.questions.create(EVENT, QuestionDetails(heading="New"))
    assert not script.writes


async def test_the_first_question_of_an_event(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[f"GET {PATH}"] = {}
    await organiser.questions.create(EVENT, QuestionDetails(heading="New"))
    (sent,) = script.writes
    assert isinstance(sent.body, dict)
    assert [each["heading"] for each in sent.body["questions"]] == ["New"]


async def test_a_question_that_is_lost_all_the_same_is_told(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[f"GET {PATH}"] = (LIVE, LIVE[:1])
    with pytest.raises(Unreadable) as caught:
        await organiser.questions.create(EVENT, QuestionDetails(heading="New"))
    assert caught.value.maybe_applied
    assert caught.value.sentence.endswith("these are no longer there: “Choice”.")


async def test_questions_that_cannot_be_read_again_may_be_changed(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers[f"GET {PATH}"] = (LIVE, reply(b"", "500 Internal Server Error"))
    with pytest.raises(NoAnswer) as caught:
        await organiser.questions.create(EVENT, QuestionDetails(heading="New"))
    assert caught.value.maybe_applied


async def test_nothing_to_change(organiser: Ticketbutler, script: ScriptedServer, one: str) -> None:
    with pytest.raises(Refused) as caught:
        await organiser.questions.update(EVENT, TYPE, heading="Choice")
    assert caught.value.sentence == "Nothing is different: nothing is sent."
    with pytest.raises(ValueError, match="uuid"):
        await organiser.questions.update(EVENT, TYPE, uuid="x")
    assert not script.writes


async def test_one_question_alone_takes_its_choices_along(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    path = f"events/{EVENT}/questions/{TYPE}/"
    script.answers = {f"GET {path}": SELECT, f"PATCH {path}": SELECT}
    await organiser.questions.update(EVENT, TYPE, heading="Which?")
    (sent,) = script.writes
    expected = SELECT_SENT | {"heading": "Which?"}
    del expected["uuid"]
    assert sent.body == expected


async def test_questions_of_buyers(organiser: Ticketbutler, script: ScriptedServer) -> None:
    path = f"events/{EVENT}/purchase-questions/"
    script.answers = {f"GET {path}": {"questions": [TEXT]}, f"POST {path}": {}}
    new = QuestionDetails(heading="New")
    await organiser.questions.create(EVENT, new, of=Asked.BUYERS)
    (sent,) = script.writes
    assert isinstance(sent.body, dict)
    assert [each["heading"] for each in sent.body["questions"]] == ["Text", "New"]


async def test_no_event_of_that_name(organiser: Ticketbutler) -> None:
    for asked in (
        organiser.questions.get_details(EVENT, "../x"),
        organiser.questions.list_details("../x"),
    ):
        with pytest.raises(TicketbutlerError):
            await asked


UNTOLD = {name: each for name, each in SELECT.items() if name != "choices"}


@pytest.mark.parametrize("variation", ["SELECT", "SELECT_MULTIPLE", "select", "RADIO"])
@pytest.mark.parametrize("untold", [UNTOLD, UNTOLD | {"choices": None}])
async def test_choices_that_are_not_told_are_not_lost(
    organiser: Ticketbutler, script: ScriptedServer, variation: str, untold: dict[str, object]
) -> None:
    questions = [untold | {"variation": variation}, TEXT]
    script.answers[f"GET {PATH}"] = {"uuid": EVENT, "questions": questions}
    with pytest.raises(Unreadable, match="without its choices") as caught:
        await organiser.questions.create(EVENT, QuestionDetails(heading="New"))
    assert not caught.value.maybe_applied
    assert script.writes == []
    assert len((await organiser.questions.list_details(EVENT))[0].questions) == 2, (
        "they can be looked at"
    )


async def test_a_text_as_long_as_a_book_is_written_back_whole(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    heading = "word " * 5000 + "end"
    path = f"events/{EVENT}/questions/{OTHER}/"
    told = TEXT | {"heading": heading}
    script.answers = {f"GET {path}": told, f"PATCH {path}": told}
    await organiser.questions.update(EVENT, OTHER, heading=heading.replace("end", "End"))
    (sent,) = script.writes
    assert isinstance(sent.body, dict)
    assert sent.body["heading"] == "word " * 5000 + "End"


@pytest.mark.parametrize("untold", [UNTOLD, UNTOLD | {"choices": None}])
async def test_choices_that_one_question_does_not_tell_are_not_lost(
    organiser: Ticketbutler, script: ScriptedServer, untold: dict[str, object]
) -> None:
    path = f"events/{EVENT}/questions/{TYPE}/"
    script.answers = {f"GET {path}": untold}
    script.answers[f"PATCH {path}"] = SELECT
    with pytest.raises(Unreadable, match="without its choices"):
        await organiser.questions.update(EVENT, TYPE, choices=(ChoiceDetails(label="Vegan"),))
    assert script.writes == []
    await organiser.questions.update(EVENT, TYPE, required=False)
    (sent,) = script.writes
    assert "choices" not in dict(sent.body)  # type: ignore[call-overload]


async def test_a_new_choice_comes_last_however_a_site_counts(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    listed = [{"uuid": f"{at}" * 32, "sort_id": at * 10, "label": f"{at}"} for at in (1, 2, 3)]
    path = f"events/{EVENT}/questions/{TYPE}/"
    script.answers = {f"GET {path}": SELECT | {"choices": listed}, f"PATCH {path}": SELECT}
    new = (ChoiceDetails(label="Last"), ChoiceDetails(label="Really"))
    await organiser.questions.update(EVENT, TYPE, choices=new)
    (sent,) = script.writes
    row = dict(sent.body)  # type: ignore[call-overload]
    assert sorted((each["sort_id"], each["label"]) for each in row["choices"]) == [
        (10, "1"),
        (20, "2"),
        (30, "3"),
        (31, "Last"),
        (32, "Really"),
    ]
