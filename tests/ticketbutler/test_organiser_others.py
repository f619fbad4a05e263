"""Discount codes, exports, webhooks and removals, in whatever form a site answers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from boxoffice.ticketbutler import (
    CaptivePortal,
    Forbidden,
    NotFound,
    Refused,
    Ticketbutler,
    TicketbutlerError,
    Unreadable,
)
from boxoffice.ticketbutler.errors import NoPage
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode
from boxoffice.ticketbutler.resources.exports import Newsletters, NewsletterSignup
from boxoffice.ticketbutler.resources.webhooks import NewWebhook, Webhook
from tests.ticketbutler.scripted import EVENT, PAGE, PORTAL, TYPE, ScriptedServer, reply

CODE = {
    "id": 8,
    "active": True,
    "amount": "1000.00",
    "code": "hello_world",
    "toggle_url": f"/api/event/{EVENT}/discount-code/8/",
    "usage_tickets_limit": 1,
    "amount_times_applied": 0,
    "discount_type": "PER_TICKET",
    "ticket_type_uuid": "5025811e-9d83-4637-9d1d-b8a527909d0b",
}
TOLD = DiscountCode(
    id=8,
    code="hello_world",
    amount=Decimal("1000.00"),
    discount_type="PER_TICKET",
    usage_tickets_limit=1,
    amount_times_applied=0,
    active=True,
    ticket_type_uuid=TYPE,
)
NEW = NewDiscountCode(code="hello_world", amount=Decimal(1000), usage_tickets_limit=1)
FORMS = (
    f"events/{EVENT}/discount-code/",
    f"{EVENT}/discount-code/",
    f"events/{EVENT}/discount-codes/",
    f"{EVENT}/discount-codes/",
)


# Discount codes


@pytest.mark.parametrize("form", FORMS)
async def test_codes_wherever_they_are(
    organiser: Ticketbutler, script: ScriptedServer, form: str
) -> None:
    # Of a path that it does not know, Django answers with a page.
    script.answers = {f"{method} {path}": PAGE for method in ("GET", "POST") for path in FORMS}
    script.answers |= {f"GET {form}": [CODE], f"POST {form}": [CODE], f"POST {form}8/": CODE}
    script.answers[f"DELETE {form}8/"] = reply(b"")
    assert list(await organiser.discounts.list(EVENT)) == [TOLD]
    assert await organiser.discounts.create(EVENT, [NEW]) == [TOLD]
    assert await organiser.discounts.toggle(EVENT, 8) == TOLD
    await organiser.discounts.delete(EVENT, 8)
    before = len(script.asked)
    await organiser.discounts.list(EVENT)
    assert [each.line for each in script.asked[before:]] == [f"GET {form}"], "it is remembered"


@pytest.mark.parametrize("amount", ["0.005", "12.345"])
async def test_no_discount_is_rounded(
    organiser: Ticketbutler, script: ScriptedServer, amount: str
) -> None:
    code = NewDiscountCode(code="hello_world", amount=Decimal(amount), usage_tickets_limit=1)
    with pytest.raises(Refused) as caught:
        await organiser.discounts.create(EVENT, [code]).prepare()
    assert caught.value.sentence == "A discount has two decimals at most."
    assert not script.writes


async def test_nothing_anywhere(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers = {f"GET {path}": PAGE for path in FORMS}
    with pytest.raises(NoPage):
        await organiser.discounts.list(EVENT)
    del script.answers[f"GET {FORMS[2]}"]
    with pytest.raises(NotFound) as caught:
        await organiser.discounts.list(EVENT)
    assert caught.value.sentence == "The site has no such event: refresh the list."
    assert [each.line for each in script.asked] == [f"GET {path}" for path in FORMS] * 2


async def test_a_code_that_is_not_there_is_not_a_place(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers = {f"GET {FORMS[0]}": [CODE]}
    with pytest.raises(NotFound) as caught:
        await organiser.discounts.delete(EVENT, 9)
    assert caught.value.sentence.startswith("The site has no such discount code, or it has been")
    script.answers[f"DELETE {FORMS[0]}8/"] = reply(b"", "200 OK", "text/plain")
    await organiser.discounts.delete(EVENT, 8)


async def test_a_refusal_is_no_reason_to_ask_elsewhere(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers = {f"POST {FORMS[0]}": reply(b'{"code": ["Taken."]}', "400 Bad Request")}
    with pytest.raises(Refused) as caught:
        await organiser.discounts.create(EVENT, [NEW])
    assert caught.value.sentence == "The site refused this: code: Taken."
    assert len(script.asked) == 1
    assert script.asked[0].body == [
        {
            "amount": "1000.00",
            "code": "hello_world",
            "usage_tickets_limit": 1,
            "discount_type": "PER_TICKET",
        }
    ]


# Exports

JSON, SHEET = "GET whitelabel/newsletters/?format=json", "GET whitelabel/newsletters/?format=xlsx"
ANNA = {
    "date_joined": "2024-01-02",
    "newsletter_event": "Beer tasting",
    "first_name": "Anna\u200b",
    "last_name": "Kjær",
    "email": "anna@example.com",
}
SIGNUP = NewsletterSignup(
    date_joined=datetime(2024, 1, 2, tzinfo=UTC),
    newsletter_event="Beer tasting",
    first_name="Anna",
    last_name="Kjær",
    email="anna@example.com",
)
MAILED = b"Email with newsletter data will be sent to books@example.com"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([ANNA], Newsletters(signups=(SIGNUP,))),
        ({"count": 1, "results": [ANNA]}, Newsletters(signups=(SIGNUP,))),
        ([], Newsletters(signups=())),
        (reply(MAILED, kind="text/html; charset=utf-8"), Newsletters(sentence=MAILED.decode())),
        (reply(b'"Sent"'), Newsletters(sentence="Sent")),
        ({"detail": "Sent\u202e"}, Newsletters(sentence="Sent")),
        (reply(b""), Newsletters(sentence="The site sends the report by e-mail.")),
        (reply(b"PK\x03\x04rest", kind="x/y"), Newsletters(spreadsheet=b"PK\x03\x04rest")),
    ],
)
async def test_newsletters(
    organiser: Ticketbutler, script: ScriptedServer, answer: object, told: Newsletters
) -> None:
    script.answers = {JSON: answer, SHEET: answer}
    assert await organiser.exports.newsletters() == told
    assert await organiser.exports.newsletters("xlsx") == told


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (PORTAL, CaptivePortal),
        (reply(b"<p>" + b"x" * 5000, kind="text/html"), CaptivePortal),
        (reply(b"Log in! " * 500, kind="text/html"), CaptivePortal),
        ([7], Unreadable),
        ([{}, {"first_name": "A"}], Unreadable),
        (7, Unreadable),
        (reply(b"\xff\xfe\x00" * 999), Unreadable),
    ],
)
async def test_what_is_no_export(
    organiser: Ticketbutler, script: ScriptedServer, answer: object, kind: type[TicketbutlerError]
) -> None:
    script.answers = {JSON: answer, "GET whitelabel/orders/": answer}
    with pytest.raises(kind):
        await organiser.exports.newsletters()
    if kind is CaptivePortal:
        with pytest.raises(kind):
            await organiser.exports.orders_by_month()


async def test_a_spreadsheet_is_asked_for_as_such(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers = {JSON: [], SHEET: reply(b"PK\x03\x04")}
    await organiser.exports.newsletters()
    await organiser.exports.newsletters("xlsx")
    assert b"\r\nAccept: application/json" in script.seen[0]
    assert b"\r\nAccept: */*\r\n" in script.seen[1]


async def test_a_report_by_mail_is_asked_for_once(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    line = "GET whitelabel/orders/?year=2026&month=2&email=a%2Bb%40example.com"
    script.answers = {line: reply(b"", "502 Bad Gateway")}
    change = organiser.exports.orders_by_month(2026, 2, " a+b@example.com ")
    assert (await change.prepare()).call.target == f"/api/v3/{line.removeprefix('GET ')}"
    assert not script.asked
    with pytest.raises(TicketbutlerError):
        await change
    assert len(script.asked) == 1
    script.answers[line] = reply(b"Email with orders will be sent", kind="text/html")
    assert await change == "Email with orders will be sent"


# Webhooks

HOOKS = "/webhooks/v1/whitelabel/hooks/"
HOOK = {
    "uuid": "28fc84c204204d26b805a18163740bd0",
    "action": "event.create",
    "active": False,
    "created": "2022-04-20T22:18:08.357360+02:00",
    "updated": "2022-04-20T20:18:08",
    "scope": "whitelabel",
    "url": "https://example.com/webhooks/b38406bf-22c0-4225-854f-r2u88qae7f42",
}


async def test_webhooks_lie_beside_the_api(organiser: Ticketbutler, script: ScriptedServer) -> None:
    script.answers = {f"GET {HOOKS}": [HOOK, {"url": "no uuid"}], f"POST {HOOKS}": HOOK}
    (told,) = await organiser.webhooks.list()
    assert told == Webhook(
        uuid=str(HOOK["uuid"]),
        url=str(HOOK["url"]),
        action="event.create",
        active=False,
        scope="whitelabel",
        created=datetime.fromisoformat(str(HOOK["created"])),
        updated=datetime(2022, 4, 20, 20, 18, 8, tzinfo=UTC),
        name="28fc example.com",
    )
    assert await organiser.webhooks.create(NewWebhook(url=told.url)) == told
    assert script.writes[0].body == {"url": told.url, "action": "all"}


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
async def test_who_may_not_use_webhooks(
    organiser: Ticketbutler, script: ScriptedServer, status: str
) -> None:
    script.answers = {"GET /webhooks/v1/": reply(b"", status)}
    with pytest.raises(Forbidden) as caught:
        await organiser.webhooks.access()
    assert "owner of the site" in caught.value.sentence


async def test_actions_that_are_none_are_left_out(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    script.answers = {"GET /webhooks/v1/actions/": ["all", None, {"a": 1}, "x\u202ey"]}
    assert await organiser.webhooks.actions() == ["all", "xy"]
    script.answers = {"GET /webhooks/v1/actions/": {"all": 1}}
    with pytest.raises(Unreadable):
        await organiser.webhooks.actions()


# Removals


@pytest.mark.parametrize(
    "answer",
    [
        reply(b""),
        reply(b"", "204 No Content"),
        reply(b'{"detail": "Webhook deleted"}', "202 Accepted"),
        reply(b"null"),
        reply(b"OK", kind="text/plain"),
    ],
)
async def test_a_removal_is_done(
    organiser: Ticketbutler, script: ScriptedServer, answer: bytes
) -> None:
    removals = {
        f"DELETE events/{EVENT}/": organiser.events.delete(EVENT, "  A valid reason "),
        f"DELETE events/{EVENT}/ticket-types/{TYPE}/": organiser.ticket_types.delete(EVENT, TYPE),
        f"DELETE events/{EVENT}/questions/{TYPE}/": organiser.questions.delete(EVENT, TYPE),
        f"DELETE events/{EVENT}/discount-code/8/": organiser.discounts.delete(EVENT, 8),
        "DELETE discount-code/8/": organiser.discounts.delete(None, 8),
        f"DELETE {HOOKS}{TYPE}/": organiser.webhooks.delete(TYPE),
    }
    script.answers = dict.fromkeys(removals, answer)
    for removal in removals.values():
        await removal
    assert [each.line for each in script.writes] == list(removals)
    assert [each.body for each in script.writes if each.body is not None] == [
        {"delete_reason": "A valid reason"}
    ]
    script.answers = dict.fromkeys(removals, PORTAL)
    for removal in removals.values():
        with pytest.raises(CaptivePortal):
            await removal


async def test_a_refused_removal_says_why(organiser: Ticketbutler, script: ScriptedServer) -> None:
    line = f"DELETE events/{EVENT}/ticket-types/{TYPE}/"
    script.answers = {line: reply(b'{"detail": "4 tickets are sold."}', "400 Bad Request")}
    with pytest.raises(Refused) as caught:
        await organiser.ticket_types.delete(EVENT, TYPE)
    assert caught.value.sentence == "The site refused this: 4 tickets are sold."
