"""Changes at a site: made of an edit, looked at, sent, and what the site answers to them."""

from collections.abc import Awaitable, Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from boxoffice.language import _
from boxoffice.ticketbutler.edits import Difference, called_of, what_differs
from boxoffice.ticketbutler.errors import NoAnswer, Refused, TicketbutlerError, Unreadable
from boxoffice.ticketbutler.record import Record
from boxoffice.ticketbutler.session import reading_once
from boxoffice.ticketbutler.wire import Call, Reply, decode, pong, result

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")


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

        Raises Outdated where it would make something else different.
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
