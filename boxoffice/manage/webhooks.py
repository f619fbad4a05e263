"""Webhooks of a site."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from boxoffice.domain.text_folding import fold
from boxoffice.manage.resource import Action, Outcome, Resource, Values
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.record import Record
from boxoffice.ticketbutler.resources.webhooks import ACTIONS, NewWebhook, Webhook

DIGITS = 4
"""Of a webhook's uuid in its name: two at one host are told apart by them."""


class HookRow(Webhook):
    """A webhook, and what it is called on a screen that others may see."""

    name: fields.Line = Field("", title="Webhook")


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
    model = HookRow
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

    async def list(self, event: str | None = None) -> Sequence[HookRow]:
        return [_hook(each) for each in await self._organiser.webhooks.list()]

    @pending
    async def create(self, event: str | None, values: Values) -> PreparedChange[HookRow]:
        change = self._organiser.webhooks.create(NewWebhook(**values))
        return (await change.prepare()).giving(_hook)

    @pending
    async def edit(self, event: str | None, key: str, values: Values) -> PreparedChange[HookRow]:
        change = self._organiser.webhooks.update(key, **values)
        return (await change.prepare()).giving(_hook)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._organiser.webhooks.delete(key)

    async def access(self, event: str | None, key: str, values: Values) -> Outcome:
        await self._organiser.webhooks.access()
        return Outcome(sentence="The key may manage the site's webhooks.")

    async def offered(self, event: str | None, key: str, values: Values) -> Outcome:
        actions = await self._organiser.webhooks.actions()
        return Outcome(
            rows=tuple(ActionRow(action=each, meaning=ACTIONS.get(each, "")) for each in actions)
        )

    actions: ClassVar[Mapping[str, Action]] = {
        "access": Action("Whether the key may use webhooks", access, of_row=False, changes=False),
        "actions": Action("What can be listened to", offered, of_row=False, changes=False),
    }

    def called(self, row: HookRow) -> str:
        return row.name

    def names(self, row: HookRow) -> tuple[str, ...]:
        return row.name, row.url, host_of(row.url)

    def searched(self, row: HookRow) -> str:
        return f"{super().searched(row)} {fold(row.url)}"

    def confirms(self, row: HookRow, typed: str) -> bool:
        return super().confirms(row, typed) or typed.strip() in (row.url, row.uuid)


def _hook(hook: Webhook) -> HookRow:
    return HookRow(**dict(hook), name=f"{hook.uuid[:DIGITS]} {host_of(hook.url)}")


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
