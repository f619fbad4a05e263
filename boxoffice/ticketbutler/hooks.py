"""What webhooks bring, read from whoever sent it. API document: "Webhook structure", "Zapier".

The document shows neither the data of a ticket's webhook nor a secret that would prove who sent
it: what a hook names is looked for in all shapes that the API has for it, and is a hint at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.errors import Unreadable
from boxoffice.ticketbutler.parsers import flag, whole
from boxoffice.ticketbutler.wire import DECODER, WrongShape

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.order_models import OrderDetails

LARGEST = 1_000_000
"""Bytes of a hook; more is not even decoded."""
_MOST = 100
"""Tickets named by one hook; more of them are as good as the whole list."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What a webhook brought. API document: "Webhook structure".

    Anybody may have sent it: it is a hint of what to read again, never a fact.
    """

    uuid: str
    """In hex where it is one; the document shows some that are none."""
    scope: str = ""
    """`team` or `whitelabel`."""
    action: str = ""
    live: bool = False
    whitelabel: str = ""
    team: str = ""
    event: str = ""
    """uuid of the event it names; empty: none."""
    order: str = ""
    """uuid of the order it names; empty: none."""
    tickets: tuple[str, ...] = ()
    """uuids of the tickets it names, at most 100."""
    numbers: tuple[int, ...] = ()
    """Numbers (`id`) of the tickets it names in place of their uuids, at most 100."""
    data: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    """All that it says, as it says it: not cleaned."""


def read_hook(content: bytes) -> Hook:
    """The hook in the body of a request, of at most a million bytes.

    Raises:
        Unreadable: it is none, in whatever way.

    """
    if len(content) > LARGEST:
        raise Unreadable("a hook too large")
    try:
        value = DECODER.decode(str(content, "utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    else:
        if isinstance(value, dict) and "action" in value:
            return _hook(value)
        problem = "no action"
    raise Unreadable(f"no hook: {problem}", "What came is no webhook of Ticketbutler's.")


def read_purchase(hook: Hook) -> "OrderDetails":
    """The purchase in a hook. API document: "Zapier", "Purchases".

    Raises:
        Unreadable: it holds none.

    """
    from boxoffice.ticketbutler.resources.order_models import read_order  # noqa: PLC0415  # not to start

    try:
        return read_order(dict(hook.data))
    except WrongShape as error:
        problem = str(error)
    raise Unreadable(f"no purchase: {problem}", "This webhook tells of no purchase.")


def _hook(content: dict[str, object]) -> Hook:
    data = content.get("data")
    data = data if isinstance(data, dict) else {}
    action, uuid = clean(content["action"], 100), content.get("uuid", content.get("id"))
    model = action.partition(".")[0]
    own = hex_uuid(data.get("uuid")) or ""
    rows = data.get("tickets", data.get("Tickets"))
    tickets = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ticket = data.get("ticket")
    if isinstance(ticket, dict):
        tickets.append(ticket)
    if model == "ticket" or "checked_in" in data:
        tickets.append(data)
    uuids = [named for row in tickets if (named := hex_uuid(row.get("uuid")))]
    if named := hex_uuid(ticket):
        uuids.append(named)
    numbers = [number for row in tickets if (number := whole(row.get("Billet ID")))]
    order = _named(data, "purchase", "order") or hex_uuid(data.get("purchase_uuid"))
    return Hook(
        uuid=hex_uuid(uuid) or clean(uuid),
        scope=clean(content.get("scope")),
        action=action,
        live=flag(content.get("live")) is True,
        whitelabel=clean(content.get("whitelabel")),
        team=clean(content.get("team")),
        event=_named(data, "event") or (own if model == "event" else ""),
        order=order or (own if model == "purchase" else ""),
        tickets=tuple(dict.fromkeys(uuids))[:_MOST],
        numbers=tuple(dict.fromkeys(numbers))[:_MOST],
        data=data,
    )


def _named(data: dict[str, object], *names: str) -> str:
    """The uuid of the first thing of these names: as an object, or as the uuid itself."""
    for name in names:
        value = data.get(name)
        uuid = hex_uuid(value.get("uuid") if isinstance(value, dict) else value)
        if uuid:
            return uuid
    return ""
