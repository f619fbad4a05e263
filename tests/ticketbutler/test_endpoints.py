"""The table of endpoints against the client: errors of every row, and all that a row may send."""

import inspect
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from itertools import cycle
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from boxoffice import ticketbutler
from boxoffice.domain.models import Address, AnswerInput, Order
from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import Limits, NotFound, Ticketbutler, TicketbutlerError
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.resources.discounts import NewDiscountCode
from boxoffice.ticketbutler.resources.event_models import Address as Buyer
from boxoffice.ticketbutler.resources.event_models import EventAddress, EventSettings, NewEvent
from boxoffice.ticketbutler.resources.questions import Asked, ChoiceDetails, QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType
from boxoffice.ticketbutler.resources.webhooks import NewWebhook
from tests.support import FakeClock
from tests.ticketbutler.contract.endpoints import ENDPOINTS, ERRORS, PAYLOADS, Endpoint
from tests.ticketbutler.raw import KEY, RawServer
from tests.ticketbutler.scripted import EVENT, OTHER, TYPE, ScriptedServer

UUID = EVENT
NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)
ANNA = Buyer(first_name="Anna", last_name="Kjær", email="anna@example.com", phone="+45 42 42 42 42")
FULL = {each.name: f"{each.name}@example.com" for each in fields(Address)}
GIVEN = [AnswerInput(TYPE, "7")]
BODIES = (b'{"detail": "Because."}', b"", b'["a", {"b": [1]}]')
"""Of errors; one function reads them, whatever the status."""
CODE = NewDiscountCode(
    code="SOMMER", amount=Decimal(50), usage_tickets_limit=3, ticket_type_uuid=TYPE
)
EVERYTHING = {
    "title": "New",
    "start": NOON,
    "end": NOON,
    "members_only": True,
    "team": "Other",
    "settings": EventSettings(
        refund_email_text="r",
        reminder_email=True,
        reminder_email_text="m",
        ticket_limit=1,
        ticket_limit_members_only=2,
        ticket_email_text="t",
    ),
    "venue": EventAddress(**FULL | {"language": "da"}),
    "description": "d",
    "summary": "s",
}

Ask = Callable[[Ticketbutler], Awaitable[object]]


def asks(client: Ticketbutler) -> dict[tuple[str, str], Awaitable[object]]:
    """Every row of the table, asked with everything that may be given."""
    ticket_type = NewTicketType(title="Ticket", price=Decimal(1), amount_total=2, members_only=True)
    event = NewEvent(**EVERYTHING, ticket_types=(ticket_type,))
    patched = {"title": "t", "price": Decimal(3), "members_only": True, "amount_total": 9}
    questions: dict[str, Any] = {"heading": "h", "active": False, "required": True, "sort_id": 5}
    ticket = {"checked_in": True, "full_name": "N"} | {"external_uuid": "e"}
    made = {"address": ANNA, "amounts": [(TYPE, 1)], "external_order_id": "BX-1"}
    pdf = f"/da/purchase/{UUID}/tickets-as-pdf/"
    hooks = "/webhooks/v1/whitelabel/hooks/"
    return {
        ("GET", "ping/"): client.ping(),
        ("GET", "events/"): client.events.list_details(old=True),
        ("POST", "events/"): client.events.create(event),
        ("GET", "events/<event>/"): client.events.get_details(UUID),
        ("POST", "events/<event>/"): client.events.update(UUID, **EVERYTHING),
        ("DELETE", "events/<event>/"): client.events.delete(UUID, "A valid reason"),
        ("GET", "events/<event>/ticket-types/"): client.ticket_types.list_details(UUID),
        ("POST", "events/<event>/ticket-types/"): client.ticket_types.create(UUID, ticket_type),
        ("GET", "events/<event>/ticket-types/<type>/"): client.ticket_types.get_details(UUID, TYPE),
        ("PATCH", "events/<event>/ticket-types/<type>/"): client.ticket_types.update(
            UUID, TYPE, **patched
        ),
        ("DELETE", "events/<event>/ticket-types/<type>/"): client.ticket_types.delete(UUID, TYPE),
        ("GET", "events/<event>/ticket-type-questions/"): client.questions.list_details(UUID),
        ("GET", "events/<event>/purchase-questions/"): client.questions.list_for_buyers(UUID),
        ("POST", "events/<event>/ticket-type-questions/"): client.questions.create(
            UUID, QuestionDetails(heading="New")
        ),
        ("POST", "events/<event>/purchase-questions/"): client.questions.create(
            UUID, QuestionDetails(heading="New"), of=Asked.BUYERS
        ),
        ("GET", "events/<event>/questions/<question>/"): client.questions.get_details(UUID, TYPE),
        ("PATCH", "events/<event>/questions/<question>/"): client.questions.update(
            UUID,
            TYPE,
            **questions,
            variation="SELECT",
            choices=(ChoiceDetails(uuid=OTHER, sort_id=1, label="D"),),
        ),
        ("DELETE", "events/<event>/questions/<question>/"): client.questions.delete(UUID, TYPE),
        ("POST", "orders/"): client.orders.create(UUID, **made),  # type: ignore[arg-type]  # as above
        ("GET", "orders/<order>/"): client.orders.get(UUID),
        ("GET", "events/<event>/orders/"): client.orders.list(UUID),
        ("PATCH", "orders/<order>/"): client.orders.patch(UUID, Address(**FULL)),
        ("DELETE", "orders/<order>/"): client.orders.refund(UUID),
        ("POST", "orders/<order>/questions/"): client.orders.answer(UUID, GIVEN),
        ("GET", "orders/<order>/questions/"): client.orders.answers(UUID),
        ("GET", "/da/purchase/<order>/tickets-as-pdf/"): client.orders.pdf(
            Order(UUID, pdf_url=pdf)
        ),
        ("POST", "events/<event>/discount-code/"): client.discounts.create(UUID, [CODE]),
        ("GET", "events/<event>/discount-code/"): client.discounts.list(UUID),
        ("POST", "events/<event>/discount-code/<code>/"): client.discounts.toggle(UUID, 7),
        ("DELETE", "events/<event>/discount-code/<code>/"): client.discounts.delete(UUID, 7),
        ("POST", "discount-code/"): client.discounts.create(None, [CODE]),
        ("GET", "discount-code/"): client.discounts.list(),
        ("POST", "discount-code/<code>/"): client.discounts.toggle(None, 7),
        ("DELETE", "discount-code/<code>/"): client.discounts.delete(None, 7),
        ("GET", "events/<event>/tickets/"): client.tickets.list(UUID),
        ("GET", "tickets/<ticket>/"): client.tickets.get(UUID),
        ("PATCH", "tickets/<ticket>/"): client.tickets.update(
            UUID, **ticket, lead_tracking_reference="l"
        ),
        ("POST", "tickets/<ticket>/questions/"): client.tickets.answer(UUID, GIVEN),
        ("GET", "tickets/<ticket>/questions/"): client.tickets.answers(UUID),
        ("GET", "tickets/<ticket>/questions/all/"): client.tickets.questions(UUID),
        ("GET", "tickets/<ticket>/questions/unanswered/"): client.tickets.unanswered(UUID),
        ("GET", "whitelabel/newsletters/"): client.exports.newsletters(),
        ("GET", "whitelabel/orders/"): client.exports.orders_by_month(2026, 5, "a@example.com"),
        ("GET", "/webhooks/v1/"): client.webhooks.access(),
        ("GET", "/webhooks/v1/actions/"): client.webhooks.actions(),
        ("POST", hooks): client.webhooks.create(NewWebhook(url="https://example.com")),
        ("GET", hooks): client.webhooks.list(),
        ("GET", f"{hooks}<webhook>/"): client.webhooks.get(UUID),
        ("DELETE", f"{hooks}<webhook>/"): client.webhooks.delete(UUID),
        ("PATCH", f"{hooks}<webhook>/"): client.webhooks.update(
            UUID, url="https://example.com", action="all", active=False
        ),
    }


@pytest.mark.parametrize(
    ("status", "name", "kind", "body"),
    [(*error, body) for error, body in zip(ERRORS, cycle(BODIES))],
    ids=[str(error[0]) for error in ERRORS],
)
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
    more = {
        ("GET", "orders/<order>/ in full"): client.orders.get_details(UUID),
        ("GET", "events/<event>/orders/ in full"): client.orders.list_details(UUID),
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
            prepared = await asked.prepare()
            sent, path = prepared.call.body, prepared.call.target
            assert prepared.call.method == endpoint.method
        else:
            with pytest.raises(TicketbutlerError):
                await asked
            sent, path = script.asked[-1].body, script.asked[-1].line
    names = set(leaves(sent)) | set(parse_qs(urlsplit(path).query))
    expected = set(endpoint.sends.split())
    if endpoint.client == "ticket_types.update":
        expected.discard("amount")  # never with the total
    assert names == expected


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: f"{each.client} {each.section}")
def test_every_method_names_its_section(endpoint: Endpoint) -> None:
    client = Ticketbutler("https://test.ticketbutler.example", SecretStr(KEY))
    method = attrgetter(endpoint.client)(client)
    if endpoint.client == "orders.pdf":
        return  # a path that an answer names, without a section of its own
    assert f'"{endpoint.section}"' in inspect.cleandoc(method.__doc__ or "").replace("\n", " ")


@pytest.mark.parametrize(("section", "name"), PAYLOADS)
def test_every_payload_has_something_that_reads_it(section: str, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert section
    assert getattr(import_module(module), attribute)


async def test_what_is_no_uuid_never_gets_into_a_path(
    organiser: Ticketbutler, script: ScriptedServer
) -> None:
    for text in ("", "../ping", f"{UUID}/../x", "\x00"):
        wrong: list[Awaitable[object]] = [
            organiser.events.get_details(text),
            organiser.ticket_types.get_details(UUID, text),
            organiser.ticket_types.create(text, NewTicketType(title="T")),
            organiser.ticket_types.delete(UUID, text),
            organiser.events.delete(text, "A valid reason"),
            organiser.questions.list_details(text),
            organiser.questions.delete(UUID, text),
            organiser.discounts.list(text),
            organiser.discounts.toggle(text, 1),
            organiser.webhooks.get(text),
            organiser.webhooks.delete(text),
            organiser.tickets.get_details(text),
            organiser.orders.refund(text),
        ]
        for each in wrong:
            with pytest.raises(NotFound):
                await each
    assert not script.asked
    assert OTHER != UUID


def test_the_organisers_part_is_not_loaded_with_the_client() -> None:
    code = (
        "import sys, boxoffice.ticketbutler.client;"
        "print([each for each in sys.modules"
        " if each.endswith(('hooks', 'discounts', 'exports', 'boxoffice.manage'))])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_everything_is_offered_by_one_name() -> None:
    assert ticketbutler.Ticketbutler.__name__ == "Ticketbutler"
    assert ticketbutler.Limits().at_once
    assert issubclass(ticketbutler.Gone, ticketbutler.NotFound)
    with pytest.raises(AttributeError):
        getattr(ticketbutler, "Nothing")  # noqa: B009  # mypy knows that it is not there
