"""Webhooks of a whole site (`whitelabel`). API document: "Webhooks".

They lie beside the API, at `/webhooks/v1/`. The document shows no paths for those of a team.
"""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from boxoffice.domain.text import clean
from boxoffice.organiser import NewWebhook, Webhook, differences
from boxoffice.organiser.fields import with_fields
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    done,
    refuse,
    removal_of,
)
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_shapes import read_some
from boxoffice.ticketbutler.parsers import BoolDefaultTrue, Line, Moment, Uuid, aware, read_one
from boxoffice.ticketbutler.wire import Call, WrongShape

ROOT = "/webhooks/v1/"
HOOKS = f"{ROOT}whitelabel/hooks/"
_NO_RIGHT = (
    "The key may not manage the site's webhooks: ask Ticketbutler to make its user an owner of "
    "the site, or check the key."
)
_SAYS = {401: _NO_RIGHT, 403: _NO_RIGHT}


def _address(value: object) -> str:
    return clean(value, 1000)


class WebhookShape(BaseModel):
    uuid: Uuid
    url: Annotated[str, BeforeValidator(_address)] = ""
    action: Line = ""
    active: BoolDefaultTrue = True
    scope: Line = ""
    created: Moment = None
    updated: Moment = None


class WebhookCalls(Calls):
    """API document: "Webhooks"."""

    async def webhook_access(self) -> None:
        """Ask whether the key may use webhooks. API document: "Test access to the webhooks".

        Raises:
            Forbidden: it may not.

        """
        await self._client.send(Call("GET", ROOT, _nothing, "webhooks", says=_SAYS), done)

    async def webhook_actions(self) -> list[str]:
        """What this key may listen to; `ACTIONS` says what it means. API document: "Actions"."""
        call = Call("GET", f"{ROOT}actions/", _actions, "webhooks", says=_SAYS)
        return await self._client.send(call)

    async def webhooks(self) -> list[Webhook]:
        """The site's webhooks, without those of teams. API document: "Whitelabel List Webhooks"."""
        return await self._client.send(Call("GET", HOOKS, _webhooks, "webhooks", says=_SAYS))

    async def webhook(self, webhook: str) -> Webhook:
        """One webhook. API document: "Whitelabel Get Webhook"."""
        uuid = hex_of(webhook, "webhook")
        call = Call("GET", f"{HOOKS}{uuid}/", same(uuid, _webhook), "webhook", says=_SAYS)
        return await self._client.send(call)

    def create_webhook(self, webhook: NewWebhook) -> PendingChange[Webhook]:
        """Have an address told of what happens. API document: "Whitelabel Create Webhook"."""

        def make() -> Call[Webhook]:
            _check(webhook.url, webhook.action)
            body = {"url": webhook.url, "action": webhook.action}
            return Call("POST", HOOKS, _webhook, "webhook", body=body, says=_SAYS)

        return change_of(self._client, make, differences(None, webhook))

    def update_webhook(
        self,
        webhook: str,
        change: Callable[[Webhook], Webhook] | None = None,
        /,
        *,
        url: str | None = None,
        action: str | None = None,
        active: bool | None = None,
    ) -> PendingChange[Webhook]:
        """Change what is given, or by a function of what the site has now.

        API document: "Whitelabel Update Webhook".
        """
        given = {"url": url, "action": action, "active": active}
        fields = {name: value for name, value in given.items() if value is not None}

        async def prepare() -> PreparedChange[Webhook]:
            before = await self.webhook(webhook)
            after = with_fields(change(before) if change is not None else before, fields)
            _check(after.url, after.action)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            call = Call(
                "PATCH",
                f"{HOOKS}{before.uuid}/",
                same(before.uuid, _webhook),
                "webhook",
                body={each.name: getattr(after, each.name) for each in different},
                says=_SAYS,
            )
            return PreparedChange(call, lambda: self._client.send(call), different)

        return PendingChange(prepare)

    def delete_webhook(self, webhook: str) -> PendingChange[None]:
        """Remove a webhook for good. API document: "Whitelabel Delete Webhook"."""

        def make() -> Call[None]:
            path = f"{HOOKS}{hex_of(webhook, 'webhook')}/"
            return Call("DELETE", path, _nothing, "webhook", says=_SAYS)

        return removal_of(self._client, make)


def _check(url: str, action: str) -> None:
    if not url.startswith(("https://", "http://")) or not url.isascii() or len(url) > 1000:
        raise refuse("no address", "The webhook's address must begin with https:// or http://.")
    if not action.strip():
        raise refuse("no action", "Say what the webhook listens to, such as ticket.checkin.")


def _webhook(value: object) -> Webhook:
    shape = read_one(WebhookShape, value)
    moments = {"created": aware(shape.created, None), "updated": aware(shape.updated, None)}
    return Webhook(**shape.model_dump() | moments)


def _webhooks(value: object) -> list[Webhook]:
    return read_some(value, _webhook, "webhooks")


def _actions(value: object) -> list[str]:
    if not isinstance(value, list):
        raise WrongShape("no list of actions")
    return [clean(each, 100) for each in value if isinstance(each, str)]


def _nothing(_value: object) -> None:
    return None
