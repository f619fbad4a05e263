"""Newsletter signups and the orders of a month, as JSON, as spreadsheets and by e-mail."""

import io
import zipfile
from xml.etree import ElementTree

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.api_platform import ACCOUNTING, ORDER_COLUMNS, workbook
from boxoffice.sandbox.endpoint import SPREADSHEET
from boxoffice.sandbox.state import Role
from tests.support import both_dialects

COLUMNS = ["date_joined", "newsletter_event", "first_name", "last_name", "email"]
_NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells(content: bytes) -> list[list[str]]:
    """What stands in a spreadsheet; a formula fails the test."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in si.iter(f"{{{_NS['x']}}}t")) for si in shared]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(".//x:f", _NS) is None
    rows = []
    for row in sheet.iterfind(".//x:row", _NS):
        line = []
        for cell in row.iterfind("x:c", _NS):
            value = cell.findtext("x:v", "", _NS)
            line.append(texts[int(value)] if cell.get("t") == "s" else value)
        rows.append(line)
    return rows


@both_dialects
async def test_signups_as_json(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    rows = (await api.get("whitelabel/newsletters/", params={"format": "json"})).json()
    assert rows
    assert all(list(row) == COLUMNS for row in rows)
    emails = [row["email"] for row in rows]
    assert len(set(emails)) == len(emails), "once each"
    assert set(emails) == sandbox.state.subscribers
    new = sandbox.examples()["hostile"].order
    sandbox.state.sign_up(new)
    after = (await api.get("whitelabel/newsletters/")).json()
    (added,) = [row for row in after if row not in rows]
    assert added["email"] == new.address["email"]


async def test_signups_as_a_spreadsheet(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    hostile = sandbox.examples()["hostile"].order
    hostile.address["first_name"] = "=1+1"
    sandbox.state.sign_up(hostile)
    got = await api.get("whitelabel/newsletters/", params={"format": "xlsx"})
    assert (got.status_code, got.headers["content-type"]) == (200, SPREADSHEET)
    header, *rows = cells(got.content)
    assert header == COLUMNS
    told = (await api.get("whitelabel/newsletters/", params={"format": "json"})).json()
    assert [row[4] for row in rows] == [each["email"] for each in told]
    assert "=1+1" in [row[2] for row in rows]


@pytest.mark.parametrize("dialect", ["live"])
async def test_the_live_service_mails_the_spreadsheet(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    got = await api.get("whitelabel/newsletters/", params={"format": "xlsx"})
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/html")
    assert got.text == f"Email with newsletter data will be sent to <b>{ACCOUNTING}</b>"
    (mail,) = sandbox.state.outbox
    assert (mail.to, list(mail.columns)) == (ACCOUNTING, COLUMNS)
    assert len(mail.rows) == len(sandbox.state.subscribers)


@both_dialects
async def test_an_unknown_format_is_not_acceptable(api: httpx.AsyncClient) -> None:
    for wanted in ("csv", "", "JSON"):
        got = await api.get("whitelabel/newsletters/", params={"format": wanted})
        assert got.status_code == 406
    assert (await api.post("whitelabel/newsletters/", json={})).status_code == 405


@both_dialects
async def test_orders_of_a_month_are_mailed(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    query = {"year": "2026", "month": "4", "email": "me@example.com"}
    got = await api.get("whitelabel/orders/", params=query)
    assert got.status_code == 200
    (mail,) = sandbox.state.outbox
    assert mail.to == "me@example.com"
    placed = [
        order
        for order in sandbox.state.orders.values()
        if f"{order.created.astimezone(order.event.timezone):%Y-%m}" == "2026-04"
    ]
    assert len(mail.rows) == len(placed) > 50

    control = f"{sandbox.url}/_sandbox/mail/"
    (told,) = (await api.get(control)).json()
    assert told["rows"] == len(placed)
    got = await api.get(f"{control}{told['number']}/")
    header, *rows = cells(got.content)
    assert header == list(ORDER_COLUMNS)
    first = placed[0]
    assert rows[0][0] == first.order_id
    assert float(rows[0][3]) == float(first.total)
    assert rows[0][9] == first.event.uuid
    assert {row[2] for row in rows} <= {"PAID", "REFUNDED", "NEW", "CANCELLED"}
    assert (await api.get(f"{control}9/")).status_code == 404


async def test_this_month_unless_told(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    assert (await api.get("whitelabel/orders/")).is_success
    (mail,) = sandbox.state.outbox
    assert (mail.to, mail.subject) == (ACCOUNTING, "Orders of 2026-05")


@pytest.mark.parametrize(
    "bad",
    [{"month": "13"}, {"month": "0"}, {"month": "May"}, {"year": "0"}, {"email": "nobody"}],
)
async def test_refused(api: httpx.AsyncClient, sandbox: Sandbox, bad: dict[str, str]) -> None:
    got = await api.get("whitelabel/orders/", params=bad)
    assert (got.status_code, set(got.json())) == (400, set(bad))
    assert not sandbox.state.outbox


async def test_exports_are_an_admins(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.state.role = Role.ORGANISER
    for path in ("whitelabel/newsletters/", "whitelabel/orders/"):
        assert (await api.get(path)).status_code == 403


def test_an_empty_spreadsheet() -> None:
    assert cells(workbook(["a", "b"], [])) == [["a", "b"]]
