"""The desk offers what the site says that the key may do, and no refusal later."""

import pytest
from textual.widgets import Button, OptionList

from boxoffice.cli.app_context import AppContext
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.state import Role
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.home import ADMINS, LOOK_ONLY
from boxoffice.screens.desk.lists import ListBase
from boxoffice.screens.desk.resource_list import KEY_LOOKS
from boxoffice.widgets.form import TicketForm
from tests.screens.desk.stage import EVENTS, TYPES, WEBHOOKS, desk, opened
from tests.screens.stage import see, text_of
from tests.support import until

live = pytest.mark.parametrize("dialect", ["live"])


@live
async def test_a_key_that_only_looks_is_offered_no_change(
    context: AppContext, sandbox: Sandbox
) -> None:
    sandbox.state.role = Role.OBSERVER
    async with desk(context) as pilot:
        await see(pilot, LOOK_ONLY)
        await opened(pilot, TYPES, "Standard")
        screen = pilot.app.screen
        assert isinstance(screen, ListBase)
        for action in ("desk_new", "desk_delete"):
            assert not screen.check_action(action, ())
            assert screen.refusal(action) == KEY_LOOKS
        assert screen.check_action("desk_open", ())
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await see(pilot, "This can only be looked at.")
        assert not pilot.app.screen.query_one("#save", Button).display
        assert not pilot.app.screen.query_one(TicketForm).drafts
        assert not [each for each in sandbox.log if each.method != "GET"]


@live
async def test_an_event_that_the_key_may_not_change_is_shown_whole(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, EVENTS, "Jazzaften")
        sandbox.state.role = Role.OBSERVER
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await see(pilot, "This can only be looked at.")
        assert not pilot.app.screen.query_one("#save", Button).display
        assert "^S Look" not in text_of(pilot.app)


@live
async def test_what_is_for_administrators_is_not_opened_by_others(
    context: AppContext, sandbox: Sandbox
) -> None:
    sandbox.state.role = Role.ORGANISER
    async with desk(context) as pilot:
        await see(pilot, ADMINS)
        assert text_of(pilot.app).count(ADMINS) == 3
        assert LOOK_ONLY not in text_of(pilot.app)
        options = pilot.app.screen.query_one(OptionList)
        assert options.get_option("webhooks-site").disabled
        await pilot.press(*["down"] * TYPES, "enter")
        await see(pilot, "Standard")
        screen = pilot.app.screen
        assert screen.check_action("desk_new", ())


async def test_what_a_site_does_not_say_is_offered(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, WEBHOOKS, "There are none yet")
        assert pilot.app.screen.check_action("desk_new", ())
