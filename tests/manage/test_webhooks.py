"""What webhooks are called: short, without the secret in an address, and never two alike."""

import pytest

from boxoffice.manage import Desk
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.resources.webhooks import host_of
from tests.manage.stage import value

HOOK = "http://127.0.0.1:8801/hooks/6f1a2b3c4d5e6f7a"
ELSEWHERE = "https://user:word@Example.COM/secret?key=1"
OTHER = "https://example.com/secret?key=1"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (HOOK, "127.0.0.1:8801"),
        (ELSEWHERE, "example.com"),
        ("http://[::1]:80/x", "[::1]:80"),
        ("http://example.com:99999999/x", "no address"),
        ("http://[bad/x", "no address"),
        ("", "no address"),
    ],
)
def test_only_the_host_is_told(url: str, host: str) -> None:
    assert host_of(url) == host


async def test_two_at_one_address_are_told_apart(desk: Desk) -> None:
    hooks = desk.resources["webhooks"]
    one, two = [await value(hooks.create(None, {"url": HOOK, "action": "all"})) for _ in range(2)]
    other = await value(hooks.create(None, {"url": OTHER, "action": "all"}))
    names = [hooks.name_of(each) for each in (one, two, other)]
    assert len(set(names)) == 3
    assert names == [f"{one.uuid[:4]} 127.0.0.1:8801", *names[1:]]
    for row, name in zip((one, two, other), names, strict=True):
        assert await hooks.find(None, name) == row
        assert await hooks.find(None, row.uuid) == row
        assert "hooks/" not in name
    for wanted in (HOOK, "127.0.0.1:8801"):
        with pytest.raises(Refused) as caught:
            await hooks.find(None, wanted)
        assert one.uuid in caught.value.sentence
        assert two.uuid in caught.value.sentence
    for wanted in (OTHER, "example.com"):
        assert await hooks.find(None, wanted) == other


async def test_what_confirms_a_removal_is_of_that_one_alone(desk: Desk) -> None:
    hooks = desk.resources["webhooks"]
    one, two = [await value(hooks.create(None, {"url": HOOK, "action": "all"})) for _ in range(2)]
    for typed in (hooks.name_of(one).upper(), one.uuid, one.url):
        assert hooks.confirms(one, typed)
    for typed in ("127.0.0.1:8801", hooks.name_of(two), two.uuid, "", one.uuid[:4]):
        assert not hooks.confirms(one, typed)


async def test_the_secret_is_in_no_column_and_can_be_searched_for(desk: Desk) -> None:
    hooks = desk.resources["webhooks"]
    one = await value(hooks.create(None, {"url": HOOK, "action": "all"}))
    assert not any("hooks/" in cell for cell in hooks.cells(one))
    assert hooks.matches(one, HOOK)
