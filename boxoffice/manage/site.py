"""What is of a whole site: its exports and its webhooks."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from boxoffice.domain.text import fold
from boxoffice.language import N_, _
from boxoffice.manage.resource import Action, Outcome, Resource, Values, Verb
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.record import Record
from boxoffice.ticketbutler.resources.exports import Newsletters
from boxoffice.ticketbutler.resources.webhooks import ACTIONS, NewWebhook, Webhook, host_of


class Export(Record):
    name: fields.Line = Field(title="Name")
    what: fields.Line = Field("", title="Export")


class Month(Record):
    """Of which month the orders are wanted, and who is to have them."""

    year: fields.Count = fields.editable(None, title="Year", description="Empty: this year.")
    month: fields.Count = fields.editable(None, title="Month", description="1 to 12; empty: now.")
    email: fields.Email = fields.editable(
        "", title="E-mail", description="Empty: who the site sends its accounts to."
    )


class Exports(Resource):
    """The rows are what there is to export, and each has its one action, of the same name."""

    name = "exports"
    title = N_("Exports")
    one = N_("export")
    name_field = "what"
    hint = N_("newsletters, orders by month")
    model = Export
    columns = ("what",)
    of_event = False
    needs_admin = True
    verbs = frozenset({Verb.LIST})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "",
        "newsletters": "--json",
        "newsletters-xlsx": "--to newsletters.xlsx",
        "orders-by-month": "--set year=2026 --set month=5 --set email=me@example.com",
    }

    async def list(self, event: str | None = None) -> Sequence[Export]:
        """Nothing is asked of the site."""
        return [Export(name=name, what=_(action.title)) for name, action in self.actions.items()]

    async def newsletters(self, event: str | None, key: str, values: Values) -> Outcome:
        return _outcome(await self._client.exports.newsletters())

    async def spreadsheet(self, event: str | None, key: str, values: Values) -> Outcome:
        return _outcome(await self._client.exports.newsletters("xlsx"))

    def orders(self, event: str | None, key: str, values: Values) -> PendingChange[str]:
        return self._client.exports.orders_by_month(**values)

    actions: ClassVar[Mapping[str, Action]] = {
        "newsletters": Action(
            N_("Everybody who asked for the newsletter"), newsletters, of_row=False, changes=False
        ),
        "newsletters-xlsx": Action(
            N_("Everybody who asked for it, as an Excel workbook"),
            spreadsheet,
            of_row=False,
            changes=False,
        ),
        "orders-by-month": Action(
            N_("The orders of a month, sent by e-mail"), orders, of_row=False, model=Month
        ),
    }

    def actions_of(self, row: Export) -> Mapping[str, Action]:
        return {row.name: self.actions[row.name]}

    def key(self, row: Export) -> str:
        return row.name


def _outcome(came: Newsletters) -> Outcome:
    return Outcome(came.signups, came.spreadsheet, came.sentence, "newsletters.xlsx")


class ActionRow(Record):
    action: fields.Line = Field(title="Action")
    meaning: fields.Line = Field("", title="When")


class Webhooks(Resource):
    """An address may have a secret in its path: it is called by its host, and a few digits."""

    name = "webhooks"
    title = N_("Webhooks")
    one = N_("webhook")
    name_field = "name"
    hint = N_("who is told of what happens")
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
        return await self._client.webhooks.list()

    def create(self, event: str | None, values: Values) -> PendingChange[Webhook]:
        return self._client.webhooks.create(NewWebhook(**values))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[Webhook]:
        return self._client.webhooks.update(key, **values)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._client.webhooks.delete(key)

    async def access(self, event: str | None, key: str, values: Values) -> Outcome:
        await self._client.webhooks.access()
        return Outcome(sentence=_("The key may manage the site's webhooks."))

    async def offered(self, event: str | None, key: str, values: Values) -> Outcome:
        actions = await self._client.webhooks.actions()
        return Outcome(
            rows=tuple(ActionRow(action=item, meaning=_(ACTIONS.get(item, ""))) for item in actions)
        )

    actions: ClassVar[Mapping[str, Action]] = {
        "access": Action(
            N_("Whether the key may use webhooks"), access, of_row=False, changes=False
        ),
        "actions": Action(N_("What can be listened to"), offered, of_row=False, changes=False),
    }

    def names(self, row: Webhook) -> tuple[str, ...]:
        return row.name, row.url, host_of(row.url)

    def searched(self, row: Webhook) -> str:
        return f"{super().searched(row)} {fold(row.url)}"

    def confirms(self, row: Webhook, typed: str) -> bool:
        return super().confirms(row, typed) or typed.strip() in (row.url, row.uuid)
