"""A list whose taking over is cut off is looked through once more."""

import asyncio
import contextlib

import pytest

from tests.support import until
from tests.sync.conftest import Laptop


async def test_what_a_cut_off_list_held_is_in_the_next(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    puller = laptop.puller()
    assert await puller.pull()
    (guest,) = laptop.guests(1)
    laptop.site.state.check_in(guest)
    stuck = asyncio.Event()

    async def never(*_: object, **__: object) -> bool:
        stuck.set()
        await asyncio.Event().wait()
        return True

    with monkeypatch.context() as patched:
        patched.setattr("boxoffice.store.ticket_lists.apply", never)
        pulling = asyncio.create_task(puller.pull())
        await until(stuck.is_set, "a list is being stored")
        pulling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pulling
    assert await puller.pull()
    assert (await puller.load())[guest.uuid].checked_in
