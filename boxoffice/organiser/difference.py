"""What a change makes different, in words: for the question before it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field, is_dataclass
from typing import TYPE_CHECKING

from boxoffice.domain.text import clean
from boxoffice.organiser.fields import LONGEST, About, Kind, Words, about, said
from boxoffice.organiser.forms import written

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_SHORT = 300
_AROUND = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, in the API's own words; empty where there is nothing."""

    name: str
    """Its place in the model, such as `settings.ticket_limit` or `choices[2].label`."""
    label: str
    before: str
    after: str
    words: Words = field(
        default_factory=dict, compare=False, repr=False, metadata=said("Words", Kind.RAW)
    )
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


def differences(
    before: "DataclassInstance | None", after: "DataclassInstance"
) -> tuple[Difference, ...]:
    """The fields in which two values of one model differ; `before` None: all that `after` gives.

    Parts of a tuple are matched by uuid, those without one are new; parts that only `before` has
    are removed.
    """
    return tuple(_differences(before, after, "", ""))


def _differences(
    before: object, after: "DataclassInstance", name: str, label: str
) -> Iterator[Difference]:
    for each in about(type(after)):
        old, new = _value(before, each), _value(after, each)
        place, titled = f"{name}{each.name}", f"{label}{each.label}"
        if each.kind is Kind.PARTS:
            yield from _parts(old, new, place, titled)
        elif is_dataclass(new) and not isinstance(new, type):
            yield from _differences(old, new, f"{place}.", f"{titled}: ")
        elif old != new and (before is not None or new not in (None, "")):
            yield Difference(place, titled, written(each, old), written(each, new), each.choices)


def _parts(old: object, new: object, place: str, label: str) -> Iterator[Difference]:
    before = list(old) if isinstance(old, tuple) else []
    after = list(new) if isinstance(new, tuple) else []
    known = {uuid: part for part in before if (uuid := getattr(part, "uuid", ""))}
    for at, part in enumerate(after):
        earlier = known.pop(getattr(part, "uuid", ""), None)
        called = f"{label} › {called_of(earlier or part) or at + 1}"
        if earlier is None:
            yield Difference(f"{place}[{at}]", called, "", "new")
        if is_dataclass(part) and not isinstance(part, type):
            yield from _differences(earlier, part, f"{place}[{at}].", f"{called}: ")
    for part in known.values():
        at = before.index(part)
        yield Difference(f"{place}[{at}]", f"{label} › {called_of(part)}", "there", "removed")


def called_of(part: object) -> str:
    """What a person calls it."""
    names = (getattr(part, name, "") for name in ("title", "heading", "label", "code"))
    return next((str(name) for name in names if name), "")


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _value(model: object, field: About) -> object:
    return None if model is None else getattr(model, field.name)
