"""What goes on beside whoever began a sale: it ends with the seller, and its failures are said."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from boxoffice.domain.sale import SaleState
from boxoffice.store import StoreError, sales
from tests.support import until
from tests.sync.conftest import running
from tests.sync.sales_support import Till


async def test_who_waits_for_a_sale_to_begin_is_let_go_when_the_seller_ends(till: Till) -> None:
    """Left waiting, the app would not end while another process places its sales."""
    await till.puller.pull()  # else it waits for the list
    async with till.another()._workflow._lock.hold(0):
        begins = asyncio.create_task(till.seller.place(till.cart()))
        await until(lambda: till.clock.sleeping, "it waits for the other process")
        await till.seller.close()
        with pytest.raises(asyncio.CancelledError):
            await begins
    assert till.posts() == 0


async def test_what_a_sale_fails_of_after_it_was_begun_is_logged_and_it_goes_on(
    till: Till, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write = till.till.write

    async def full(change: Callable[..., object], *args: object, **options: object) -> object:
        if change is sales.advance:
            raise StoreError("The disk is full.")
        return await write(change, *args, **options)

    monkeypatch.setattr(till.till, "write", full)
    with caplog.at_level(logging.ERROR):
        begun = await till.seller.place(till.cart())
        await until(lambda: "a sale could not go on" in caplog.messages, "it is logged")
    assert begun.state is SaleState.SENDING
    monkeypatch.undo()
    async with running(till.seller.run()):
        assert (await till.settled(begun, SaleState.DONE)).order
    assert till.posts() == 1
