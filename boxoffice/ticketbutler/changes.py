"""A change that can be looked at before it is made: awaited it is sent, `request` only tells it."""

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from boxoffice.organiser import Difference
from boxoffice.ticketbutler.errors import NoAnswer, Refused, TicketbutlerError
from boxoffice.ticketbutler.wire import Call, Reply, decode, pong

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

T = TypeVar("T")

NOTHING = "Nothing is different: nothing is sent."


@dataclass(frozen=True, slots=True)
class Request:
    """What would be sent."""

    method: str
    path: str
    """From the site's root, with its query."""
    body: object = field(default=None, compare=False)
    """What goes as JSON; None: nothing. What is written back along with a change may be another the
    next time, as what is left of each ticket type: two requests that make the same different are
    equal."""
    differences: tuple[Difference, ...] = ()
    """What it makes different, by what the site has now."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Sentences for whoever looks at it before it is sent."""


@dataclass(frozen=True, slots=True)
class PreparedChange(Generic[T]):
    """A change that is ready to be sent, made of what the site had a moment ago."""

    call: Call[Any]
    send: Callable[[], Awaitable[T]]
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What `send` sends."""
        call = self.call
        return Request(call.method, call.target, call.body, self.differences, self.notes)


class PendingChange(Generic[T]):
    """A change of something at the site: `await` it, or ask for its `request` first.

    What has to be read for it is read anew each time, so that it is always made of what the site
    has at that moment. Writes are asked once: where an error says `maybe_applied`, look before
    trying again.
    """

    def __init__(self, prepare: Callable[[], Awaitable[PreparedChange[T]]]) -> None:
        self.prepare = prepare
        """Reads what the change rests on, and changes nothing."""

    def __await__(self) -> Generator[Any, None, T]:
        return self._send().__await__()

    async def request(self) -> Request:
        """What would be sent."""
        return (await self.prepare()).request

    async def _send(self) -> T:
        return await (await self.prepare()).send()


def change_of(
    client: "Session",
    make: Callable[[], Call[T]],
    differences: tuple[Difference, ...] = (),
) -> PendingChange[T]:
    """A change that needs nothing read."""

    async def prepare() -> PreparedChange[T]:
        call = make()
        return PreparedChange(call, lambda: client.send(call), differences)

    return PendingChange(prepare)


def removal_of(client: "Session", make: Callable[[], Call[None]]) -> PendingChange[None]:
    """A removal: the site answers nothing, or a few words."""

    async def prepare() -> PreparedChange[None]:
        call = make()
        return PreparedChange(call, lambda: client.send(call, done))

    return PendingChange(prepare)


def done(call: Call[Any], reply: Reply) -> None:
    """Raise unless a 2xx may say that it was done: empty, plain words or JSON, but no page."""
    if reply.size:
        pong(call, reply)


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
        "The site took the change, but could not be asked what it has now: refresh before trying "
        "again.",
    )


def refuse(detail: str, sentence: str) -> Refused:
    """What is not even asked of the site."""
    return Refused(detail, sentence, maybe_applied=False)


def jsonable(value: object) -> object:
    """A value of a model's field as the document writes it: an amount as a number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(str(value))
    return value.isoformat() if isinstance(value, datetime) else value
