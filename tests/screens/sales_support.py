"""What the tests of the sale screens share: a till, its screen, and the site's faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Button, Input, Label

from boxoffice.domain.cart import Buyer, Line, PaymentMethod
from boxoffice.domain.models import TicketType
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.screens.outcome import OutcomeScreen
from boxoffice.screens.sale import SaleScreen
from boxoffice.screens.sale_form import SaleDraft
from boxoffice.widgets.sale_inputs import TypeList
from tests.lane.conftest import OpenLane, listed, passes
from tests.screens.stage import NARROW, Stage, see
from tests.support import FakeClock, until

HOUSE = "door@pakhus11.example"
POLICY = SalesPolicy(email=HOUSE, locale="da_DK")
ORDERS = "orders/"
KR = "295,00 kr."


async def open_till(open_lane: OpenLane, *, with_till: bool = True, **policy: Any) -> Lane:
    """A lane that sells, and knows what; `with_till`: into a till that is open."""
    lane = await open_lane(sales=SalesPolicy(**({"email": HOUSE, "locale": "da_DK"} | policy)))
    await listed(lane)
    if with_till:
        await lane.box_office.open_till(Decimal(0))
    return lane


@asynccontextmanager
async def sale_screen(
    lane: Lane,
    *,
    size: tuple[int, int] = NARROW,
    drafts: dict[str, SaleDraft] | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The form, with the cursor in the list of types and the stock read."""
    async with Stage(SaleScreen(lane, drafts)).run_test(size=size) as pilot:
        await ready(pilot)
        yield pilot


async def ready(pilot: Pilot[Any]) -> None:
    """Wait until the form can be typed into, and its stock is read."""
    await until(lambda: isinstance(pilot.app.focused, TypeList), "the cursor in the types")
    await see(pilot, "stock of")
    front = pilot.app.screen
    await until(
        lambda: all(each.is_finished for each in pilot.app.workers if each.node is front),
        "the stock of now",
    )


def screen(pilot: Pilot[Any]) -> SaleScreen:
    found = pilot.app.screen
    assert isinstance(found, SaleScreen)
    return found


def note(pilot: Pilot[Any]) -> str:
    """What is said above the buttons."""
    return str(pilot.app.screen.query_one("#sale-note", Label).content)


def given(pilot: Pilot[Any]) -> Input:
    return pilot.app.screen.query_one("#given", Input)


def buttons(pilot: Pilot[Any]) -> list[str]:
    return [str(each.label) for each in pilot.app.screen.query(Button) if each.display]


async def outcome(pilot: Pilot[Any], clock: FakeClock, *states: SaleState) -> Sale:
    """The sale whose outcome is shown, once it stands in one of `states`."""
    await until(lambda: isinstance(pilot.app.screen, OutcomeScreen), "an outcome")
    shown = pilot.app.screen
    assert isinstance(shown, OutcomeScreen)
    await passes(clock, lambda: shown.sale.state in states, f"{states}")
    await pilot.pause()
    return shown.sale


def ours(sandbox: Sandbox) -> list[Order]:
    orders = sandbox.state.orders.values()
    return [each for each in orders if (each.external_order_id or "").startswith("BX-")]


async def begin(lane: Lane, amount: int = 1, **other: Any) -> Sale:
    """A sale of the first type, begun without a screen."""
    offer = await lane.box_office.offer()
    kind: TicketType = offer.types[0]
    assert kind.price is not None
    buyer = other.pop("buyer", Buyer("Anna", "Ågård", "anna@example.com"))
    line = Line(kind.uuid, kind.title, kind.price, amount)
    cart = offer.cart([line], buyer, PaymentMethod.CASH, **other)
    return await lane.box_office.sell(cart)


async def settled(lane: Lane, clock: FakeClock, sale: Sale, *states: SaleState) -> Sale:
    """The sale, once it stands in one of `states`."""

    async def there() -> bool:
        now = await lane.box_office.sale(sale.id)
        return now is not None and now.state in states

    await passes(clock, there, f"{sale.external_order_id}: {states}")
    now = await lane.box_office.sale(sale.id)
    assert now is not None
    return now
