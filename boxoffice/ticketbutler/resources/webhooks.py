"""Webhooks of a whole site (`whitelabel`). API document: "Webhooks".

They lie beside the API, at `/webhooks/v1/`. The document shows no paths for those of a team.
"""

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    differences,
    done,
    refuse,
    removal_of,
)
from boxoffice.ticketbutler.parsers import ChoiceLabels, Kind
from boxoffice.ticketbutler.resources.field_types import (
    BoolDefaultTrue,
    Choices,
    Edit,
    Holds,
    Line,
    Moment,
    Uuid,
)
from boxoffice.ticketbutler.resources.record import Record, read_one, read_some, with_fields
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of, no_value, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

WebhookUrl = Annotated[str, Holds(Kind.URL, lambda value: clean(value, 1000))]
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


ROOT = "/webhooks/v1/"
HOOKS = f"{ROOT}whitelabel/hooks/"
_NO_RIGHT = (
    "The key may not manage the site's webhooks: ask Ticketbutler to make its user an owner of "
    "the site, or check the key."
)
_SAYS = {401: _NO_RIGHT, 403: _NO_RIGHT}


class Webhook(Record):
    """An address that is told of what happens."""

    uuid: Uuid = Field(title="Id")
    url: Annotated[WebhookUrl, Edit(required=True)] = Field("", title="Address")
    action: Annotated[Line, Choices(ACTIONS, others=True), Edit(required=True)] = Field(
        "", title="Told when"
    )
    active: Annotated[BoolDefaultTrue, Edit()] = Field(True, title="Active")
    scope: Annotated[Line, Choices(SCOPES, others=True)] = Field("", title="For")
    created: Moment = Field(None, title="Created")
    updated: Moment = Field(None, title="Updated")


class NewWebhook(Record):
    """A webhook to be made."""

    url: Annotated[WebhookUrl, Edit(required=True)] = Field(title="Address")
    action: Annotated[Line, Choices(ACTIONS, others=True), Edit(required=True)] = Field(
        "all", title="Told when"
    )


class Webhooks:
    """API document: "Webhooks"."""

    def __init__(self, session: "Session") -> None:
        self._session = session

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

    def create(self, webhook: NewWebhook) -> PendingChange[Webhook]:
        """Have an address told of what happens. API document: "Whitelabel Create Webhook"."""

        def make() -> Call[Webhook]:
            _check(webhook.url, webhook.action)
            body = {"url": webhook.url, "action": webhook.action}
            return Call("POST", HOOKS, _webhook, "webhook", body=body, says=_SAYS)

        return change_of(self._session, make, differences(None, webhook))

    def update(
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
            before = await self.get(webhook)
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
            return PreparedChange(call, lambda: self._session.send(call), different)

        return PendingChange(prepare)

    def delete(self, webhook: str) -> PendingChange[None]:
        """Remove a webhook for good. API document: "Whitelabel Delete Webhook"."""

        def make() -> Call[None]:
            path = f"{HOOKS}{hex_of(webhook, 'webhook')}/"
            return Call("DELETE", path, no_value, "webhook", says=_SAYS)

        return removal_of(self._session, make)


def _check(url: str, action: str) -> None:
    if not url.startswith(("https://", "http://")) or not url.isascii() or len(url) > 1000:
        raise refuse("no address", "The webhook's address must begin with https:// or http://.")
    if not action.strip():
        raise refuse("no action", "Say what the webhook listens to, such as ticket.checkin.")


def _webhook(value: object) -> Webhook:
    return read_one(Webhook, value)


def _webhooks(value: object) -> list[Webhook]:
    return read_some(value, _webhook, "webhooks")


def _actions(value: object) -> list[str]:
    if not isinstance(value, list):
        raise WrongShape("no list of actions")
    return [clean(each, 100) for each in value if isinstance(each, str)]
