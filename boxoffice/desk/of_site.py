"""What is of a whole site: exports and webhooks."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from boxoffice.desk.editing import Edit
from boxoffice.desk.making import mapped
from boxoffice.desk.models import ActionRow, Export, HookRow, Month
from boxoffice.desk.resources import Action, Outcome, Resource, Row, Values, Verb
from boxoffice.domain.fold import fold
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.resources.webhooks import ACTIONS, NewWebhook, Webhook

DIGITS = 4
"""Of a webhook's uuid in its name: two at one host are told apart by them."""


class Exports(Resource):
    """The rows are what there is to export, and each has its one action, of the same name."""

    name = "exports"
    title = "Exports"
    one = "export"
    hint = "newsletters, orders by month"
    model = Export
    columns = ("what",)
    of_event = False
    verbs = frozenset({Verb.LIST})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "",
        "newsletters": "--json",
        "newsletters-xlsx": "--to newsletters.xlsx",
        "orders-by-month": "--set year=2026 --set month=5 --set email=me@example.com",
    }

    async def list(self, event: str | None = None) -> Sequence[Export]:
        """Nothing is asked of the site."""
        return [Export(name=name, what=action.title) for name, action in self.actions.items()]

    async def newsletters(self, event: str | None, key: str, values: Values) -> Outcome:
        told = await self._organiser.exports.newsletters()
        return Outcome(told.signups, told.spreadsheet, told.sentence, "newsletters.xlsx")

    async def spreadsheet(self, event: str | None, key: str, values: Values) -> Outcome:
        told = await self._organiser.exports.newsletters("xlsx")
        return Outcome(told.signups, told.spreadsheet, told.sentence, "newsletters.xlsx")

    def orders(self, event: str | None, key: str, values: Values) -> PendingChange[str]:
        return self._organiser.exports.orders_by_month(**values)

    actions: ClassVar[Mapping[str, Action]] = {
        "newsletters": Action(
            "Everybody who asked for the newsletter", newsletters, of_row=False, changes=False
        ),
        "newsletters-xlsx": Action(
            "Everybody who asked for it, as an Excel workbook",
            spreadsheet,
            of_row=False,
            changes=False,
        ),
        "orders-by-month": Action(
            "The orders of a month, sent by e-mail", orders, of_row=False, model=Month
        ),
    }

    def actions_of(self, row: Export) -> Mapping[str, Action]:
        return {row.name: self.actions[row.name]}

    def key(self, row: Export) -> str:
        return row.name

    def called(self, row: Export) -> str:
        return row.what


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

    async def get(self, event: str | None, key: str) -> HookRow:
        return _hook(await self._organiser.webhooks.get(key))

    def create(self, event: str | None, values: Values) -> PendingChange[HookRow]:
        return mapped(self._organiser.webhooks.create(NewWebhook(**values)), _hook)

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[HookRow]:
        edit = Edit[Webhook](values, opened)
        return edit.noted(mapped(self._organiser.webhooks.update(key, edit), _hook))

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


SITE: tuple[type[Resource], ...] = (Exports, Webhooks)
