"""Edits: what is to be different of what a site has, and what then is, for people to look at.

An edit is applied to what the site has when the change is prepared. What was read earlier, as when
a form was opened, is not written back with it: only the fields that are to change are given, also
those of parts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from boxoffice.domain.humanize import format_number
from boxoffice.domain.money import local_amount
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.fields import LONGEST, ChoiceLabels, Kind
from boxoffice.ticketbutler.record import FieldInfo, Record, changed, field_info, written

Model = TypeVar("Model", bound=Record)

NOTHING = N_("Nothing is different: nothing is sent.")
_SHORT = 300
_AROUND = 40
"""Characters."""


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

    Raises Refused where what is to be changed is not there any more, or would be less than nothing,
    and ValueError where a field is unknown or not to be edited.
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
                sentence = (
                    _("{label}: the site does not tell how many there are, so give a number.")
                    if now is None
                    else _("{label}: the site has {n}, so give a number.")
                )
                raise Refused(
                    "less than nothing",
                    sentence.format(label=info.label, n=format_number(now or 0)),
                    maybe_applied=False,
                )
            return now + by
        case NestedEdit(values):
            return apply_edit(now, values)
        case ListEdit(of, new):
            if not of.keys() <= {part.uuid for part in now}:
                raise Refused(
                    "a part is gone",
                    _(
                        "{label}: one that you changed is no longer at the site. Go back, "
                        "and open it anew."
                    ).format(label=info.label),
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


# What differs


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, in the API's own words; empty where there is nothing."""

    name: str
    """Its place in the model, such as `settings.ticket_limit` or `choices[2].label`."""
    label: str
    before: str
    after: str
    words: ChoiceLabels = field(default_factory=dict, compare=False, repr=False)
    """What people say for them."""

    def excerpts(self) -> tuple[str, str]:
        """Before and after as they are shown: of long texts the parts that differ, whole.

        What is the same at their beginnings and ends is left out, but for a few words around.
        """
        texts = [self.words.get(text, text) for text in (self.before, self.after)]
        start = end = 0
        if max(map(len, texts)) > _SHORT:
            start = _same(*texts)
            end = _same(*(text[start:][::-1] for text in texts))
        start, end = max(start - _AROUND, 0), max(end - _AROUND, 0)
        before, after = (
            f"{'…' if start else ''}{text[start : len(text) - end]}{'…' if end else ''}"
            for text in texts
        )
        return clean(before, LONGEST, lines=True), clean(after, LONGEST, lines=True)


def what_differs(before: Record, after: Record) -> tuple[Difference, ...]:
    """`differences`; raises Refused where there are none."""
    if different := differences(before, after):
        return different
    raise Refused("nothing to change", _(NOTHING))


def differences(before: Record | None, after: Record) -> tuple[Difference, ...]:
    """The fields in which two values of one model differ; `before` None: all that `after` gives.

    Parts of a tuple are matched by uuid, those without one are new; parts that only `before` has
    are removed.
    """
    return tuple(_differences(before, after, "", ""))


def _differences(before: object, after: Record, name: str, label: str) -> Iterator[Difference]:
    for info in field_info(type(after)):
        old, new = getattr(before, info.name, None), getattr(after, info.name)
        place, titled = f"{name}{info.name}", f"{label}{info.label}"
        if info.kind is Kind.PARTS:
            yield from _parts(old, new, place, titled)
        elif isinstance(new, Record):
            yield from _differences(old, new, f"{place}.", f"{titled}: ")
        elif old != new and (before is not None or new not in (None, "")):
            words = _words(info, old, new)
            yield Difference(place, titled, written(info, old), written(info, new), words)


def _parts(old: object, new: object, place: str, label: str) -> Iterator[Difference]:
    before = list(old) if isinstance(old, tuple) else []
    after = list(new) if isinstance(new, tuple) else []
    known = {uuid: part for part in before if (uuid := getattr(part, "uuid", ""))}
    for at, part in enumerate(after):
        earlier = known.pop(getattr(part, "uuid", ""), None)
        called = f"{label} › {called_of(earlier or part) or at + 1}"
        if earlier is None:
            yield Difference(f"{place}[{at}]", called, "", "new", {"new": _("new")})
        if isinstance(part, Record):
            yield from _differences(
                earlier,
                part,
                f"{place}[{at}].",
                f"{called}: ",
            )
    gone = {"there": _("there"), "removed": _("removed")}
    for part in known.values():
        at, called = before.index(part), f"{label} › {called_of(part)}"
        yield Difference(f"{place}[{at}]", called, "there", "removed", gone)


def _words(info: FieldInfo, *values: Any) -> ChoiceLabels:
    if info.kind is not Kind.MONEY:
        return info.choices
    return {written(info, value): local_amount(value) for value in values if value is not None}


def called_of(part: object) -> str:
    """What a person calls it."""
    names = (getattr(part, name, "") for name in ("title", "heading", "label", "code"))
    return next((str(name) for name in names if name), "")


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
