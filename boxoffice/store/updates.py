"""What changed on this computer: one stream, from those who write to those who show it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.models import Answer, CodesKnown, Order, Ticket

if TYPE_CHECKING:  # a start sells nothing
    from boxoffice.domain.sale import Sale


class TicketsStored(NamedTuple):
    """Rows of the list, by a list or a single read; none, where a new list is the same."""

    event: str
    changed: Sequence[Ticket] = ()
    removed: Collection[str] = ()
    """Uuids of those that the site no longer has."""
    is_new: bool = False
    """It is one ticket that no list held yet."""


class ListDoubted(NamedTuple):
    """A list was not stored: it lacks too much. Or one is stored again, with nothing `listed`."""

    event: str
    listed: int | None = None
    """So many tickets."""


class CodesStored(NamedTuple):
    """More is known of how these are called; nothing that is shown changed."""

    event: str
    tickets: Sequence[Ticket]


class OrdersStored(NamedTuple):
    orders: Sequence[Order]


class AnswersStored(NamedTuple):
    """What was answered for tickets, by their uuids, was read."""

    answers: Mapping[str, Sequence[Answer]]


class CodesCounted(NamedTuple):
    """How far the tickets were read one by one."""

    known: CodesKnown


class EventsStored(NamedTuple):
    """The organiser's events, this one among them."""


class EventMetadataStored(NamedTuple):
    """The event, its ticket types, and what it asks, as the site has them now."""

    event: str


class ClaimsStored(NamedTuple):
    """Other doors of the venue let these in, or out again."""

    event: str
    tickets: Collection[str]


class JournalWritten(NamedTuple):
    """A lane wrote about tickets, and may have queued something for the site."""

    tickets: Collection[str] = ()
    """Their uuids; none: only how many rows wait, or why, is another."""


class RowSettled(NamedTuple):
    """A row of the queue was sent, failed or found in conflict."""

    row: QueueRow


class CheckInDisputed(NamedTuple):
    """The site says of a ticket of ours that it is no longer in, or that it is in again."""

    ticket: str


class SaleUpdated(NamedTuple):
    """A sale went on."""

    sale: "Sale"


StoreUpdate: TypeAlias = (
    TicketsStored
    | ListDoubted
    | CodesStored
    | OrdersStored
    | AnswersStored
    | CodesCounted
    | EventsStored
    | EventMetadataStored
    | ClaimsStored
    | JournalWritten
    | RowSettled
    | CheckInDisputed
    | SaleUpdated
)
Subscriber: TypeAlias = Callable[[StoreUpdate], Awaitable[None]]


class StoreUpdates:
    """The stream. Published is what is written already."""

    def __init__(self) -> None:
        self._subscribers: dict[type[StoreUpdate], list[Subscriber]] = {}

    def subscribe(self, subscriber: Subscriber, *kinds: type[StoreUpdate]) -> Callable[[], None]:
        """Call `subscriber` with each update of these kinds, until the answer is called."""
        for kind in kinds:
            self._subscribers.setdefault(kind, []).append(subscriber)

        def unsubscribe() -> None:
            for kind in kinds:
                self._subscribers[kind].remove(subscriber)

        return unsubscribe

    def wake(self, wake: Callable[[], None], *kinds: type[StoreUpdate]) -> Callable[[], None]:
        """The same for who need not know what it is: call `wake`."""

        async def subscriber(_: StoreUpdate) -> None:
            wake()

        return self.subscribe(subscriber, *kinds)

    async def publish(self, update: StoreUpdate) -> None:
        """Returns when all subscribers are done with it, one after the other."""
        for subscriber in tuple(self._subscribers.get(type(update), ())):
            await subscriber(update)
