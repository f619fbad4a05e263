"""Asks the site for a sign of life when nothing else is heard of it."""

import contextlib
import math

from boxoffice.clock import Clock, LateError, within
from boxoffice.sync.backoff import Jitter
from boxoffice.sync.link import Link
from boxoffice.ticketbutler import Exchange, NoAnswer, Ticketbutler, TicketbutlerError

QUIET = 3.0
"""Seconds without an answer of any kind, after which the site is asked."""
AWAY = 2.0
"""Seconds between two tries, about, while the site is not reached."""
SHORTEST = 1.0
"""Seconds between two pings at least."""
WITHIN = 3.0
"""Seconds in which a ping must be answered, else the site is taken to be away."""


class Heartbeat:
    """Lets the link know within a few seconds that the site is away, or back."""

    def __init__(self, client: Ticketbutler, link: Link, *, clock: Clock, jitter: Jitter) -> None:
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
        """Ask once. The link hears what comes of it."""
        try:
            await within(WITHIN, self._ping(), self._clock)
        except LateError:
            silence = NoAnswer(f"GET ping/: no answer within {WITHIN:g} s")
            now = self._clock.monotonic()
            self._link.heard(Exchange("GET", "ping/", WITHIN, now, silence))

    async def _ping(self) -> None:
        with contextlib.suppress(TicketbutlerError):  # the link has heard it
            await self._client.ping()

    def _quiet_for(self) -> float:
        """Seconds since the site last answered anything."""
        heard_at = self._link.answered_at
        return math.inf if heard_at is None else self._clock.monotonic() - heard_at
