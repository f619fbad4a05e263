"""A screen that follows its lane: told of every change until it closes, and read anew after it."""

from collections.abc import Callable, Coroutine
from typing import Any

from textual.worker import Worker

from boxoffice.lane import Change, Lane
from boxoffice.screens.base import Shell


class Following(Shell):
    """Comes before the screen's class among the bases."""

    _unfollow: Callable[[], None] | None = None
    _stale = False
    _reader: Worker[None] | None = None

    def follow(self, lane: Lane, hear: Callable[[Change], None]) -> None:
        """Have `hear` told of what changes, until the screen closes."""
        screen = self._me()

        def notify(change: Change) -> None:
            if screen.is_attached and screen in screen.app.screen_stack:  # and not half taken down
                hear(change)

        self._unfollow = lane.watch(notify)

    def on_unmount(self) -> None:
        if self._unfollow is not None:
            self._unfollow()

    def reread(
        self, read: Callable[[], Coroutine[Any, Any, None]], description: str, *, group: str
    ) -> None:
        """Read now, or once more after the reading under way: never twice side by side."""
        self._stale = True
        if self._reader is None or self._reader.is_finished:
            self._reader = self.work(self._reread(read), description, group=group)

    async def _reread(self, read: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while self._stale:
            self._stale = False
            await read()
