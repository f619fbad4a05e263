"""What a person or a program entered, as the values that `Resource.create` and `update` take.

Entered is JSON as `as_json` writes it, so that what a list or a look gave can be given back: fields
that are not to be edited are passed over, unknown ones are refused.
"""

import json
import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from boxoffice import ProblemError
from boxoffice.domain.text import hex_uuid
from boxoffice.language import _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.edits import Increment, ListEdit, NestedEdit
from boxoffice.ticketbutler.fields import EntryError, Kind, enter
from boxoffice.ticketbutler.record import (
    FieldInfo,
    Record,
    as_json,
    default,
    field_info,
    read_entered,
    shown,
)

if TYPE_CHECKING:
    from boxoffice.manage.resource import Resource

Given = Mapping[str, object]

_MORE = re.compile(r"([+-])\s*([0-9]{1,9})")


def entered(
    field: FieldInfo, value: object, zone: tzinfo | None = None, before: object = None
) -> Any:
    """The value that a person or a program entered; an empty one is None, or the empty text.

    `zone`: of a moment without an offset. `before`: what it was; “+5” of a whole number is five
    more, “-5” five less. What may be chosen is taken in the API's words and in people's.

    Raises EntryError where it is none.
    """
    if field.required and (value is None or not str(value).strip()):
        raise EntryError(field.label, _("this is needed"))
    if field.kind is Kind.WHOLE and isinstance(value, str):
        value = more(value, before)  # a number is that number: only a text can mean more or less
    try:
        read = enter(field.kind, value, zone)
        return fields.Choices(field.choices, field.others).word(read) if field.choices else read
    except ValueError as error:
        raise EntryError(field.label, str(error)) from None


def edited(field: FieldInfo, value: object, now: object, zone: tzinfo | None = None) -> Any:
    """What a field of something that there is becomes: a value, or an `Increment` of `now`.

    Somebody else may have changed it since: what is told as so many more or fewer is reckoned from
    what the site has when the change is planned. Raises EntryError.
    """
    read = entered(field, value, zone, now)
    by = steps(value) if isinstance(value, str) and field.kind is Kind.WHOLE else None
    return read if by is None or read == now else Increment(by)


def more(text: str, before: object) -> str:
    """What “+5” or “-5” makes of the whole number `before`; any other text as it is."""
    if not isinstance(before, int) or isinstance(before, bool):
        return text
    by = steps(text)
    return text if by is None else str(before + by)


def steps(text: str) -> int | None:
    """How many more “+5” is, or “-5”; None: it is another text."""
    found = _MORE.fullmatch(text.strip())
    return None if found is None else int(found[1] + found[2])


def put_setting(row: dict[str, Any], text: str, model: type[Record], *, anew: bool) -> None:
    """Put one `--set` into what was given: `name=value`, `part.name=value`, `name=[…]` as JSON.

    `anew`: of what is made, “+5” is five more than what `row` has; of what there is, it is five
    more than the site has. Raises ProblemError.
    """
    name, equals, value = text.partition("=")
    *parts, last = (item.strip() for item in name.split("."))
    if not equals or not all((*parts, last)):
        raise ProblemError(
            _("--set {text}: write it as FIELD=VALUE.").format(text=text[:80]), status=2
        )
    known = _fields(model)
    for part in parts:
        inner = row.setdefault(part, {})
        row[part] = dict(inner) if isinstance(inner, Mapping) else {}
        row, known = row[part], _fields(known[part].model if part in known else None)
    match known[last].kind if last in known else Kind.TEXT:
        case Kind.PART | Kind.PARTS if not parts:  # a title may begin with a bracket too
            row[last] = _json(value, last)
        case Kind.WHOLE if anew:
            row[last] = more(value, row.get(last))
        case _:
            row[last] = value


def _fields(model: type[Record] | None) -> dict[str, FieldInfo]:
    return {info.name: info for info in field_info(model)} if model is not None else {}


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        problem = _("--set {name}: give JSON; {error}.").format(name=name, error=str(error)[:100])
        raise ProblemError(problem, status=2) from error


def for_create(
    resource: "type[Resource] | Resource", given: Given, zone: tzinfo | None = None
) -> dict[str, Any]:
    """The values of a new one. A null is nothing given.

    Raises EntryError where a field is unknown, missing, or not of its kind.
    """
    model = resource.new
    if model is None:
        raise EntryError(_(resource.title), _("none can be made"))
    _known(given, model, resource.model)
    _on_sale(resource, model, given)
    return _input(model, given, zone)


def for_input(model: type[Record], given: Given, zone: tzinfo | None = None) -> dict[str, Any]:
    """The values that an action has to be told. Raises EntryError."""
    _known(given, model)
    return _input(model, given, zone)


def for_update(
    resource: "type[Resource] | Resource",
    before: Record,
    given: Given,
    zone: tzinfo | None = None,
) -> dict[str, Any]:
    """What is different from the row `before`, as `apply_edit` takes it.

    A part that names the uuid of one that is there changes that one, by what is given of it; one
    without a uuid is new; parts that are left out stay.

    Raises EntryError where a field is unknown or not of its kind.
    """
    _known(given, type(before), *([resource.new] if resource.new is not None else []))
    return _changes(before, resource.meant(given), zone)


def _input(model: type[Record], given: Given, zone: tzinfo | None) -> dict[str, Any]:
    made = read_entered(model, given, zone)
    return {name: getattr(made, name) for name in made.model_fields_set}


def _changes(before: Record, given: Given, zone: tzinfo | None) -> dict[str, Any]:
    model = type(before)
    values: dict[str, Any] = {}
    for info in field_info(model):
        if not info.editable or info.name not in given:
            continue
        value, now = given[info.name], getattr(before, info.name)
        if value == as_json(now):
            continue  # as the site has it, whatever may be thought of it
        if info.kind is Kind.PARTS:
            if (among := _parts(info, now, value, zone)) != ListEdit():
                values[info.name] = among
            continue
        if info.kind is Kind.PART and isinstance(now, Record):
            if not isinstance(value, Mapping):
                raise EntryError(info.label, _("give an object"))
            _known(value, type(now))
            if inside := _changes(now, value, zone):
                values[info.name] = NestedEdit(inside)
            continue
        if value is None and now in (None, ""):
            continue
        nothing = value is None and not info.required
        value = None if nothing else edited(info, value, now, zone)
        if value is None and (default(model, info.name) is not None or info.kind is Kind.YES):
            raise EntryError(info.label, _("this cannot be empty"))
        if value != now:
            values[info.name] = value
    return values


def _parts(field: FieldInfo, now: tuple[Any, ...], given: object, zone: tzinfo | None) -> ListEdit:
    if field.model is None or not isinstance(given, list):
        raise EntryError(field.label, _("give a list"))
    known = {part.uuid: part for part in now}
    of: dict[str, dict[str, Any]] = {}
    new: list[Any] = []
    for row in given:
        if not isinstance(row, Mapping):
            raise EntryError(field.label, _("give a list of objects"))
        _known(row, field.model)
        uuid = hex_uuid(str(row.get("uuid") or ""))
        if uuid is None and not row.get("uuid"):
            new.append(read_entered(field.model, row, zone))
        elif uuid is not None and uuid in known:
            if changes := _changes(known.pop(uuid), row, zone):
                of[uuid] = changes
        else:
            none = _("there is none with the uuid {uuid}").format(uuid=str(row["uuid"])[:40])
            raise EntryError(field.label, none)
    return ListEdit(of, tuple(new))


def _on_sale(resource: "type[Resource] | Resource", model: type[Record], given: Given) -> None:
    """Raise where what is inactive would become active by being made anew."""
    taken = {info.name for info in field_info(model)}
    for about in field_info(resource.model):
        if about.name != "active" or about.name in taken or given.get(about.name) is None:
            continue
        if entered(about, shown(about, given[about.name])) is False:
            wanted = _("a new one is active once it is made; leave it out, or say yes")
            raise EntryError(about.label, wanted)


def _known(given: Given, *models: type[Record]) -> None:
    names = {info.name for model in models for info in field_info(model)}
    if wrong := sorted(set(given) - names):
        can = ", ".join(about.name for about in field_info(models[0]) if about.editable)
        raise EntryError(
            wrong[0][:40], _("there is no such field; there are {fields}").format(fields=can)
        )
