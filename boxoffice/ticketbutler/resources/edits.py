"""What is to be different of something, applied to what the site has when it is planned.

What was read earlier, as when a form was opened, is not written back with it: only the fields that
are to change are given, also those of parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.resources.record import FieldInfo, Record, changed, field_info

Model = TypeVar("Model", bound=Record)


@dataclass(frozen=True, slots=True)
class Increment:
    """So many more than the site has; fewer where it is below 0."""

    by: int


@dataclass(frozen=True, slots=True)
class NestedEdit:
    """Fields of a part."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListEdit:
    """Fields of some of several parts, by their uuid, and parts that are new. The others stay."""

    of: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    new: tuple[Any, ...] = ()


def apply_edit(now: Model, values: Mapping[str, Any]) -> Model:
    """`now` with these fields: values of the model, or one of the three above.

    Raises:
        Refused: what is to be changed is not there any more, or would be less than nothing.
        ValueError: a field is unknown or not to be edited.

    """
    editable = {info.name: info for info in field_info(type(now)) if info.editable}
    if wrong := sorted(set(values) - set(editable)):
        raise ValueError(f"not to be changed: {', '.join(wrong)}")
    return now.replace(
        **{
            name: _apply_field(editable[name], getattr(now, name), value)
            for name, value in values.items()
        }
    )


def _apply_field(info: FieldInfo, now: Any, value: Any) -> Any:
    match value:
        case Increment(by):
            if now is None or now + by < 0:
                there = "does not tell how many there are" if now is None else f"has {now:,}"
                raise Refused(
                    "less than nothing",
                    f"{info.label}: the site {there}, so give a number.",
                    maybe_applied=False,
                )
            return now + by
        case NestedEdit(values):
            return apply_edit(now, values)
        case ListEdit(of, new):
            if not of.keys() <= {part.uuid for part in now}:
                raise Refused(
                    "a part is gone",
                    f"{info.label}: one that you changed is no longer at the site. Go back, and "
                    "open it anew.",
                    maybe_applied=False,
                )
            return (*(apply_edit(part, of.get(part.uuid, {})) for part in now), *new)
        case _:
            return value


def list_edit(before: Iterable[Any], after: Iterable[Any]) -> ListEdit:
    """What was changed among several parts, and which of them are new."""
    known = {part.uuid: part for part in before if getattr(part, "uuid", "")}
    of: dict[str, dict[str, Any]] = {}
    new: list[Any] = []
    for part in after:
        earlier = known.get(getattr(part, "uuid", ""))
        if earlier is None:
            new.append(part)
        elif names := changed(earlier, part):
            of[part.uuid] = {name: getattr(part, name) for name in names}
    return ListEdit(of, tuple(new))
