"""Rubbish of every kind to every endpoint: refused with an error of the document, never a 500.

What is sent are mostly fields that the endpoint knows, with values that it may not like; afterwards
everything can still be read, and no rule of the data is broken.
"""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxoffice.sandbox import Dialect
from tests.sandbox.site import Site, at, sound
from tests.sandbox.test_document import ENDPOINTS

EXPECTED = {200, 201, 202, 400, 401, 403, 404, 405, 406, 410, 413, 415}
METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")
NAMES = (
    "title", "start_date", "end_date", "ticket_types", "is_members_only", "team", "eventsettings",
    "address", "description", "summary", "delete_reason", "price", "amount", "amount_total", "pk",
    "active", "sort_id", "questions", "uuid", "new", "heading", "variation", "required",
    "ticket_type", "choices", "label", "label_da", "value", "event", "external_order_id",
    "first_name", "last_name", "email", "phone", "code", "usage_tickets_limit", "discount_type",
    "ticket_type_uuid", "full_name", "checked_in", "external_uuid", "lead_tracking_reference",
    "url", "action", "ticket_limit", "reminder_email", "postcode",
)  # fmt: skip

odd_text = st.text(st.characters(exclude_categories=[]), max_size=12)  # half characters too
likely = st.sampled_from(
    [
        "2026-11-06T09:45:00+01:00", "2026-11-06T09:45", "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00", "TEXT", "SELECT", "SELECT_MULTIPLE", "all", "PER_TICKET",
        "Default", "a@b.example", "http://127.0.0.1:1/", "https://[::1/", "1e9999", "1e-9999",
        "NaN", "-0", "0x10", "1_000", "٣", "true", "", " ", "0" * 32, "\x00", "\ud800",
    ]
)  # fmt: skip
numbers = st.one_of(
    st.integers(-3, 50),
    st.sampled_from([2**31 - 1, 2**31, 2**63, 10**60, -1, 0.1, 1e308, -0.0, 5e-324]),
    st.floats(allow_nan=False, allow_infinity=False),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, likely, odd_text)


def nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(values, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), odd_text), values, max_size=6),
    )


anything = st.recursive(leaves, nested, max_leaves=12)


def some(box: Site, data: st.DataObject) -> dict[str, str]:
    """Something there is for each name in the paths, and now and then something there is not."""
    state = box.state
    event = data.draw(st.sampled_from(list(state.events.values())[:3]))
    asked = [each.uuid for each in (*event.questions, *event.purchase_questions)]
    known = {
        "event": [event.uuid],
        "free": [each.uuid for each in event.ticket_types],
        "question": asked,
        "order": list(state.orders)[:3],
        "ticket": list(state.tickets)[:3],
        "code": [str(each) for each in state.discount_codes],
        "generic": [str(each) for each in state.discount_codes],
        "hook": list(state.webhooks),
    }
    odd = st.sampled_from(["0" * 32, "x", "%00", "%ff", "٣", "-1", "9" * 40])
    odd_one = data.draw(st.sampled_from([*known, None, None, None, None]))
    return {
        name: data.draw(odd if name == odd_one else st.sampled_from([*there, event.uuid][:4]))
        for name, there in known.items()
    }


def body(box: Site, example: Any, data: st.DataObject) -> Any:
    """What the endpoint takes with a few things spoilt in it, or anything at all."""
    if data.draw(st.integers(0, 4)) == 0:
        return data.draw(anything)
    if example == "order":
        event = box.state.tonight
        uuid = event.ticket_types[0].uuid if event.ticket_types else "x"
        address = {"first_name": "A", "last_name": "B", "email": "a@b.example"}
        types = [{"uuid": uuid, "amount": 1}]
        example = {"event": event.uuid, "address": address, "ticket_types": types}
    if example == []:  # answers
        event = box.state.tonight
        asked = data.draw(st.sampled_from([*event.questions, *event.purchase_questions]))
        return [{"uuid": asked.uuid, "value": data.draw(st.one_of(leaves, nested(leaves)))}]
    return spoilt(json.loads(json.dumps(example)), data)


def spoilt(value: Any, data: st.DataObject) -> Any:
    inside = data.draw(st.booleans())
    if isinstance(value, dict) and inside:
        value.update(data.draw(st.dictionaries(st.sampled_from(NAMES), anything, max_size=3)))
        deeper = data.draw(st.booleans())
        if value and deeper:
            name = data.draw(st.sampled_from(sorted(value)))
            value[name] = spoilt(value[name], data)
        return value
    if isinstance(value, list) and value and inside:
        return [spoilt(each, data) for each in value]
    return data.draw(st.one_of(st.just(value), anything))


calm = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("dialect", ["docs", "live"])
@calm
@given(data=st.data())
def test_spoilt_requests(dialect: Dialect, data: st.DataObject) -> None:
    async def ask() -> None:
        box = Site(dialect)
        async with box.client() as client:
            for _ in range(data.draw(st.integers(1, 4))):
                _, method, path, example, *_ = data.draw(st.sampled_from(ENDPOINTS))
                written = at(path).format(**some(box, data))
                sent = json.dumps(body(box, example, data)).encode()
                got = await client.request(
                    method, written, content=sent, headers={"Content-Type": "application/json"}
                )
                assert got.status_code in EXPECTED, (method, written, sent, got.text)
                if got.content and got.headers["content-type"] == "application/json":
                    got.json()
            await sound(box)

    asyncio.run(ask())


@pytest.mark.parametrize("dialect", ["docs", "live"])
@calm
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(sorted({path.partition("?")[0] for _, _, path, *_ in ENDPOINTS})),
    content=st.one_of(st.binary(max_size=40), st.sampled_from([b"[" * 9000, b"9" * 9000, b"NaN"])),
    kind=st.sampled_from(["application/json", "application/json; charset=x", "text/plain", "\xff"]),
    query=st.dictionaries(
        st.sampled_from(["format", "old", "year", "month", "email", "x"]), odd_text, max_size=3
    ),
    data=st.data(),
)
def test_bytes(
    dialect: Dialect,
    method: str,
    path: str,
    content: bytes,
    kind: str,
    query: dict[str, str],
    data: st.DataObject,
) -> None:
    async def ask() -> None:
        box = Site(dialect)
        params = {name: value.encode("utf-8", "replace") for name, value in query.items()}
        async with box.client() as client:
            got = await client.request(
                method,
                at(path).format(**some(box, data)),
                content=content,
                params={name: value.decode() for name, value in params.items()},
                headers={b"Content-Type": kind.encode("latin-1")},
            )
            assert got.status_code in EXPECTED, (method, path, content, got.text)
            await sound(box)

    asyncio.run(ask())
