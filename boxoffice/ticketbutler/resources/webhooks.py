"""Webhooks of a whole site (`whitelabel`). API document: "Webhooks".

They lie beside the API, at `/webhooks/v1/`. The document shows no paths for those of a team.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, differences, done, pending
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.parsers import ChoiceLabels, Kind
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.edits import apply_edit
from boxoffice.ticketbutler.resources.record import Record, changed_values, read_one, read_some
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of, no_value, same

WebhookUrl = Annotated[str, fields.Holds(Kind.URL, lambda value: clean(value, 1000))]
"""Kept also where it is none that could be asked for: it is a site's own."""

ACTIONS: ChoiceLabels = MappingProxyType(
    {
        "all": "anything happens",
        "event.all": "anything happens to an event",
        "event.added": "an event is made",
        "event.updated": "an event is changed",
        "event.removed": "an event is deleted",
        "purchase.all": "anything happens to an order",
        "purchase.paid": "an order is paid",
        "purchase.cancelled": "an order is cancelled before it is paid",
        "purchase.refunded": "an order is refunded",
        "purchase.newsletter": "an order is paid, and its buyer wants the newsletter",
        "ticket.checkin": "a ticket is checked in",
        "ticket.paid": "a ticket is paid",
        "ticket.refund": "a ticket is cancelled",
        "ticket.updated": "a ticket is changed, such as its name or e-mail",
    }
)
"""What may be listened to. API document: "Actions". A site may offer others, or not all of them."""

SCOPES: ChoiceLabels = MappingProxyType({"whitelabel": "all teams", "team": "one team"})


DIGITS = 4
"""Of a webhook's uuid in its name: two at one host are told apart by them."""
ROOT = "/webhooks/v1/"
HOOKS = f"{ROOT}whitelabel/hooks/"
_NO_RIGHT = (
    "The key may not manage the site's webhooks: ask Ticketbutler to make its user an owner of "
    "the site, or check the key."
)
_SAYS = {401: _NO_RIGHT, 403: _NO_RIGHT}


class Webhook(Record):
    """An address that is told of what happens."""

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
    """A webhook to be made."""

    url: WebhookUrl = fields.editable(title="Address", required=True)
    action: Annotated[fields.Line, fields.Choices(ACTIONS, others=True)] = fields.editable(
        "all", title="Told when", required=True
    )


class Webhooks(Endpoints):
    """API document: "Webhooks"."""

    async def access(self) -> None:
        """Ask whether the key may use webhooks. API document: "Test access to the webhooks".

        Raises:
            Forbidden: it may not.

        """
        await self._session.send(Call("GET", ROOT, no_value, "webhooks", says=_SAYS), done)

    async def actions(self) -> Sequence[str]:
        """What this key may listen to; `ACTIONS` says what it means. API document: "Actions"."""
        call = Call("GET", f"{ROOT}actions/", _actions, "webhooks", says=_SAYS)
        return await self._session.send(call)

    async def list(self) -> Sequence[Webhook]:
        """The site's webhooks, without those of teams. API document: "Whitelabel List Webhooks"."""
        return await self._session.send(Call("GET", HOOKS, _webhooks, "webhooks", says=_SAYS))

    async def get(self, webhook: str) -> Webhook:
        """One webhook. API document: "Whitelabel Get Webhook"."""
        uuid = hex_of(webhook, "webhook")
        call = Call("GET", f"{HOOKS}{uuid}/", same(uuid, _webhook), "webhook", says=_SAYS)
        return await self._session.send(call)

    @pending
    async def create(self, webhook: NewWebhook) -> PreparedChange[Webhook]:
        """Have an address told of what happens. API document: "Whitelabel Create Webhook"."""
        _check(webhook.url, webhook.action)
        body = {"url": webhook.url, "action": webhook.action}
        call = Call("POST", HOOKS, _webhook, "webhook", body=body, says=_SAYS)
        return self._prepared(call, differences(None, webhook))

    @pending
    async def update(self, webhook: str, **values: Any) -> PreparedChange[Webhook]:
        """Change address, action, or whether it is active.

        API document: "Whitelabel Update Webhook".

        Raises:
            ValueError: no such field, or none that may be changed.

        """
        before = await self.get(webhook)
        after = apply_edit(before, values)
        _check(after.url, after.action)
        path, body = f"{HOOKS}{before.uuid}/", changed_values(before, after)
        read = same(before.uuid, _webhook)
        call = Call("PATCH", path, read, "webhook", body=body, says=_SAYS)
        return self._edited(call, before, after)

    @pending
    async def delete(self, webhook: str) -> PreparedChange[None]:
        """Remove a webhook for good. API document: "Whitelabel Delete Webhook"."""
        path = f"{HOOKS}{hex_of(webhook, 'webhook')}/"
        call: Call[None] = Call("DELETE", path, no_value, "webhook", says=_SAYS)
        return self._prepared(call, read=done)


def _check(url: str, action: str) -> None:
    if not url.startswith(("https://", "http://")) or not url.isascii() or len(url) > 1000:
        raise Refused("no address", "The webhook's address must begin with https:// or http://.")
    if not action.strip():
        raise Refused("no action", "Say what the webhook listens to, such as ticket.checkin.")


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
