"""Pictures of the desk, each looked at by a person before it was taken for right."""

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.cli.app_context import AppContext
from tests.screens.desk.stage import (
    EVENTS,
    ORDERS,
    QUESTIONS,
    TYPES,
    desk,
    form,
    looked,
    opened,
    quiet,
)
from tests.screens.stage import pictured, see


@pytest.fixture
def ticket_count() -> int:
    """As many as the pictures show."""
    return 400


async def test_the_desk(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await pictured(pilot, picture)


async def test_a_list(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        await pictured(pilot, picture)


async def test_orders(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, ORDERS, "paid")
        await pictured(pilot, picture)


async def test_a_form_with_a_problem(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await pilot.press(*"many", "ctrl+s")
        await see(pilot, "One field needs a look.")
        await pictured(pilot, picture)


async def test_a_change(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await looked(pilot, *"+50", "tab", "space")
        await pictured(pilot, picture)


async def test_a_removal(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await pilot.press("f8")
        await see(pilot, "Type the name")
        await pilot.press(*"Stan", "enter")
        await see(pilot, "That is not its name")
        await pictured(pilot, picture)


async def test_a_new_one(context: AppContext, picture: SnapshotAssertion) -> None:
    async with desk(context) as pilot:
        await opened(pilot, EVENTS, "Jazzaften")
        await quiet(pilot)
        await form(pilot, "f4")
        await pictured(pilot, picture)
