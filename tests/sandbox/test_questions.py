"""Questions as an organiser saves them: what is not sent is removed."""

from typing import Any

import httpx
import pytest

from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.sandbox.models import Event, Question
from tests.support import both_dialects


@pytest.fixture
def path(tonight: Event) -> str:
    return f"events/{tonight.uuid}/ticket-type-questions/"


def menu_of(event: Event) -> Question:
    return next(each for each in event.questions if each.heading == "Which menu?")


async def asked(api: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """All questions of the one collection, or of the list of them."""
    told = (await api.get(path)).json()
    collections = told if isinstance(told, list) else [told]
    return [question for each in collections for question in each["questions"]]


@both_dialects
@pytest.mark.parametrize("which", ["ticket-type-questions", "purchase-questions"])
async def test_writing_back_what_was_read_changes_nothing(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event, dialect: Dialect, which: str
) -> None:
    path = f"events/{tonight.uuid}/{which}/"
    before = (await api.get(path)).json()
    ticket = sandbox.examples()["answered"]
    answers = (await api.get(f"tickets/{ticket.uuid}/questions/")).json()
    variations = [each.variation for each in tonight.questions]
    mine = (await api.get(f"tickets/{ticket.uuid}/questions/all/")).json()
    got = await api.post(path, json={"questions": await asked(api, path)})
    assert got.status_code == (201 if dialect == "live" else 200)
    assert set(got.json()) == {"questions"}
    assert (await api.get(path)).json() == before
    assert (await api.get(f"tickets/{ticket.uuid}/questions/")).json() == answers
    assert [each.variation for each in tonight.questions] == variations
    after = (await api.get(f"tickets/{ticket.uuid}/questions/all/")).json()
    assert [each["uuid"] for each in after] == [each["uuid"] for each in mine]


@both_dialects
async def test_a_new_question(api: httpx.AsyncClient, path: str) -> None:
    before = await asked(api, path)
    new = {"new": True, "variation": "TEXT", "sort_id": 99, "ticket_type": "all", "heading": "New?"}
    got = await api.post(path, json={"questions": [*before, new]})
    (made,) = [each for each in got.json()["questions"] if each["heading"] == "New?"]
    assert (made["active"], made["required"], made["choices"]) == (True, False, [])
    assert (made["sort_id"], made["variation"]) == (99, "TEXT")
    assert len(await asked(api, path)) == len(before) + 1


async def test_one_type_alone_is_asked(
    api: httpx.AsyncClient, sandbox: Sandbox, path: str, tonight: Event
) -> None:
    before = await asked(api, path)
    for named in (tonight.ticket_types[3].pk, tonight.ticket_types[3].uuid):
        new = {"variation": "TEXT", "heading": f"Of {named}?", "ticket_type": named}
        assert (await api.post(path, json={"questions": [*before, new]})).is_success
        assert tonight.questions[0].ticket_type is None
        made = next(each for each in tonight.questions if each.heading == f"Of {named}?")
        assert made.ticket_type is tonight.ticket_types[3]
        plain = sandbox.examples()["plain"]
        assert made not in sandbox.state.questions_of(plain)


async def test_forgotten_questions_and_choices_are_removed(
    api: httpx.AsyncClient, path: str, tonight: Event
) -> None:
    """The trap of the document: with them, their answers."""
    menu = menu_of(tonight)
    fish = menu.choices[0]
    ticket = next(t for t in tonight.tickets if t.answers and menu.uuid in t.answers)
    assert ticket.answers is not None
    ticket.answers[menu.uuid].choices = [fish]
    others = [uuid for uuid in ticket.answers if uuid != menu.uuid]
    before = await asked(api, path)
    (row,) = [each for each in before if each["uuid"] == menu.uuid]
    row["choices"] = [*row["choices"][1:], {"label": "Insects", "sort_id": 7}]
    got = await api.post(path, json={"questions": [row]})
    assert [each["heading"] for each in got.json()["questions"]] == ["Which menu?"]
    assert [each.label for each in menu.choices] == ["Meat", "Vegan", "Insects"]
    assert tonight.questions == [menu]
    assert ticket.answers == {}
    assert others

    del row["choices"]
    await api.post(path, json={"questions": [row]})
    assert menu.choices == []
    assert (await api.post(path, json={"questions": []})).json() == {"questions": []}
    assert tonight.questions == []
    assert tonight.purchase_questions


async def test_without_a_uuid_it_is_replaced(api: httpx.AsyncClient, path: str) -> None:
    before = await asked(api, path)
    again = [{name: value for name, value in each.items() if name != "uuid"} for each in before]
    for each in again:
        each["choices"] = []
    assert (await api.post(path, json={"questions": again})).is_success
    after = await asked(api, path)
    assert [each["heading"] for each in after] == [each["heading"] for each in before]
    assert not {each["uuid"] for each in after} & {each["uuid"] for each in before}


async def test_sort_ids_order_them(api: httpx.AsyncClient, path: str) -> None:
    before = await asked(api, path)
    for at, each in enumerate(before):
        each["sort_id"] = 100 - at
    await api.post(path, json={"questions": before})
    after = await asked(api, path)
    assert [each["uuid"] for each in after] == [each["uuid"] for each in reversed(before)]
    assert [each["sort_id"] for each in after] == sorted(each["sort_id"] for each in before)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        {},
        {"questions": None},
        {"questions": [7]},
        {"questions": [{"heading": "No kind"}]},
        {"questions": [{"heading": "Odd kind", "variation": "SONG"}]},
        {"questions": [{"variation": "TEXT"}]},
        {"questions": [{"uuid": "0" * 32, "heading": "Unknown", "variation": "TEXT"}]},
        {"questions": [{"heading": "H", "variation": "TEXT", "ticket_type": "none"}]},
        {"questions": [{"heading": "H", "variation": "TEXT", "sort_id": -1}]},
        {"questions": [{"heading": "H", "variation": "SELECT", "choices": [{"sort_id": 1}]}]},
        {"questions": [{"heading": "H", "variation": "SELECT", "choices": ["A"]}]},
        {"questions": [{"heading": "H", "variation": "SELECT", "choices": [{"uuid": "x"}]}]},
    ],
)
async def test_refused_and_nothing_removed(api: httpx.AsyncClient, path: str, bad: object) -> None:
    before = await asked(api, path)
    assert (await api.post(path, json=bad)).status_code == 400
    twice = {"questions": [before[0], before[0]]}
    assert (await api.post(path, json=twice)).status_code == 400
    assert await asked(api, path) == before


@both_dialects
async def test_one_question(api: httpx.AsyncClient, path: str, tonight: Event) -> None:
    menu = menu_of(tonight)
    listed = await asked(api, path)
    (row,) = [each for each in listed if each["uuid"] == menu.uuid]
    one = f"events/{tonight.uuid}/questions/{menu.uuid}/"
    assert (await api.get(one)).json() == row

    got = await api.patch(one, json={"heading": "Fish or flesh?", "required": False})
    assert got.json() == row | {"heading": "Fish or flesh?", "required": False}
    assert len(menu.choices) == 3, "choices that are not sent stay"
    kept = row["choices"][2]
    got = await api.patch(one, json={"choices": [kept]})
    assert [each["uuid"] for each in got.json()["choices"]] == [kept["uuid"]]

    got = await api.delete(one)
    assert (got.status_code, got.content) == (200, b"")
    assert (await api.get(one)).status_code == 404
    assert len(await asked(api, path)) == len(listed) - 1


async def test_one_question_of_the_buyer(
    api: httpx.AsyncClient, sandbox: Sandbox, tonight: Event
) -> None:
    order, question = sandbox.examples()["plain"].order, tonight.purchase_questions[1]
    given = [{"uuid": question.uuid, "value": "42"}]
    assert (await api.post(f"orders/{order.uuid}/questions/", json=given)).is_success
    one = f"events/{tonight.uuid}/questions/{question.uuid}/"
    assert (await api.get(one)).json()["sort_id"] == 1
    assert (await api.patch(one, json={"sort_id": 8})).json()["sort_id"] == 8
    assert tonight.purchase_questions[-1] is question
    assert (await api.delete(one)).is_success
    assert (await api.get(f"orders/{order.uuid}/questions/")).json()["answers"] == []


async def test_moving_one(api: httpx.AsyncClient, tonight: Event) -> None:
    first = tonight.questions[0]
    got = await api.patch(f"events/{tonight.uuid}/questions/{first.uuid}/", json={"sort_id": 50})
    assert got.is_success
    assert tonight.questions[-1] is first
