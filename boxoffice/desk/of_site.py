"""What is of a whole site: exports and webhooks."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from boxoffice.desk.models import ActionRow, Export, Month
from boxoffice.desk.resources import Action, Outcome, Resource, Values, Verb
from boxoffice.organiser import ACTIONS, NewWebhook, Webhook
from boxoffice.ticketbutler.changing import Change


class Exports(Resource):
    """The rows are what there is to export, and each has its one action, of the same name."""

    name = "exports"
    title = "Exports"
    one = "export"
    model = Export
    columns = ("name", "what")
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
        return [Export(name, action.title) for name, action in self.actions.items()]

    async def newsletters(self, event: str | None, key: str, values: Values) -> Outcome:
        told = await self._organiser.newsletters()
        return Outcome(told.signups, told.spreadsheet, told.sentence, "newsletters.xlsx")

    async def spreadsheet(self, event: str | None, key: str, values: Values) -> Outcome:
        told = await self._organiser.newsletters("xlsx")
        return Outcome(told.signups, told.spreadsheet, told.sentence, "newsletters.xlsx")

    def orders(self, event: str | None, key: str, values: Values) -> Change[str]:
        return self._organiser.orders_by_month(**values)

    actions: ClassVar[Mapping[str, Action]] = {
        "newsletters": Action(
            "Everybody who asked for the newsletter", newsletters, of_row=False, changes=False
        ),
        "newsletters-xlsx": Action(
            "The same as an Excel workbook", spreadsheet, of_row=False, changes=False
        ),
        "orders-by-month": Action(
            "The orders of a month, sent by e-mail", orders, of_row=False, model=Month
        ),
    }

    def actions_of(self, row: Export) -> Mapping[str, Action]:  # type: ignore[override]
        return {row.name: self.actions[row.name]}

    def key(self, row: Export) -> str:
        return row.name

    def called(self, row: Export) -> str:
        return row.name


class Webhooks(Resource):
    name = "webhooks"
    title = "Webhooks"
    one = "webhook"
    model = Webhook
    new = NewWebhook
    columns = ("url", "action", "active", "scope", "created")
    of_event = False
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--json",
        "show": "https://example.com/hook",
        "create": "--set url=https://example.com/hook --set action=ticket.checkin",
        "update": "https://example.com/hook --set active=no",
        "delete": "https://example.com/hook --yes https://example.com/hook",
        "access": "",
        "actions": "--json",
    }

    async def list(self, event: str | None = None) -> Sequence[Webhook]:
        return await self._organiser.webhooks()

    async def get(self, event: str | None, key: str) -> Webhook:
        return await self._organiser.webhook(key)

    def create(self, event: str | None, values: Values) -> Change[Webhook]:
        return self._organiser.create_webhook(NewWebhook(**values))

    def update(self, event: str | None, key: str, values: Values) -> Change[Webhook]:
        return self._organiser.update_webhook(key, **values)

    def delete(self, event: str | None, key: str, reason: str = "") -> Change[None]:
        return self._organiser.delete_webhook(key)

    async def access(self, event: str | None, key: str, values: Values) -> Outcome:
        await self._organiser.webhook_access()
        return Outcome(sentence="The key may manage the site's webhooks.")

    async def offered(self, event: str | None, key: str, values: Values) -> Outcome:
        actions = await self._organiser.webhook_actions()
        return Outcome(rows=tuple(ActionRow(each, ACTIONS.get(each, "")) for each in actions))

    actions: ClassVar[Mapping[str, Action]] = {
        "access": Action("Whether the key may use webhooks", access, of_row=False, changes=False),
        "actions": Action("What can be listened to", offered, of_row=False, changes=False),
    }

    def called(self, row: Webhook) -> str:
        return row.url


SITE: tuple[type[Resource], ...] = (Exports, Webhooks)
