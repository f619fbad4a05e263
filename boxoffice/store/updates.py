"""The stream of changes to the databases: whoever writes publishes, whoever shows subscribes."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.models import Answer, CodesKnown, Order, Ticket

if TYPE_CHECKING:  # a start sells nothing
    from boxoffice.domain.sale import Sale


class TicketsStored(NamedTuple):
    """Rows of the list were stored, from a list or a single read. None: a new list is the same."""

    event: str
    changed: Sequence[Ticket] = ()
    removed: Collection[str] = ()
    """Uuids of those that the site no longer has."""
    is_new: bool = False
    """It is a single ticket that no list had yet."""


class ListDoubted(NamedTuple):
    """A list was not stored, as it lacks too many tickets; or one was stored again after that."""

    event: str
    listed: int | None = None
    """How many tickets the list has that was not stored; None: one was stored again."""


class CodesStored(NamedTuple):
    """More codes of these tickets are known. Nothing changed that the list shows."""

    event: str
    tickets: Sequence[Ticket]


class OrderStored(NamedTuple):
    order: Order


class OrdersListed(NamedTuple):
    """All orders of an event are stored by one list, with the codes and answers that it had."""

    event: str


class AnswersStored(NamedTuple):
    answers: Mapping[str, Sequence[Answer]]
    """By the tickets' uuids."""


class CodesCounted(NamedTuple):
    """It was counted how many tickets were read one by one."""

    known: CodesKnown


class EventsStored(NamedTuple):
    """The organiser's events were stored, this one among them."""


class EventMetadataStored(NamedTuple):
    """The event, its ticket types and its questions were stored, as the site has them now."""

    event: str


class ClaimsStored(NamedTuple):
    """Other doors of the venue let these tickets in, or out again."""

    event: str
    tickets: Collection[str]


class JournalWritten(NamedTuple):
    """A lane wrote to the journal about tickets, and may have queued something for the site."""

    tickets: Collection[str] = ()
    """Their uuids; none: only the queue's count, or a reason in it, changed."""


class RowSettled(NamedTuple):
    """A row of the queue was sent, has failed, or is in conflict."""

    row: QueueRow


class CheckInDisputed(NamedTuple):
    """The site says that a ticket we let in is no longer in, or that it is in again."""

    ticket: str


class SaleUpdated(NamedTuple):
    """A sale is in a new state."""

    sale: "Sale"


StoreUpdate: TypeAlias = (
    TicketsStored
    | ListDoubted
    | CodesStored
    | OrderStored
    | OrdersListed
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
    """The stream. An update is published after it was written."""

    def __init__(self) -> None:
        self._subscribers: dict[type[StoreUpdate], list[Subscriber]] = {}

    def subscribe(self, subscriber: Subscriber, *kinds: type[StoreUpdate]) -> Callable[[], None]:
        """Call `subscriber` with each update of these kinds. Call what this returns to stop it."""
        for kind in kinds:
            self._subscribers.setdefault(kind, []).append(subscriber)

        def unsubscribe() -> None:
            for kind in kinds:
                self._subscribers[kind].remove(subscriber)

        return unsubscribe

    def wake(self, wake: Callable[[], None], *kinds: type[StoreUpdate]) -> Callable[[], None]:
        """The same for a callback that needs no details of the update."""

        async def subscriber(_: StoreUpdate) -> None:
            wake()

        return self.subscribe(subscriber, *kinds)

    async def publish(self, update: StoreUpdate) -> None:
        """Call all subscribers, one after the other; returns when they are done."""
        for subscriber in tuple(self._subscribers.get(type(update), ())):
            await subscriber(update)
