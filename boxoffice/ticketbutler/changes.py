"""Changes at a site: edits, what they make different, how they are looked at and sent.

An edit is applied to what the site has when the change is prepared. What was read earlier, as when
a form was opened, is not written back with it: only the fields that are to change are given, also
those of parts.
"""

from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from boxoffice.domain.humanize import format_number
from boxoffice.domain.money import local_amount
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler.errors import NoAnswer, Refused, TicketbutlerError, Unreadable
from boxoffice.ticketbutler.resources.fields import LONGEST, ChoiceLabels, Kind
from boxoffice.ticketbutler.resources.record import FieldInfo, Record, changed, field_info, written
from boxoffice.ticketbutler.session import reading_once
from boxoffice.ticketbutler.wire import Call, Reply, decode, pong, result

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")
Model = TypeVar("Model", bound=Record)

NOTHING = N_("Nothing is different: nothing is sent.")


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


@dataclass(frozen=True, slots=True)
class PreparedChange(Generic[T]):
    """A change that is ready to be sent, made of what the site had a moment ago."""

    call: Call[Any]
    """What `send` sends, or the last of it."""
    send: Callable[[], Awaitable[T]]
    differences: tuple[Difference, ...] = ()
    """What it makes different, by what the site has now."""
    notes: tuple[str, ...] = ()
    """Sentences for whoever looks at it before it is sent."""
    edit: tuple[Record, Record] | None = field(default=None, repr=False)
    """What is changed, as the site has it and as it will be; None: not just that."""

    def same_as(self, other: "PreparedChange[Any]") -> bool:
        """Whether both make the same different.

        What is written back along with it may be another the next time, as what is left of each
        ticket type.
        """
        here, there = (
            (item.call.method, item.call.target, item.differences) for item in (self, other)
        )
        return here == there

    def giving(self, read: Callable[[T], U]) -> "PreparedChange[U]":
        """The same change, giving something else."""

        async def send() -> U:
            return read(await self.send())

        return PreparedChange(self.call, send, self.differences, self.notes, self.edit)


class Outdated(Refused):
    """A change that was looked at, and is another by now."""

    def __init__(self, now: PreparedChange[Any]) -> None:
        super().__init__(
            "another change than was shown",
            _("The site has changed meanwhile: nothing was sent. Try again."),
            maybe_applied=False,
        )
        self.now = now


class PendingChange(Generic[T]):
    """A change of something at the site: `await` it, or `prepare` it and look at it first.

    What has to be read for it is read anew each time, but nothing twice, so that it is always made
    of what the site has at that moment. Writes are asked once: where an error says `maybe_applied`,
    look before trying again.
    """

    def __init__(self, prepare: Callable[[], Awaitable[PreparedChange[T]]]) -> None:
        self._prepare = prepare

    def __await__(self) -> Generator[Any, None, T]:
        return self._send().__await__()

    async def prepare(self) -> PreparedChange[T]:
        """Read what the change rests on; nothing is changed."""
        with reading_once():
            return await self._prepare()

    async def confirmed(self, shown: PreparedChange[T]) -> PreparedChange[T]:
        """What `shown` is by now, for a person has taken time to look at it.

        Raises:
            Outdated: it would make something else different.

        """
        with reading_once(anew=True):
            now = await self._prepare()
        if not now.same_as(shown):
            raise Outdated(now)
        return now

    async def _send(self) -> T:
        return await (await self.prepare()).send()


def pending(
    prepare: Callable[P, Awaitable[PreparedChange[T]]],
) -> Callable[P, PendingChange[T]]:
    """Make of what prepares a change one that gives it, pending."""

    @wraps(prepare)
    def change(*args: P.args, **named: P.kwargs) -> PendingChange[T]:
        return PendingChange(lambda: prepare(*args, **named))

    return change


class Endpoints:
    """Calls about things of one kind. A subclass names them."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def _prepared(
        self,
        call: Call[T],
        different: tuple[Difference, ...] = (),
        read: Callable[[Call[T], Reply], T] = result,
    ) -> PreparedChange[T]:
        """A change that is one call."""
        return PreparedChange(call, lambda: self._session.send(call, read), different)

    def _edited(self, call: Call[T], before: Record, after: Record) -> PreparedChange[T]:
        """An edit that is one call. Raises Refused where nothing is different."""
        return replace(self._prepared(call, what_differs(before, after)), edit=(before, after))


def what_differs(before: Record, after: Record) -> tuple[Difference, ...]:
    """`differences`; raises Refused where there are none."""
    if different := differences(before, after):
        return different
    raise Refused("nothing to change", _(NOTHING))


def done(call: Call[Any], reply: Reply) -> None:
    """Raise unless a 2xx may say that it was done: empty, plain words or JSON, but no page."""
    if reply.size:
        pong(call, reply)


def acknowledgement(call: Call[Any], reply: Reply) -> object:
    """As `done`; gives the JSON of the answer, None where it is none."""
    done(call, reply)
    try:
        return decode(call, reply)
    except TicketbutlerError:
        return None


def words_of(call: Call[Any], reply: Reply) -> object:
    """The JSON of a 2xx, or its plain words; empty where it says nothing."""
    if not reply.size:
        return ""
    if reply.is_page and reply.body.lstrip()[:1] != b"<" and reply.size < 1000:
        return reply.body.decode("utf-8-sig", "replace")  # the live service calls a sentence HTML
    try:
        return decode(call, reply)
    except TicketbutlerError:
        if reply.is_page or reply.size > 1000:
            raise
        return reply.body.decode("utf-8-sig", "replace")


async def reread(read: Callable[[], Awaitable[T]]) -> T:
    """What the site has after a change; where that fails, what is known of the change."""
    try:
        return await read()
    except TicketbutlerError as error:
        detail = f"changed, but not read again: {error}"
    raise NoAnswer(
        detail,
        _(
            "The site took the change, but could not be asked what it has now: refresh "
            "before trying again."
        ),
    )


def refuse_lost(before: Iterable[Any], after: Iterable[Any]) -> None:
    """Raise if something that was written back is gone all the same; each has a uuid."""
    left = {part.uuid for part in after}
    if lost := [part for part in before if part.uuid not in left]:
        names = ", ".join(f"“{called_of(part)}”" for part in lost)
        raise Unreadable(
            f"{len(lost)} that were written back are gone",
            _("The site took the change, but these are no longer there: {names}.").format(
                names=names
            ),
        )


# What a change makes different


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


# What is to be different


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
