"""What was asked of the sandbox, for tests that count writes and for a person who looks on."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from boxoffice.sandbox.faults import path_matches

KEPT = 100_000


@dataclass(slots=True)
class Logged:
    """One request. `path` is relative to `/api/v3/`, as `tickets/<uuid>/`."""

    at: datetime
    method: str
    path: str
    query: str
    body: bytes
    status: int | None = None
    """None: not answered (yet)."""
    applied: bool = False
    """The request reached the endpoint, whatever became of its answer."""
    gone: bool = False
    """The client left, or its connection was lost, before an answer."""
    fault: str = ""
    seconds: float = 0.0

    @property
    def data(self) -> object:
        """The body's JSON; None where there was none."""
        return json.loads(self.body) if self.body else None


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Logged] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Logged]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Logged) -> None:
        self._entries.append(entry)

    def clear(self) -> None:
        self._entries.clear()

    def find(
        self, method: str | None = None, path: str = "**", *, applied: bool | None = None
    ) -> list[Logged]:
        """Requests of this method to paths like `tickets/*/` (`*`: one part, `**`: anything)."""
        return [
            entry
            for entry in self
            if method in (None, entry.method)
            and (applied is None or entry.applied is applied)
            and path_matches(path, entry.path)
        ]

    def count(
        self, method: str | None = None, path: str = "**", *, applied: bool | None = None
    ) -> int:
        return len(self.find(method, path, applied=applied))
