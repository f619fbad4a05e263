"""Webhooks of a whole site (`whitelabel`), and what they bring. API document: "Webhooks".

They lie beside the API, at `/webhooks/v1/`. The document shows no paths for those of a team, and
neither the data of a ticket's webhook nor a secret that would prove who sent it: what a hook names
is looked for in all shapes that the API has for it, and is a hint at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import N_, _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, done, pending
from boxoffice.ticketbutler.edits import apply_edit, differences
from boxoffice.ticketbutler.errors import Refused, Unreadable
from boxoffice.ticketbutler.fields import ChoiceLabels, Kind
from boxoffice.ticketbutler.parsers import flag, whole
from boxoffice.ticketbutler.record import Record, changed_values, read_one, read_some
from boxoffice.ticketbutler.wire import DECODER, Call, WrongShape, hex_of, no_value, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.order_models import OrderDetails

WebhookUrl = Annotated[str, fields.Holds(Kind.URL, lambda value: clean(value, 1000))]
"""Kept also where it is none that could be asked for: it is a site's own."""

ACTIONS: ChoiceLabels = MappingProxyType(
    {
        "all": N_("anything happens"),
        "event.all": N_("anything happens to an event"),
        "event.added": N_("an event is made"),
        "event.updated": N_("an event is changed"),
        "event.removed": N_("an event is deleted"),
        "purchase.all": N_("anything happens to an order"),
        "purchase.paid": N_("an order is paid"),
        "purchase.cancelled": N_("an order is cancelled before it is paid"),
        "purchase.refunded": N_("an order is refunded"),
        "purchase.newsletter": N_("an order is paid, and its buyer wants the newsletter"),
        "ticket.checkin": N_("a ticket is checked in"),
        "ticket.paid": N_("a ticket is paid"),
        "ticket.refund": N_("a ticket is cancelled"),
        "ticket.updated": N_("a ticket is changed, such as its name or e-mail"),
    }
)
"""What may be listened to. API document: "Actions". A site may offer others, or not all of them."""

SCOPES: ChoiceLabels = MappingProxyType({"whitelabel": N_("all teams"), "team": N_("one team")})


DIGITS = 4
"""Of a webhook's uuid in its name: two at one host are told apart by them."""
ROOT = "/webhooks/v1/"
HOOKS = f"{ROOT}whitelabel/hooks/"
_NO_RIGHT = N_(
    "The key may not manage the site's webhooks: ask Ticketbutler to make its user an "
    "owner of the site, or check the key."
)
_SENTENCES = {401: _NO_RIGHT, 403: _NO_RIGHT}
LARGEST = 1_000_000
"""Bytes of a hook; more is not even decoded."""
_MOST = 100
"""Tickets named by one hook; more of them are as good as the whole list."""


class Webhook(Record):
    uuid: fields.Uuid = Field(title="Id")
    url: WebhookUrl = fields.editable("", title="Address", required=True)
    action: Annotated[fields.Line, fields.Choices(ACTIONS, others=True)] = fields.editable(
        "", title="Told when", required=True
    )
    active: fields.BoolDefaultTrue = fields.editable(True, title="Active")
    scope: Annotated[fields.Line, fields.Choices(SCOPES, others=True)] = Field("", title="For")
    created: fields.Moment = Field(None, title="Created")
    updated: fields.Moment = Field(None, title="Updated")
    name: fields.Line = Field("", title="Webhook")
    """By its host and a few digits: the address may have a secret in its path."""


class NewWebhook(Record):
    url: WebhookUrl = fields.editable(title="Address", required=True)
    action: Annotated[fields.Line, fields.Choices(ACTIONS, others=True)] = fields.editable(
        "all", title="Told when", required=True
    )


class Webhooks(Endpoints):
    """API document: "Webhooks"."""

    async def access(self) -> None:
        """Ask whether the key may use webhooks. API document: "Test access to the webhooks".

        Raises Forbidden where it may not.
        """
        await self._session.send(
            Call("GET", ROOT, no_value, "webhooks", sentences=_SENTENCES), done
        )

    async def actions(self) -> Sequence[str]:
        """What this key may listen to; `ACTIONS` says what it means. API document: "Actions"."""
        call = Call("GET", f"{ROOT}actions/", _actions, "webhooks", sentences=_SENTENCES)
        return await self._session.send(call)

    async def list(self) -> Sequence[Webhook]:
        """The site's webhooks, without those of teams. API document: "Whitelabel List Webhooks"."""
        return await self._session.send(
            Call("GET", HOOKS, _webhooks, "webhooks", sentences=_SENTENCES)
        )

    async def get(self, webhook: str) -> Webhook:
        """One webhook. API document: "Whitelabel Get Webhook"."""
        uuid = hex_of(webhook, "webhook")
        call = Call("GET", f"{HOOKS}{uuid}/", same(uuid, _webhook), "webhook", sentences=_SENTENCES)
        return await self._session.send(call)

    @pending
    async def create(self, webhook: NewWebhook) -> PreparedChange[Webhook]:
        """Have an address told of what happens. API document: "Whitelabel Create Webhook"."""
        _check(webhook.url, webhook.action)
        body = {"url": webhook.url, "action": webhook.action}
        call = Call("POST", HOOKS, _webhook, "webhook", body=body, sentences=_SENTENCES)
        return self._prepared(call, differences(None, webhook))

    @pending
    async def update(self, webhook: str, **values: Any) -> PreparedChange[Webhook]:
        """Change address, action, or whether it is active.

        API document: "Whitelabel Update Webhook".

        Raises ValueError for a field that may not be changed.
        """
        before = await self.get(webhook)
        after = apply_edit(before, values)
        _check(after.url, after.action)
        path, body = f"{HOOKS}{before.uuid}/", changed_values(before, after)
        read = same(before.uuid, _webhook)
        call = Call("PATCH", path, read, "webhook", body=body, sentences=_SENTENCES)
        return self._edited(call, before, after)

    @pending
    async def delete(self, webhook: str) -> PreparedChange[None]:
        """Remove a webhook for good. API document: "Whitelabel Delete Webhook"."""
        path = f"{HOOKS}{hex_of(webhook, 'webhook')}/"
        call: Call[None] = Call("DELETE", path, no_value, "webhook", sentences=_SENTENCES)
        return self._prepared(call, read=done)


def _check(url: str, action: str) -> None:
    if not url.startswith(("https://", "http://")) or not url.isascii() or len(url) > 1000:
        raise Refused("no address", _("The webhook's address must begin with https:// or http://."))
    if not action.strip():
        raise Refused("no action", _("Say what the webhook listens to, such as ticket.checkin."))


def _webhook(value: object) -> Webhook:
    made = read_one(Webhook, value)
    return made.replace(name=f"{made.uuid[:DIGITS]} {host_of(made.url)}")


def host_of(url: str) -> str:
    """The host of an address, with its port where it names one; nothing else of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "no address"
    if ":" in host:
        host = f"[{host}]"
    return f"{host}:{port}" if port is not None else host or "no address"


def _webhooks(value: object) -> list[Webhook]:
    return read_some(value, _webhook, "webhooks")


def _actions(value: object) -> list[str]:
    if not isinstance(value, list):
        raise WrongShape("no list of actions")
    return [clean(item, 100) for item in value if isinstance(item, str)]


# What they bring


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

    Raises Unreadable where it is none, in whatever way.
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
    raise Unreadable(
        f"no hook: {problem}",
        _("What came is no webhook of Ticketbutler's."),
    )


def read_purchase(hook: Hook) -> "OrderDetails":
    """The purchase in a hook. API document: "Zapier", "Purchases".

    Raises Unreadable where it holds none.
    """
    from boxoffice.ticketbutler.resources.order_models import read_order  # noqa: PLC0415  # not to start

    try:
        return read_order(dict(hook.data))
    except WrongShape as error:
        problem = str(error)
    raise Unreadable(f"no purchase: {problem}", _("This webhook tells of no purchase."))


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
