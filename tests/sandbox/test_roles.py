"""What the key's user may do: the document's 403."""

import httpx
import pytest

from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.state import Role


async def test_an_observer_only_reads(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.state.role = Role.OBSERVER
    event = f"events/{ticket.event.uuid}/"
    for path in ("events/", event, f"{event}tickets/", f"{event}discount-code/"):
        assert (await api.get(path)).status_code == 200
    for method, path in (
        ("PATCH", f"tickets/{ticket.uuid}/"),
        ("POST", "orders/"),
        ("POST", event),
        ("DELETE", event),
        ("DELETE", f"orders/{ticket.order.uuid}/"),
    ):
        got = await api.request(method, path, json={"checked_in": True})
        assert got.status_code == 403
        assert got.json() == {"detail": "You do not have permission to perform this action."}
    assert not ticket.checked_in


async def test_the_role_is_set_by_hand(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    path = f"{sandbox.url}/_sandbox/role/"
    assert (await api.post(path, params={"is": "Observer"})).json() == {"role": "Observer"}
    assert sandbox.state.role is Role.OBSERVER
    assert (await api.post(path, params={"is": "King"})).status_code == 400
    assert (await api.post(path)).status_code == 400


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.ADMIN])
async def test_others_write(api: httpx.AsyncClient, sandbox: Sandbox, role: Role) -> None:
    sandbox.state.role = role
    ticket = sandbox.examples()["plain"]
    assert (await api.patch(f"tickets/{ticket.uuid}/", json={"checked_in": True})).is_success
