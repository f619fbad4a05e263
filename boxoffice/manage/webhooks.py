"""Webhooks of a site."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from boxoffice.domain.text_folding import fold
from boxoffice.manage.resource import Action, Outcome, Resource, Values
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.record import Record
from boxoffice.ticketbutler.resources.webhooks import ACTIONS, NewWebhook, Webhook, host_of


class ActionRow(Record):
    """What a webhook may listen to."""

    action: fields.Line = Field(title="Action")
    meaning: fields.Line = Field("", title="When")


class Webhooks(Resource):
    """An address may have a secret in its path: it is called by its host, and a few digits."""

    name = "webhooks"
    title = "Webhooks"
    one = "webhook"
    hint = "who is told of what happens"
    model = Webhook
    new = NewWebhook
    columns = ("name", "action", "active", "scope", "created")
    of_event = False
    needs_admin = True
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--json",
        "show": "example.com",
        "create": "--set url=https://example.com/hook --set action=ticket.checkin",
        "update": "“3f2a example.com” --set active=no",
        "delete": "“3f2a example.com” --yes “3f2a example.com”",
        "access": "",
        "actions": "--json",
    }

    async def list(self, event: str | None = None) -> Sequence[Webhook]:
        return await self._organiser.webhooks.list()

    def create(self, event: str | None, values: Values) -> PendingChange[Webhook]:
        return self._organiser.webhooks.create(NewWebhook(**values))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[Webhook]:
        return self._organiser.webhooks.update(key, **values)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._organiser.webhooks.delete(key)

    async def access(self, event: str | None, key: str, values: Values) -> Outcome:
        await self._organiser.webhooks.access()
        return Outcome(sentence="The key may manage the site's webhooks.")

    async def offered(self, event: str | None, key: str, values: Values) -> Outcome:
        actions = await self._organiser.webhooks.actions()
        return Outcome(
            rows=tuple(ActionRow(action=item, meaning=ACTIONS.get(item, "")) for item in actions)
        )

    actions: ClassVar[Mapping[str, Action]] = {
        "access": Action("Whether the key may use webhooks", access, of_row=False, changes=False),
        "actions": Action("What can be listened to", offered, of_row=False, changes=False),
    }

    def called(self, row: Webhook) -> str:
        return row.name

    def names(self, row: Webhook) -> tuple[str, ...]:
        return row.name, row.url, host_of(row.url)

    def searched(self, row: Webhook) -> str:
        return f"{super().searched(row)} {fold(row.url)}"

    def confirms(self, row: Webhook, typed: str) -> bool:
        return super().confirms(row, typed) or typed.strip() in (row.url, row.uuid)
