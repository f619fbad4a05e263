"""What is to be different of something, applied to what the site has when it is planned.

What was read earlier, as when a form was opened, is not written back with it: only the fields that
a person changed are given, also those of parts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from boxoffice.domain.text_folding import fold
from boxoffice.ticketbutler.changes import (
    Difference,
    PendingChange,
    PreparedChange,
    called_of,
    differences,
    refuse,
)
from boxoffice.ticketbutler.resources.record import (
    FieldInfo,
    Record,
    changed,
    field_info,
    with_fields,
)

A = TypeVar("A")
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
    told = {each.name: each for each in field_info(type(now))}
    return with_fields(
        now,
        {
            name: _apply_field(told[name], getattr(now, name), value) if name in told else value
            for name, value in values.items()
        },
    )


def _apply_field(about_it: FieldInfo, now: Any, value: Any) -> Any:
    match value:
        case Increment(by):
            if now is None or now + by < 0:
                there = "does not tell how many there are" if now is None else f"has {now:,}"
                raise refuse(
                    "less than nothing", f"{about_it.label}: the site {there}, so give a number."
                )
            return now + by
        case NestedEdit(values):
            return apply_edit(now, values)
        case ListEdit(of, new):
            if not of.keys() <= {each.uuid for each in now}:
                raise refuse(
                    "a part is gone",
                    f"{about_it.label}: one that you changed is no longer at the site. Go back, "
                    "and open it anew.",
                )
            return (*(apply_edit(each, of.get(each.uuid, {})) for each in now), *new)
        case _:
            return value


def list_edit(before: Iterable[Any], after: Iterable[Any]) -> ListEdit:
    """What was changed among several parts, and which of them are new."""
    known = {each.uuid: each for each in before if getattr(each, "uuid", "")}
    of: dict[str, dict[str, Any]] = {}
    new: list[Any] = []
    for each in after:
        earlier = known.get(getattr(each, "uuid", ""))
        if earlier is None:
            new.append(each)
        elif names := changed(earlier, each):
            of[each.uuid] = {name: getattr(each, name) for name in names}
    return ListEdit(of, tuple(new))


class RowEdit(Generic[Model]):
    """A change of one thing, as the client's methods take it: a function of what the site has."""

    def __init__(
        self,
        values: Mapping[str, Any],
        opened: Record | None = None,
        untold: Collection[str] = (),
    ) -> None:
        """`opened`: what there was when a person began; `untold`: see `Resource.untold`."""
        self._values = values
        self._opened = opened
        self._untold = untold
        self._seen: tuple[Model, Model] | None = None

    def __call__(self, now: Model) -> Model:
        after = apply_edit(now, self._values)
        self._seen = now, after
        return after

    @property
    def wanted(self) -> Mapping[str, Any]:
        """The fields as they were last asked for."""
        return {name: getattr(self._seen[1], name) for name in self._values} if self._seen else {}

    def noted(self, change: PendingChange[A]) -> PendingChange[A]:
        """The same change, saying what somebody else has changed since a person began."""

        async def prepare() -> PreparedChange[A]:
            inner = await change.prepare()
            return replace(inner, notes=tuple(self._notes()))

        return PendingChange(prepare)

    def _notes(self) -> Iterator[str]:
        if self._opened is None or self._seen is None:
            return
        now, after = self._seen
        theirs = {each.name: each for each in differences(self._opened, now)}
        for mine in differences(now, after):
            since = theirs.get(mine.name)
            if since is None or "[" in mine.name:  # parts are told apart by uuid, not by place
                continue
            if mine.name not in self._untold or since.after:
                yield _note(mine.label, since)
        for each in field_info(type(now)):
            match self._values.get(each.name):
                case ListEdit() as among:
                    opened, parts = getattr(self._opened, each.name, ()), getattr(now, each.name)
                    yield from _of_parts(each.label, among, opened, parts)


def _of_parts(
    label: str, among: ListEdit, opened: Iterable[Any], now: Iterable[Any]
) -> Iterator[str]:
    """What somebody else has changed of the parts that a person changes, or has added alike."""
    before = {each.uuid: each for each in opened}
    added = {fold(called_of(each)) for each in among.new}
    for part in now:
        called = called_of(part)
        if part.uuid in before:
            for since in differences(before[part.uuid], part):
                if since.name in among.of.get(part.uuid, {}):
                    yield _note(f"{label} › {called}: {since.label}", since)
        elif fold(called) in added:
            yield f"{label} › {called}: somebody else has added one since you opened this."


def _note(label: str, since: Difference) -> str:
    was, is_now = (text or "(nothing)" for text in since.excerpts())
    return f"{label}: was {was} when you opened this, and is {is_now} now."
