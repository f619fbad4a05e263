"""What a person or a program entered, as the values that `Resource.create` and `update` take.

Entered is JSON as `boxoffice.organiser.forms.as_json` writes it, so that what a list or a look gave
can be given back: fields that are not to be edited are passed over, unknown ones are refused.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from boxoffice.desk.editing import Among, Inside, More
from boxoffice.domain.text import hex_uuid
from boxoffice.organiser.fields import About, Kind, about, default
from boxoffice.organiser.forms import EntryError, as_json, entered, from_json, shown, steps

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from boxoffice.desk.resources import Resource

Given = Mapping[str, object]


def for_create(
    resource: "type[Resource] | Resource", given: Given, zone: tzinfo | None = None
) -> dict[str, Any]:
    """The values of a new one. A null is nothing given.

    Raises:
        EntryError: a field is unknown, missing, or not of its kind.

    """
    model = resource.new
    if model is None:
        raise EntryError(About("", resource.title), "none can be made")
    _known(given, model, resource.model)
    _on_sale(resource, model, given)
    return _input(model, given, zone)


def for_input(
    model: "type[DataclassInstance]", given: Given, zone: tzinfo | None = None
) -> dict[str, Any]:
    """The values that an action has to be told. Raises EntryError."""
    _known(given, model)
    return _input(model, given, zone)


def for_update(
    resource: "type[Resource] | Resource",
    before: "DataclassInstance",
    given: Given,
    zone: tzinfo | None = None,
) -> dict[str, Any]:
    """What is different from the row `before`, as `boxoffice.desk.editing.laid` takes it.

    A part that names the uuid of one that is there changes that one, by what is given of it; one
    without a uuid is new; parts that are left out stay.

    Raises:
        EntryError: a field is unknown or not of its kind.

    """
    _known(given, type(before), *([resource.new] if resource.new is not None else []))
    return _changes(before, resource.meant(given), zone)


def _input(model: "type[DataclassInstance]", given: Given, zone: tzinfo | None) -> dict[str, Any]:
    values = from_json(
        model, {name: each for name, each in given.items() if each is not None}, zone
    )
    for each in about(model):
        alone = default(model, each.name)
        if values.get(each.name, MISSING) is None and (alone is not None or each.required):
            del values[each.name]  # left empty: its default
        if each.required and values.get(each.name, alone or None) in (None, "", ()):
            raise EntryError(each, "this is needed")
        _one_of(each, values.get(each.name))
    return values


def _changes(before: "DataclassInstance", given: Given, zone: tzinfo | None) -> dict[str, Any]:
    model = type(before)
    defaults = {each.name: each.default for each in fields(model)}
    values: dict[str, Any] = {}
    for each in about(model):
        if not each.editable or each.name not in given:
            continue
        told, now = given[each.name], getattr(before, each.name)
        if told == as_json(now):
            continue  # as the site has it, whatever may be thought of it
        if each.kind is Kind.PARTS:
            if (among := _parts(each, now, told, zone)) != Among():
                values[each.name] = among
            continue
        if each.kind is Kind.PART and is_dataclass(now) and not isinstance(now, type):
            if not isinstance(told, Mapping):
                raise EntryError(each, "give an object")
            _known(told, type(now))
            if inside := _changes(now, told, zone):
                values[each.name] = Inside(inside)
            continue
        if told is None and now in (None, ""):
            continue
        value = from_json(model, {each.name: told}, zone, before).get(each.name)
        if value is None and (defaults[each.name] is not None or each.kind is Kind.YES):
            raise EntryError(each, "this cannot be empty")
        _one_of(each, value)
        if value != now:
            values[each.name] = _more(each, told, value)
    return values


def _more(field: About, told: object, value: Any) -> Any:
    """What is told as so many more is reckoned from what the site has when it is planned."""
    by = steps(told) if isinstance(told, str) and field.kind is Kind.WHOLE else None
    return value if by is None else More(by)


def _parts(field: About, now: tuple[Any, ...], given: object, zone: tzinfo | None) -> Among:
    if field.model is None or not isinstance(given, list):
        raise EntryError(field, "give a list")
    known = {part.uuid: part for part in now}
    of: dict[str, dict[str, Any]] = {}
    new: list[Any] = []
    for each in given:
        if not isinstance(each, Mapping):
            raise EntryError(field, "give a list of objects")
        _known(each, field.model)
        uuid = hex_uuid(str(each.get("uuid") or ""))
        if uuid is None and not each.get("uuid"):
            new.append(field.model(**_input(field.model, each, zone)))
        elif uuid is not None and uuid in known:
            if changes := _changes(known.pop(uuid), each, zone):
                of[uuid] = changes
        else:
            raise EntryError(field, f"there is none with the uuid {str(each['uuid'])[:40]}")
    return Among(of, tuple(new))


def _on_sale(
    resource: "type[Resource] | Resource", model: "type[DataclassInstance]", given: Given
) -> None:
    """Raise where what is inactive would become active by being made anew."""
    taken = {each.name for each in about(model)}
    for each in about(resource.model):
        if each.name != "active" or each.name in taken or given.get(each.name) is None:
            continue
        if entered(each, shown(each, given[each.name])) is False:
            wanted = f"{resource.a()} is active once it is made; leave it out, or say yes"
            raise EntryError(each, wanted)


def _known(given: Given, *models: "type[DataclassInstance]") -> None:
    names = {each.name for model in models for each in about(model)}
    if wrong := sorted(set(given) - names):
        can = ", ".join(each.name for each in about(models[0]) if each.editable)
        raise EntryError(About("", wrong[0][:40]), f"there is no such field; there are {can}")


def _one_of(field: About, value: object) -> None:
    bound = field.kind is Kind.CHOICE and not field.others
    if bound and value and value not in field.choices:
        offered = (f"{said} ({api})" if said != api else api for api, said in field.choices.items())
        raise EntryError(field, f"give one of these: {', '.join(offered)}")
