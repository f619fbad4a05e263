"""The table of endpoints against the client: errors of every row, and all that a row may send."""

import inspect
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from boxoffice import ticketbutler
from boxoffice.domain.models import Address, Given, Order
from boxoffice.organiser import (
    Asked,
    ChoiceDetails,
    EventAddress,
    EventSettings,
    NewDiscountCode,
    NewEvent,
    NewTicketType,
    NewWebhook,
    QuestionDetails,
)
from boxoffice.ticketbutler import Limits, NotFound, Ticketbutler, TicketbutlerError
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.organiser import Organiser
from tests.support import FakeClock
from tests.ticketbutler.contract.endpoints import ENDPOINTS, ERRORS, PAYLOADS, Endpoint
from tests.ticketbutler.raw import KEY, RawServer
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer

UUID = EVENT
NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)
ANNA = Address("Anna", "Kjær", "anna@example.com", "+45 42 42 42 42")
FULL = {each.name: f"{each.name}@example.com" for each in fields(Address)}
GIVEN = [Given(TYPE, "7")]
CODE = NewDiscountCode("SOMMER", Decimal(50), 3, ticket_type_uuid=TYPE)
EVERYTHING = {
    "title": "New",
    "start": NOON,
    "end": NOON,
    "members_only": True,
    "team": "Other",
    "settings": EventSettings("r", True, "m", 1, 2, "t"),
    "venue": EventAddress(**FULL | {"language": "da"}),
    "description": "d",
    "summary": "s",
}

Ask = Callable[[Ticketbutler], Awaitable[object]]


def asks(client: Ticketbutler) -> dict[tuple[str, str], Awaitable[object]]:
    """Every row of the table, asked with everything that may be given."""
    org = client.organiser
    ticket_type = NewTicketType("Ticket", Decimal(1), 2, members_only=True)
    event = NewEvent(**EVERYTHING, ticket_types=(ticket_type,))  # type: ignore[arg-type]  # as above
    patched = {"title": "t", "price": Decimal(3), "members_only": True, "amount_total": 9}
    questions: dict[str, Any] = {"heading": "h", "active": False, "required": True, "sort_id": 5}
    ticket = {"checked_in": True, "full_name": "N"} | {"external_uuid": "e"}
    made = {"address": ANNA, "amounts": [(TYPE, 1)], "external_order_id": "BX-1"}
    pdf = f"/da/purchase/{UUID}/tickets-as-pdf/"
    hooks = "/webhooks/v1/whitelabel/hooks/"
    return {
        ("GET", "ping/"): client.ping(),
        ("GET", "events/"): org.events(old=True),
        ("POST", "events/"): org.create_event(event),
        ("GET", "events/<event>/"): org.event(UUID),
        ("POST", "events/<event>/"): org.update_event(UUID, **EVERYTHING),
        ("DELETE", "events/<event>/"): org.delete_event(UUID, "A valid reason"),
        ("GET", "events/<event>/ticket-types/"): org.ticket_types(UUID),
        ("POST", "events/<event>/ticket-types/"): org.create_ticket_type(UUID, ticket_type),
        ("GET", "events/<event>/ticket-types/<type>/"): org.ticket_type(UUID, TYPE),
        ("PATCH", "events/<event>/ticket-types/<type>/"): org.update_ticket_type(
            UUID, TYPE, **patched
        ),
        ("DELETE", "events/<event>/ticket-types/<type>/"): org.delete_ticket_type(UUID, TYPE),
        ("GET", "events/<event>/ticket-type-questions/"): org.questions(UUID),
        ("GET", "events/<event>/purchase-questions/"): org.questions(UUID, Asked.BUYERS),
        ("POST", "events/<event>/ticket-type-questions/"): org.add_question(
            UUID, QuestionDetails(heading="New")
        ),
        ("POST", "events/<event>/purchase-questions/"): org.add_question(
            UUID, QuestionDetails(heading="New"), of=Asked.BUYERS
        ),
        ("GET", "events/<event>/questions/<question>/"): org.question(UUID, TYPE),
        ("PATCH", "events/<event>/questions/<question>/"): org.patch_question(
            UUID, TYPE, **questions, variation="SELECT", choices=(ChoiceDetails(OTHER, 1, "D"),)
        ),
        ("DELETE", "events/<event>/questions/<question>/"): org.delete_question(UUID, TYPE),
        ("POST", "orders/"): org.create_order(UUID, **made),  # type: ignore[arg-type]  # as above
        ("GET", "orders/<order>/"): client.order(UUID),
        ("GET", "events/<event>/orders/"): client.event_orders(UUID),
        ("PATCH", "orders/<order>/"): client.update_order(UUID, Address(**FULL)),
        ("DELETE", "orders/<order>/"): client.refund_order(UUID),
        ("POST", "orders/<order>/questions/"): org.answer_order(UUID, GIVEN),
        ("GET", "orders/<order>/questions/"): client.order_answers(UUID),
        ("GET", "/da/purchase/<order>/tickets-as-pdf/"): client.order_pdf(Order(UUID, pdf_url=pdf)),
        ("POST", "events/<event>/discount-code/"): org.create_discount_codes(UUID, [CODE]),
        ("GET", "events/<event>/discount-code/"): org.discount_codes(UUID),
        ("POST", "events/<event>/discount-code/<code>/"): org.toggle_discount_code(UUID, 7),
        ("DELETE", "events/<event>/discount-code/<code>/"): org.delete_discount_code(UUID, 7),
        ("POST", "discount-code/"): org.create_discount_codes(None, [CODE]),
        ("GET", "discount-code/"): org.discount_codes(),
        ("POST", "discount-code/<code>/"): org.toggle_discount_code(None, 7),
        ("DELETE", "discount-code/<code>/"): org.delete_discount_code(None, 7),
        ("GET", "events/<event>/tickets/"): client.ticket_list(UUID),
        ("GET", "tickets/<ticket>/"): client.ticket(UUID),
        ("PATCH", "tickets/<ticket>/"): org.update_ticket(
            UUID, **ticket, lead_tracking_reference="l"
        ),
        ("POST", "tickets/<ticket>/questions/"): org.answer_ticket(UUID, GIVEN),
        ("GET", "tickets/<ticket>/questions/"): client.answers(UUID),
        ("GET", "tickets/<ticket>/questions/all/"): client.questions(UUID),
        ("GET", "tickets/<ticket>/questions/unanswered/"): client.unanswered(UUID),
        ("GET", "whitelabel/newsletters/"): org.newsletters(),
        ("GET", "whitelabel/orders/"): org.orders_by_month(2026, 5, "a@example.com"),
        ("GET", "/webhooks/v1/"): org.webhook_access(),
        ("GET", "/webhooks/v1/actions/"): org.webhook_actions(),
        ("POST", hooks): org.create_webhook(NewWebhook("https://example.com")),
        ("GET", hooks): org.webhooks(),
        ("GET", f"{hooks}<webhook>/"): org.webhook(UUID),
        ("DELETE", f"{hooks}<webhook>/"): org.delete_webhook(UUID),
        ("PATCH", f"{hooks}<webhook>/"): org.update_webhook(
            UUID, url="https://example.com", action="all", active=False
        ),
    }


@pytest.mark.parametrize(("status", "name", "kind"), ERRORS, ids=lambda each: str(each)[:3])
@pytest.mark.parametrize("body", [b'{"detail": "Because."}', b"", b'["a", {"b": [1]}]'])
async def test_every_error_of_every_row(
    server: RawServer,
    client: Ticketbutler,
    status: int,
    name: str,
    kind: type[TicketbutlerError],
    body: bytes,
) -> None:
    server.reply(body, f"{status} {name}")
    rows = asks(client)
    org = client.organiser
    more = {
        ("GET", "orders/<order>/ in full"): org.order(UUID),
        ("GET", "events/<event>/orders/ in full"): org.event_orders(UUID),
    }
    assert set(rows) == {(each.method, each.path) for each in ENDPOINTS}
    for (method, path), asked in (rows | more).items():
        with pytest.raises(kind) as caught:
            await asked
        assert caught.value.sentence.endswith("."), (method, path)
        # Whether a write was carried out is in doubt where the site failed, and nowhere else.
        assert caught.value.maybe_applied is (status >= 500), (method, path)


def read_first() -> dict[str, object]:
    """What is read before a change, as the site says it."""
    named = "price active amount_sold is_members_only description start_date sort_id"
    ticket_type = {"pk": 1, "uuid": TYPE, "title": "T", "amount": 1, "amount_total": 1}
    ticket_type |= dict.fromkeys(named.split())
    question = {"uuid": TYPE, "heading": "Q", "choices": [{"uuid": OTHER, "label": "C"}]}
    questions = {"questions": [question]}
    return {
        f"GET events/{UUID}/": {"uuid": UUID},
        f"GET events/{UUID}/ticket-types/": [ticket_type],
        f"GET events/{UUID}/ticket-type-questions/": questions,
        f"GET events/{UUID}/purchase-questions/": questions,
        f"GET events/{UUID}/questions/{TYPE}/": question,
        f"GET tickets/{UUID}/": {"uuid": UUID, "checked_in": False},
        f"GET /webhooks/v1/whitelabel/hooks/{UUID}/": {"uuid": UUID},
    }


def leaves(sent: object, place: str = "") -> Iterator[str]:
    """The names of all fields of a payload, as the table writes them."""
    if isinstance(sent, dict):
        for name, inside in sent.items():
            yield from leaves(inside, f"{place}.{name}")
    elif isinstance(sent, list):
        for each in sent:
            yield from leaves(each, place)
    elif place:
        yield place[1:]


@pytest.mark.parametrize(
    "endpoint",
    [each for each in ENDPOINTS if each.sends],
    ids=lambda each: f"{each.method} {each.path.replace('/', '|')}",
)
async def test_everything_that_may_be_sent_can_be(
    script: ScriptedServer, clock: FakeClock, endpoint: Endpoint
) -> None:
    script.answers = read_first()
    limits = Limits(backoff=0.0)
    async with Ticketbutler(script.url, SecretStr(KEY), clock=clock, limits=limits) as client:
        rows = asks(client)
        asked = rows.pop((endpoint.method, endpoint.path))
        for other in rows.values():
            if inspect.iscoroutine(other):
                other.close()
        if isinstance(asked, PendingChange):
            request = await asked.request()
            sent, path = request.body, request.path
            assert request.method == endpoint.method
        else:
            with pytest.raises(TicketbutlerError):
                await asked
            sent, path = script.asked[-1].body, script.asked[-1].line
    names = set(leaves(sent)) | set(parse_qs(urlsplit(path).query))
    expected = set(endpoint.sends.split())
    if endpoint.client == "organiser.update_ticket_type":
        expected.discard("amount")  # never with the total
    assert names == expected


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.client} {each.section}")
def test_every_method_names_its_section(endpoint: Endpoint) -> None:
    owner: type = Organiser if endpoint.client.startswith("organiser.") else Ticketbutler
    method = getattr(owner, endpoint.client.removeprefix("organiser."))
    if endpoint.client == "order_pdf":
        return  # a path that an answer names, without a section of its own
    assert f'"{endpoint.section}"' in inspect.cleandoc(method.__doc__ or "").replace("\n", " ")


@pytest.mark.parametrize(("section", "name"), PAYLOADS)
def test_every_payload_has_something_that_reads_it(section: str, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert section
    assert getattr(import_module(module), attribute)


async def test_what_is_no_uuid_never_gets_into_a_path(
    organiser: Organiser, script: ScriptedServer
) -> None:
    for text in ("", "../ping", f"{UUID}/../x", "\x00"):
        wrong: list[Awaitable[object]] = [
            organiser.event(text),
            organiser.ticket_type(UUID, text),
            organiser.create_ticket_type(text, NewTicketType("T")),
            organiser.delete_ticket_type(UUID, text),
            organiser.delete_event(text, "A valid reason"),
            organiser.questions(text),
            organiser.delete_question(UUID, text),
            organiser.discount_codes(text),
            organiser.toggle_discount_code(text, 1),
            organiser.webhook(text),
            organiser.delete_webhook(text),
            organiser.ticket(text),
            organiser.refund_order(text),
        ]
        for each in wrong:
            with pytest.raises(NotFound):
                await each
    assert not script.asked
    assert OTHER != UUID


def test_the_organisers_part_is_not_loaded_with_the_client() -> None:
    code = (
        "import sys, boxoffice.ticketbutler.client;"
        "print([each for each in sys.modules if 'organiser' in each or each.endswith('hooks')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_everything_is_offered_by_one_name() -> None:
    assert all(getattr(ticketbutler, name) for name in ticketbutler.__all__)
    with pytest.raises(AttributeError):
        getattr(ticketbutler, "Nothing")  # noqa: B009  # mypy knows that it is not there
