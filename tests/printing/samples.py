"""Papers and sales to be printed."""

from datetime import UTC, datetime
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.models import Event
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.printing.papers import Paper

UUID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
AT = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
EVENT = Event(
    "e" * 32,
    "Sommerfest på Havnen",
    start=datetime(2026, 5, 8, 17, 0, tzinfo=UTC),
    timezone="Europe/Copenhagen",
    venue="Pakhus 11",
    currency="DKK",
)

NAMES = [
    "Łukasz Đặng Nguyễn-Øster",
    "[@click=app.quit]x[/] [/] [b]Bobby[/b] [red",
    "{nb}",
    "李小龙",
    "שלום עולם",
    "محمد علي",
    "Ἀθηνᾶ Ольга",
    "Zoë 🎉",
    "W" * 200,
    "a b " * 50,
    "",
    "\\ ( ) % <<",
]


def paper(uuid: str = UUID, name: str = "Anna Ærø") -> Paper:
    return Paper(
        uuid,
        name,
        "Standard",
        "Sommerfest på Havnen",
        "Friday 8 May 2026, 19:00",
        "Pakhus 11",
        "dZy1",
        "Row 5",
        4711,
    )


def sale(state: SaleState = SaleState.DONE, tickets: tuple[str, ...] = (UUID,)) -> Sale:
    """Two tickets for 150 each, paid with a note of 500."""
    return Sale(
        id=7,
        number=12,
        external_order_id="BX-North-12",
        state=state,
        cart=Cart(
            event=EVENT.uuid,
            currency="DKK",
            lines=(Line("t" * 32, "Standard", Decimal("150.00"), 2),),
            buyer=Buyer("Anna", "Ærø", "anna@example.com"),
            paid=PaymentMethod.CASH,
            given=Decimal(500),
        ),
        at=AT,
        lane="North",
        operator="Anna",
        order="0" * 32 if tickets else None,
        order_id="dZy1" if tickets else "",
        tickets=tickets,
    )
