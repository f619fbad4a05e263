"""What can go wrong between a door and its server, switched while the sandbox runs.

A fault is written in a few characters, the same in tests, on the command line and to curl:

    latency=0.3          the request waits before it is handled
    latency-after=2      it is handled at once, its answer waits
    hang                 it is not handled until the rule is cleared
    hang-after           it is handled, its answer waits until the rule is cleared
    drop                 the connection is lost before it is handled
    drop-after           it is handled, the connection is lost before the answer
    cut                  the connection is lost in the middle of the answer's body
    401 403 404 ... 524  this status, not handled; `429=5` with `Retry-After: 5`
    524-after            handled, then this status
    html                 200 and the log-in page of a captive portal, not handled
    redirect             302 to such a page on another origin, not handled
    truncated            handled, half of the JSON with a right Content-Length
    stale                reads as they were: tickets and lists of them when the rule was set; an
                         order or a list of orders when it was first read since. Until it is cleared
    stale=60             the same reads through a cache: what a path answers is answered again for
                         60 s, whatever is written meanwhile; `stale=60 tickets/*/`: single tickets
    wrong-shape          handled, JSON of another shape
    huge=64              handled, a JSON body of 64 MB
    deep=100000          handled, JSON nested 100000 deep
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache, partial

PREFIX = "/api/v3/"
PAPER = "/da/purchase/"
"""Where PDFs lie: beside the API. Faults and the log name them by their whole path."""
HOOKS = "/webhooks/v1/"
"""Where webhooks are managed: beside the API, and named by its whole path too."""


class Kind(StrEnum):
    LATENCY = "latency"
    HANG = "hang"
    DROP = "drop"
    CUT = "cut"
    STATUS = "status"
    HTML = "html"
    REDIRECT = "redirect"
    TRUNCATED = "truncated"
    STALE = "stale"
    WRONG_SHAPE = "wrong-shape"
    HUGE = "huge"
    DEEP = "deep"


_BEFORE_OR_AFTER = frozenset({Kind.LATENCY, Kind.HANG, Kind.DROP, Kind.STATUS})
_NEVER_HANDLED = frozenset({Kind.HTML, Kind.REDIRECT})
_CACHED = ("events/*/tickets/", "events/*/orders/", "tickets/*/", "orders/*/")
"""What `stale` holds back, where its path names it."""
_DEFAULT_NUMBER = {Kind.LATENCY: 1.0, Kind.STALE: 0.0, Kind.HUGE: 64.0, Kind.DEEP: 100_000.0}
_WRITTEN = re.compile(r"(?P<what>\d{3}|[a-z]+(?:-shape)?)(?P<after>-after)?(?:=(?P<value>.+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    after: bool = False
    """The request is handled first; only its answer fails."""
    status: int = 200
    number: float = 0.0
    """Seconds of `latency` and `stale` (0: for good), megabytes of `huge`, levels of `deep`."""
    retry_after: str | None = None
    """As the header says it: seconds or a date."""
    body: bytes | None = None
    """What to send in place of the made-up body, for statuses, `html` and `wrong-shape`."""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read `drop-after`, `429=5` and so on. Raises ValueError with a sentence."""
        found = _WRITTEN.fullmatch(text.strip().lower())
        what = found["what"] if found else ""
        if found is None or (not what.isdigit() and what not in set(Kind) - {Kind.STATUS}):
            known = ", ".join(kind for kind in Kind if kind is not Kind.STATUS)
            raise ValueError(f"{text!r} is no fault: use a status such as 503, or {known}.")
        kind = Kind.STATUS if what.isdigit() else Kind(what)
        if found["after"] and kind not in _BEFORE_OR_AFTER:
            raise ValueError(f"{what!r} has no -after form.")
        after, value = bool(found["after"]), found["value"]
        if kind is Kind.STATUS:
            if not 400 <= int(what) <= 599:
                raise ValueError(f"{text!r} is no fault: a status from 400 to 599 is meant.")
            return cls(kind, after, status=int(what), retry_after=value)
        number = _DEFAULT_NUMBER.get(kind, 0.0)
        if value is not None:
            if kind not in _DEFAULT_NUMBER:
                raise ValueError(f"{what!r} takes no value.")
            if not re.fullmatch(r"\d{1,9}(\.\d+)?", value):
                raise ValueError(f"{value!r} is no number.")
            number = float(value)
        if kind is Kind.STALE and value is not None and not number:
            raise ValueError("A cache of no seconds holds nothing back: use stale=60, or stale.")
        return cls(kind, after, number=number)

    @property
    def handled(self) -> bool:
        """Whether the request reaches its endpoint."""
        if self.kind in _BEFORE_OR_AFTER:
            return self.after or self.kind in (Kind.LATENCY, Kind.HANG)
        return self.kind not in _NEVER_HANDLED

    def __str__(self) -> str:
        text = str(self.status) if self.kind is Kind.STATUS else self.kind.value
        text += "-after" if self.after else ""
        if self.retry_after is not None:
            return f"{text}={self.retry_after}"
        valued = self.number if self.kind is Kind.STALE else self.kind in _DEFAULT_NUMBER
        return f"{text}={self.number:g}" if valued else text


@dataclass(eq=False)
class Rule:
    """A fault, and the requests it meets. `hits` counts those met so far."""

    fault: Fault
    path: str = "**"
    method: str | None = None
    times: int | None = None
    """How many more requests it meets; None: all. At 0 it stays, for what hangs by it."""
    hits: int = 0
    bodies: dict[str, tuple[datetime | None, bytes]] = field(default_factory=dict)
    """For `stale`: what was answered, by path, and when; None: before the rule was set."""
    _released: Future[None] = field(default_factory=Future)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def matches(self, method: str, path: str) -> bool:
        if self.method not in (None, method) or not path_matches(self.path, path):
            return False
        if self.fault.kind is not Kind.STALE:
            return True
        return method == "GET" and any(path_matches(cached, path) for cached in _CACHED)

    def cached(self, path: str, body: bytes, now: datetime) -> bytes:
        """For `stale`: what is answered to `path` at `now`, where the site itself says `body`."""
        with self._lock:
            at, cached = self.bodies.get(path, (now, body))
            seconds = self.fault.number
            if seconds and at is not None and not 0 <= (now - at).total_seconds() < seconds:
                at, cached = now, body
            self.bodies[path] = at, cached
        return cached

    async def wait_released(self) -> None:
        """Return when the rule is released."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        self._released.add_done_callback(
            lambda _: None if loop.is_closed() else loop.call_soon_threadsafe(event.set)
        )
        await event.wait()

    def release(self) -> None:
        """Let go on what hangs by this rule."""
        with self._lock:
            if not self._released.done():
                self._released.set_result(None)

    def as_json(self) -> dict[str, object]:
        written: dict[str, object] = {"fault": str(self.fault)}
        return written | {name: getattr(self, name) for name in ("path", "method", "times", "hits")}


class Faults:
    """The rules in force. May be changed from any thread."""

    def __init__(self, reads: Callable[[Callable[[str], bool]], Mapping[str, bytes]]) -> None:
        """`reads`: answers the bodies of reads as they are now, by those paths that are wanted."""
        self._reads = reads
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def set(
        self,
        fault: Fault | str,
        *,
        path: str = "**",
        method: str | None = None,
        times: int | None = None,
    ) -> Rule:
        """Meet requests with `fault` from now on. A newer rule goes before an older one.

        `path` is a pattern below `/api/v3/`, as `tickets/*/` or `events/*/tickets/`: `*` is one
        part, `**` anything. Latencies add up; of the other faults one request meets one.
        """
        if isinstance(fault, str):
            fault = Fault.parse(fault)
        path = path.removeprefix(PREFIX)
        method = method.upper() if method else None
        rule = Rule(fault, path, method, times)
        if fault.kind is Kind.STALE and not fault.number:
            now = self._reads(partial(rule.matches, "GET"))
            rule.bodies.update((path, (None, body)) for path, body in now.items())
        with self._lock:
            self._rules.insert(0, rule)
        return rule

    def switch(self, written: str) -> Rule:
        """`set`, from `FAULT [METHOD] [PATH] [xTIMES]`: `drop-after PATCH tickets/*/ x1`.

        Raises ValueError with a sentence.
        """
        fault, *rest = written.split() or [""]
        path, method, times = "**", None, None
        for part in rest:
            if re.fullmatch(r"x\d+", part):
                times = int(part[1:])
            elif part.isalpha():
                method = part
            else:
                path = part
        return self.set(fault, path=path, method=method, times=times)

    def clear(self, rule: Rule | None = None) -> None:
        """Take away this rule, or all; what hangs by it goes on."""
        with self._lock:
            gone = [rule] if rule else self._rules
            self._rules = [other for other in self._rules if other not in gone]
        for released in gone:
            released.release()

    def meet(self, method: str, path: str) -> list[Rule]:
        """The rules that this request meets, each counted."""
        met: list[Rule] = []
        with self._lock:
            failing = False
            for rule in self._rules:
                waits = rule.fault.kind is Kind.LATENCY
                if rule.times == 0 or (failing and not waits) or not rule.matches(method, path):
                    continue
                failing = failing or not waits
                met.append(rule)
                rule.hits += 1
                if rule.times is not None:
                    rule.times -= 1
        return met

    def __iter__(self) -> Iterator[Rule]:
        return iter(list(self._rules))


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    written = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
    return re.compile(written)


def path_matches(pattern: str, path: str) -> bool:
    """Whether `pattern` (`*`: one part of a path, `**`: anything) names all of `path`."""
    return _pattern(pattern).fullmatch(path) is not None
