"""Scenarios of exports and webhooks."""

import pytest

from boxoffice.ticketbutler import NotFound
from boxoffice.ticketbutler.resources.webhooks import NewWebhook
from tests.ticketbutler.contract.stage import Stage, row


@row("GET", "whitelabel/newsletters/")
async def newsletters(stage: Stage) -> None:
    told = await stage.client.exports.newsletters()
    wanted = {e.address["email"] for e in stage.box.state.orders.values() if e.newsletter}
    assert told.signups is not None
    assert {each.email for each in told.signups} == wanted
    assert wanted
    assert all(each.date_joined and each.newsletter_event for each in told.signups)
    sheet = await stage.client.exports.newsletters("xlsx")
    assert sheet.signups is None
    if stage.dialect == "docs":
        assert sheet.spreadsheet.startswith(b"PK")
        assert not sheet.sentence
    else:
        assert not sheet.spreadsheet
        assert sheet.sentence.startswith("Email with newsletter data will be sent to ")


@row("GET", "whitelabel/orders/")
async def orders_by_month(stage: Stage) -> None:
    mails = len(stage.box.state.outbox)
    assert await stage.client.exports.orders_by_month(2026, 5, "books@example.com")
    assert await stage.client.exports.orders_by_month()
    assert len(stage.box.state.outbox) == mails + 2
    assert stage.box.log.find("GET", "whitelabel/orders/")[0].query == (
        "year=2026&month=5&email=books%40example.com"
    )


HOOK = NewWebhook(url="https://example.com/webhooks/b38406bf", action="ticket.checkin")


@row("GET", "/webhooks/v1/")
async def webhook_access(stage: Stage) -> None:
    await stage.client.webhooks.access()


@row("GET", "/webhooks/v1/actions/")
async def webhook_actions(stage: Stage) -> None:
    assert {"all", "event.updated", "ticket.checkin"} <= set(await stage.client.webhooks.actions())


@row("POST", "/webhooks/v1/whitelabel/hooks/")
async def create_webhook(stage: Stage) -> None:
    told = await stage.client.webhooks.create(HOOK)
    assert (told.url, told.action, told.active, told.scope) == (
        HOOK.url,
        HOOK.action,
        True,
        "whitelabel",
    )
    assert told.created == stage.clock.now()
    assert told.uuid in stage.box.state.webhooks


@row("GET", "/webhooks/v1/whitelabel/hooks/")
async def webhooks(stage: Stage) -> None:
    assert await stage.client.webhooks.list() == []
    told = await stage.client.webhooks.create(HOOK)
    assert await stage.client.webhooks.list() == [told]


@row("GET", "/webhooks/v1/whitelabel/hooks/<webhook>/")
async def webhook(stage: Stage) -> None:
    told = await stage.client.webhooks.create(HOOK)
    assert await stage.client.webhooks.get(told.uuid) == told


@row("DELETE", "/webhooks/v1/whitelabel/hooks/<webhook>/")
async def delete_webhook(stage: Stage) -> None:
    told = await stage.client.webhooks.create(HOOK)
    await stage.client.webhooks.delete(told.uuid)
    assert not stage.box.state.webhooks
    with pytest.raises(NotFound):
        await stage.client.webhooks.get(told.uuid)


@row("PATCH", "/webhooks/v1/whitelabel/hooks/<webhook>/")
async def update_webhook(stage: Stage) -> None:
    told = await stage.client.webhooks.create(HOOK)
    off = await stage.client.webhooks.update(told.uuid, active=False)
    assert (off.active, off.url, off.action) == (False, HOOK.url, HOOK.action)
    moved = await stage.client.webhooks.update(
        told.uuid, url="https://example.com/b", action="all", active=True
    )
    assert (moved.url, moved.action, moved.active) == ("https://example.com/b", "all", True)
    sent = [each.data for each in stage.box.log.find("PATCH")]
    assert sent[0] == {"active": False}
