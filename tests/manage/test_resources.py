"""Every kind of thing on the desk, with the same few verbs."""

from decimal import Decimal

import pytest

from boxoffice.manage import RESOURCES, Desk, Resource, Verb, for_create, for_update
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event as SandboxEvent
from boxoffice.sandbox.state import Role
from boxoffice.ticketbutler import Forbidden, KeyRefused, NotFound, Refused
from boxoffice.ticketbutler.record import as_json, field_info
from boxoffice.ticketbutler.resources.event_models import EventDetails
from tests.manage.stage import NEW, of, value
from tests.support import both_dialects

UPDATED: dict[str, tuple[str, object]] = {
    "events": ("title", "Jazz"),
    "ticket-types": ("amount_total", 999),
    "questions": ("required", True),
    "tickets": ("full_name", "Anna Bergh"),
    "orders": ("phone", "+4512345678"),
    "webhooks": ("active", False),
}
REASON = "The band is ill"


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.name)
def test_a_kind_says_what_it_can(kind: type[Resource]) -> None:
    names = {each.name for each in field_info(kind.model)}
    assert set(kind.columns) <= names
    assert (kind.new is not None) == (Verb.CREATE in kind.verbs)
    assert Verb.LIST in kind.verbs
    for verb in (Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.SHOW):
        method = {Verb.SHOW: "get", Verb.UPDATE: "edit"}.get(verb, verb.value)
        if verb in kind.verbs and verb is not Verb.SHOW:
            assert getattr(kind, method) is not getattr(Resource, method), verb
    assert set(kind.examples) == {*(verb.value for verb in kind.verbs), *kind.actions}
    for action in kind.actions.values():
        assert bool(action.doing) == action.destructive


@both_dialects
async def test_what_is_listed_is_found_and_looked_at(desk: Desk, tonight: SandboxEvent) -> None:
    for name, each in NEW.items():
        resource = desk.resources[name]
        await resource.create(of(resource, tonight), for_create(resource, each))
    for resource in desk.resources.values():
        event = of(resource, tonight)
        rows = await resource.list(event)
        assert rows, resource.name
        for row in rows[:3]:
            assert isinstance(row, resource.model)
            assert len(resource.cells(row)) == len(resource.headings())
            assert resource.matches(row, resource.name_of(row)[:8])
        keys = [resource.key(row) for row in rows]
        assert len(set(keys)) == len(keys)
        one = await resource.get(event, keys[-1])
        assert resource.key(one) == keys[-1]
        found = await resource.find(event, keys[-1])
        assert resource.key(found) == keys[-1]
        name = resource.name_of(one)
        assert resource.confirms(one, f"  {name} ")
        assert resource.confirms(one, name.swapcase()) is resource.any_case
        assert not resource.confirms(one, "")
        assert not resource.confirms(one, resource.name_of(one)[:-1])


@both_dialects
@pytest.mark.parametrize("name", NEW)
async def test_one_is_made_and_told_first(desk: Desk, tonight: SandboxEvent, name: str) -> None:
    resource = desk.resources[name]
    event = of(resource, tonight)
    before = len(await resource.list(event))
    change = resource.create(event, for_create(resource, NEW[name]))
    prepared = await change.prepare()
    assert prepared.call.method == "POST"
    assert prepared.differences
    assert len(await resource.list(event)) == before
    made = await change
    assert isinstance(made, resource.model)
    after = await resource.list(event)
    assert len(after) == before + 1
    assert resource.key(made) in {resource.key(row) for row in after}


@both_dialects
@pytest.mark.parametrize("name", UPDATED)
async def test_one_field_is_changed_and_nothing_else(
    desk: Desk, tonight: SandboxEvent, name: str
) -> None:
    resource = desk.resources[name]
    event = of(resource, tonight)
    if name == "webhooks":
        await resource.create(event, for_create(resource, NEW[name]))
    field, wanted = UPDATED[name]
    before = {resource.key(row): as_json(row) for row in await resource.list(event)}
    key = next(iter(before))
    change = resource.update(event, key, {field: wanted})
    prepared = await change.prepare()
    assert [each.name.rpartition(".")[2] for each in prepared.differences] == [field]
    assert {resource.key(row): as_json(row) for row in await resource.list(event)} == before
    told = await change
    assert getattr(told, field) == wanted
    after = {resource.key(row): as_json(row) for row in await resource.list(event)}
    assert list(after) == list(before)
    assert {key: row for key, row in after.items() if before[key] != row}.keys() <= {key}
    assert getattr(await resource.get(event, key), field) == wanted


@both_dialects
@pytest.mark.parametrize("name", ["events", "ticket-types", "questions", "discounts", "webhooks"])
async def test_one_is_removed_and_nothing_else(
    desk: Desk, tonight: SandboxEvent, name: str
) -> None:
    resource = desk.resources[name]
    event = of(resource, tonight)
    kept = [resource.key(row) for row in await resource.list(event)]
    made = await resource.create(event, for_create(resource, NEW[name]))
    assert resource.needs_reason == (name == "events")
    await resource.delete(event, resource.key(made), REASON)
    assert [resource.key(row) for row in await resource.list(event)] == kept
    with pytest.raises(NotFound) as caught:
        await resource.find(event, resource.name_of(made))
    assert caught.value.sentence.startswith(f"There is no such {resource.one}")


@both_dialects
async def test_an_event_is_not_removed_without_a_reason(desk: Desk, tonight: SandboxEvent) -> None:
    with pytest.raises(Refused, match="no reason"):
        await desk.resources["events"].delete(None, tonight.uuid, "ill")
    assert not tonight.deleted


@both_dialects
async def test_what_the_site_says_no_to_comes_through(
    desk: Desk, sandbox: Sandbox, tonight: SandboxEvent
) -> None:
    types = desk.resources["ticket-types"]
    sold = next(each for each in tonight.ticket_types if each.amount_sold)
    with pytest.raises(Refused) as caught:
        await types.update(tonight.uuid, sold.uuid, {"price": Decimal(1)})
    assert caught.value.sentence
    sandbox.state.may_refund = False
    order = next(each for each in tonight.orders if not each.refunded)
    with pytest.raises(KeyRefused):
        await value(desk.resources["orders"].act("refund", None, order.uuid))
    assert not order.refunded
    sandbox.state.role = Role.OBSERVER
    with pytest.raises(Forbidden):
        await desk.resources["webhooks"].list()


@both_dialects
async def test_several_of_one_name_are_not_guessed_at(desk: Desk, tonight: SandboxEvent) -> None:
    types = desk.resources["ticket-types"]
    kinds = tonight.ticket_types
    assert types.key(await types.find(tonight.uuid, kinds[0].title.lower())) == kinds[0].uuid
    kinds[1].title = kinds[0].title
    with pytest.raises(Refused, match="several") as caught:
        await types.find(tonight.uuid, kinds[0].title)
    assert kinds[1].uuid in caught.value.sentence
    for wanted in ("", "Moon"):
        with pytest.raises((NotFound, Refused)):
            await types.find(tonight.uuid, wanted)


@both_dialects
async def test_an_event_is_needed(desk: Desk) -> None:
    for resource in desk.resources.values():
        if resource.of_event and not resource.generic:
            with pytest.raises(Refused, match="no event"):
                await resource.list(None)


@both_dialects
async def test_what_cannot_be_done_is_said(desk: Desk, tonight: SandboxEvent) -> None:
    for resource in desk.resources.values():
        for verb in {Verb.CREATE, Verb.UPDATE, Verb.DELETE} - resource.verbs:
            arguments: tuple[object, ...] = {
                Verb.CREATE: ({},),
                Verb.UPDATE: ("", {}),
                Verb.DELETE: ("",),
            }[verb]
            with pytest.raises(Refused) as caught:
                getattr(resource, verb.value)(tonight.uuid, *arguments)
            assert caught.value.sentence == "The site has no way to do that."


@both_dialects
async def test_what_was_shown_given_back_is_no_change(desk: Desk, tonight: SandboxEvent) -> None:
    for resource in desk.resources.values():
        event = of(resource, tonight)
        for row in (await resource.list(event))[:20]:
            assert for_update(resource, row, as_json(row)) == {}


def test_the_models_keep_all_fields_of_a_question() -> None:
    questions = next(kind for kind in RESOURCES if kind.name == "questions")
    assert [*questions.model.model_fields][-1] == "asked"


@both_dialects
async def test_what_is_found_by_its_name_is_whole(desk: Desk, tonight: SandboxEvent) -> None:
    """A list leaves fields out, and what was found may be written back."""
    found = await desk.resources["events"].find(None, tonight.title)
    assert isinstance(found, EventDetails)
    assert [each.title for each in found.ticket_types] == [
        each.title for each in tonight.ticket_types
    ]
    assert found.settings.reminder_email is True


@both_dialects
@pytest.mark.parametrize(
    ("name", "wanted"), [("ticket-types", "Stand"), ("events", "Sommer"), ("orders", "DZY1")]
)
async def test_what_is_only_like_a_name_is_not_found(
    desk: Desk, tonight: SandboxEvent, name: str, wanted: str
) -> None:
    resource = desk.resources[name]
    with pytest.raises(NotFound):
        await resource.find(of(resource, tonight), wanted)
