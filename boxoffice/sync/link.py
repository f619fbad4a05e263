"""The state of the connection to the site, derived from what became of each request.

`Link` is a pure state machine: it sends nothing and waits for nothing. `Heartbeat` pings the site
when there was no other request for a while. How `Link` reads an outcome:

- no connection: offline, at once;
- no answer: offline if it was the heartbeat's ping; for another request it says nothing yet;
- HTML or a redirect elsewhere: captive;
- 401, or 403 to a ping, to the list or to a write: refused, until the same kind of request works
  again. A 403 to anything else is about that one thing, not about the key;
- no key on this computer: refused, and nothing is sent to the site until there is one;
- an answer that came before the site was lost, and took long to decode: says nothing about now;
- a request about an order, its PDF or the list of orders: says nothing, unless the site cannot be
  reached. A key may check in and yet not refund, and that list may fail where all else works;
- 5xx, 429, or an answer that cannot be read: the site is there but ill. The state stays, the list
  on this computer is kept, and the sentence says what is wrong until a request of that kind works.
"""

import contextlib
import math
from collections import deque
from collections.abc import Callable
from enum import Enum

from boxoffice.clock import Clock, LateError, within
from boxoffice.domain.models import LinkState
from boxoffice.language import N_, _
from boxoffice.ticketbutler import (
    CaptivePortal,
    Exchange,
    Forbidden,
    KeyMissing,
    KeyRefused,
    NoAnswer,
    NotFound,
    Refused,
    Ticketbutler,
    TicketbutlerError,
    Unreachable,
)

WINDOW = 5
"""How many of the last door reads count for whether the link is slow."""
MISSES = 2
"""The link is slow if so many of them missed the deadline."""

LOST = N_("The site cannot be reached: go on, check-ins are kept and are sent when it is back.")
SILENT = N_("The site does not answer: go on, check-ins are kept and are sent when it does.")
CAPTIVE = CaptivePortal.default
KEY = N_("The site refuses the key: go on, check-ins are kept, and get a key from the organiser.")
WRITES = N_(
    "The site takes no check-ins with this key: go on, they are kept, and get a key with more "
    "rights from the organiser."
)
GO_ON = N_("Go on: check-ins are kept, and are sent when it works again.")
SLOW = N_("The connection is slow: scans are answered from this computer's list.")

QUIET = 3.0
"""Seconds without any answer, after which the site is pinged."""
AWAY = 2.0
"""Seconds between two pings, more or less, while the site cannot be reached."""
SHORTEST = 1.0
"""Seconds between two pings at the least."""
WITHIN = 3.0
"""A ping that is not answered within so many seconds means that the site is away."""


class Request(Enum):
    """The kinds of request whose errors are told apart."""

    PING = "ping"
    LIST = "list"
    WRITE = "write"
    READ = "read"
    ASIDE = "aside"
    """Placing, changing and refunding orders, their PDF, and the heavy list of them."""


def kind_of(method: str, path: str) -> Request:
    """The kind of a request; `path` as the API document writes it."""
    if path.startswith("/") or (method != "GET" and path.startswith("orders/")):
        return Request.ASIDE
    if method != "GET":
        return Request.WRITE
    parts = path.strip("/").split("/")
    if parts[-1] == "ping":
        return Request.PING
    if parts[-1] == "tickets" and len(parts) > 1:
        return Request.LIST
    if parts[-1] == "orders" and len(parts) > 1:
        return Request.ASIDE
    return Request.READ


class Link:
    """Knows whether the site can be reached, and tells its watchers when that changes."""

    def __init__(self, *, deadline: float = 1.5) -> None:
        """`deadline`: seconds within which a door read should be answered."""
        self._deadline = deadline
        self._away = ""
        self._captive = False
        self._lost_at = -math.inf
        self._key_missing = ""
        self._refused: set[Request] = set()
        self._ill: dict[Request, TicketbutlerError] = {}
        self._misses: deque[bool] = deque(maxlen=WINDOW)
        self._watchers: list[Callable[[], None]] = []
        self._notified = (LinkState.ASKING, "")
        self.answered_at: float | None = None
        """When the site last answered anything, on the monotonic clock; None: not yet."""
        self.worked_at = -math.inf
        """When a request last did what it should, on the monotonic clock."""

    @property
    def state(self) -> LinkState:
        if self._away:
            return LinkState.OFFLINE
        if self._captive:
            return LinkState.CAPTIVE
        if self._key_missing or self._refused:
            return LinkState.REFUSED
        return LinkState.SLOW if sum(self._misses) >= MISSES else LinkState.ONLINE

    @property
    def shown_state(self) -> LinkState:
        """`state` as people see it: nothing is called online before it has answered."""
        state = self.state
        is_silent = state is LinkState.ONLINE and self.answered_at is None
        return LinkState.ASKING if is_silent else state

    @property
    def sentence(self) -> str:
        """What is wrong with the site and what to do about it; empty: nothing.

        Of an ill site it leaves out the advice to try again, as that happens by itself.
        """
        match self.state:
            case LinkState.OFFLINE:
                return _(self._away)
            case LinkState.CAPTIVE:
                return _(CAPTIVE)
            case LinkState.REFUSED:
                refusal = _(WRITES if self._refused == {Request.WRITE} else KEY)
                return self._key_missing or refusal
        if (error := self._ailment) is not None:
            happened = error.without_advice
            return f"{happened} {_(GO_ON)}" if happened else error.sentence
        return _(SLOW) if self.state is LinkState.SLOW else ""

    @property
    def cause(self) -> str:
        """`sentence` without the part about check-ins, which says to go on."""
        error = self._ailment if self.state in (LinkState.ONLINE, LinkState.SLOW) else None
        return self.sentence if error is None else error.without_advice or error.sentence

    @property
    def _ailment(self) -> TicketbutlerError | None:
        """The error of a site that can be reached, but is ill."""
        return next((self._ill[request] for request in Request if request in self._ill), None)

    @property
    def waits(self) -> bool:
        """Whether a scan waits for its read: not while the link is slow, or people would queue."""
        return self.sends and sum(self._misses) < MISSES

    @property
    def reaches(self) -> bool:
        return not (self._away or self._captive or self._key_missing)

    @property
    def sends(self) -> bool:
        """Whether to send the queue: the site can be reached, and takes the key."""
        return self.reaches and not self._refused & {Request.PING, Request.READ}

    @property
    def writes_refused(self) -> bool:
        """The last write was refused because of the key."""
        return Request.WRITE in self._refused

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when the state or the sentence has changed, and only then."""
        self._watchers.append(watcher)

    def observe(self, exchange: Exchange) -> None:
        request, error = kind_of(exchange.method, exchange.path), exchange.error
        if isinstance(error, KeyMissing):
            self._key_missing = error.sentence
        elif isinstance(error, Unreachable):
            self._lost(LOST, exchange)
        elif request is Request.ASIDE:
            return
        elif isinstance(error, CaptivePortal):
            self._away = ""
            self._captive = True
            self._lost_at = exchange.ended
        elif isinstance(error, NoAnswer):
            if request is Request.PING:
                self._lost(SILENT, exchange)
            else:
                self._ill[request] = error
        else:
            self._answered(request, exchange)
            if request is Request.PING and error is None and self.state is LinkState.SLOW:
                self._misses.append(exchange.seconds > self._deadline)
        self._notify()

    def record_read(self, *, in_time: bool) -> None:
        """A door read was answered within its deadline, or was not."""
        self._misses.append(not in_time)
        self._notify()

    def note_single_refusal(self) -> None:
        """The last 403 to a write was about its ticket: the key may write others."""
        self._refused.discard(Request.WRITE)
        self._notify()

    def _lost(self, sentence: str, exchange: Exchange) -> None:
        self._away = self._away or sentence
        self._lost_at = exchange.ended
        self._misses.clear()

    def _answered(self, request: Request, exchange: Exchange) -> None:
        error = exchange.error
        self.answered_at = exchange.ended
        self._key_missing = ""
        if exchange.ended >= self._lost_at:
            self._away = ""
            self._captive = False
        if error is None:
            self.worked_at = self.answered_at
        if isinstance(error, KeyRefused):
            if request is not Request.READ or not isinstance(error, Forbidden):
                self._refused.add(request)
        elif error is None or (
            isinstance(error, NotFound | Refused) and request in (Request.READ, Request.WRITE)
        ):
            self._works(request)
        else:
            self._ill[request] = error

    def _works(self, request: Request) -> None:
        """A request of this kind did what it should."""
        self._ill.pop(request, None)
        if request is Request.PING:
            self._ill.pop(Request.READ, None)
            self._ill.pop(Request.WRITE, None)
            self._refused.discard(Request.READ)
            if Request.PING in self._refused:
                self._refused.clear()
        self._refused.discard(request)

    def _notify(self) -> None:
        now = (self.shown_state, self.sentence)
        if now != self._notified:
            self._notified = now
            for watcher in self._watchers:
                watcher()


class Heartbeat:
    """Pings the site, so that the link knows within seconds that it is away, or back."""

    def __init__(
        self, client: Ticketbutler, link: Link, *, clock: Clock, jitter: Callable[[], float]
    ) -> None:
        """`jitter`: a number in [0, 1)."""
        self._client = client
        self._link = link
        self._clock = clock
        self._jitter = jitter

    async def run(self) -> None:
        """Never returns."""
        while True:
            if not self._link.reaches or self._quiet_for() >= QUIET:
                await self.beat()
            if self._link.reaches:
                wait = max(QUIET - self._quiet_for(), SHORTEST)
            else:
                wait = AWAY * (0.75 + 0.5 * self._jitter())
            await self._clock.sleep(wait)

    async def beat(self) -> None:
        """Ping once. The link observes what comes of it."""
        try:
            await within(WITHIN, self._ping(), self._clock)
        except LateError:
            silence = NoAnswer(f"GET ping/: no answer within {WITHIN:g} s")
            now = self._clock.monotonic()
            self._link.observe(Exchange("GET", "ping/", WITHIN, now, silence))

    async def _ping(self) -> None:
        with contextlib.suppress(TicketbutlerError):  # the link observed it
            await self._client.ping()

    def _quiet_for(self) -> float:
        """Seconds since the site last answered anything."""
        heard_at = self._link.answered_at
        return math.inf if heard_at is None else self._clock.monotonic() - heard_at
