"""The key goes to the site and nowhere else."""

import logging
import traceback

import pytest

from boxoffice.domain.secret_text import SecretStr
from boxoffice.ticketbutler import CaptivePortal, Exchange, KeyMissing, KeyRefused, Ticketbutler
from tests.ticketbutler.raw import KEY, TICKET, UUID, RawServer, list_error, read_error, write_error


@pytest.mark.parametrize("key", ["", " ", "two words", "line\nbreak", "nøgle", "\x00", "Token "])
def test_what_is_no_key_is_refused_at_once_and_not_repeated(key: str) -> None:
    with pytest.raises(KeyRefused) as caught:
        Ticketbutler("https://test.ticketbutler.io", SecretStr(key))
    assert caught.value.sentence.endswith(".")
    assert not key.strip() or key not in f"{caught.value!r}{caught.value.sentence}"


async def test_what_was_copied_with_the_key_is_left_out(server: RawServer) -> None:
    server.reply(TICKET)
    async with Ticketbutler(server.url, SecretStr(f" Token {KEY}\n")) as client:
        await client.tickets.get(UUID)
    assert f"Authorization: Token {KEY}\r\n".encode() in server.seen[0]


async def test_nothing_is_sent_before_the_key_is_there(
    server: RawServer, exchanges: list[Exchange]
) -> None:
    missing: list[KeyMissing] = [KeyMissing("not yet"), KeyMissing("not yet")]

    async def source() -> SecretStr:
        if missing:
            raise missing.pop()
        return SecretStr(f"Token {KEY}")

    server.reply(TICKET)
    async with Ticketbutler(server.url, source, observe=exchanges.append) as client:
        for _turn in range(2):
            assert type(await read_error(client)) is KeyMissing
        assert (server.seen, len(exchanges)) == ([], 2)
        assert await client.tickets.get(UUID)
    assert f"Authorization: Token {KEY}\r\n".encode() in server.seen[0]


@pytest.mark.parametrize(("key", "said"), [("e", "The event is over"), ("event", "The … is over")])
async def test_a_short_key_leaves_the_sites_words_readable(
    server: RawServer, key: str, said: str
) -> None:
    server.reply(b'{"detail": "The event is over"}', "400 Bad Request")
    async with Ticketbutler(server.url, SecretStr(key)) as client:
        assert said in (await write_error(client)).sentence


async def test_a_proxy_in_the_environment_does_not_get_the_key(
    server: RawServer, client: Ticketbutler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.reply(TICKET)
    assert await client.tickets.get(UUID)


async def test_no_redirect_is_followed_and_no_cookie_is_kept(
    server: RawServer, client: Ticketbutler
) -> None:
    location = f"Location: {server.url.replace('127.0.0.1', 'localhost')}/api/v3/ping/"
    server.reply(b"", "302 Found", location, "Set-Cookie: id=1; Path=/")
    assert type(await read_error(client)) is CaptivePortal
    assert type(await read_error(client)) is CaptivePortal
    assert len(server.seen) == 2
    assert b"cookie" not in server.seen[1].lower()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 X\r\n\r\n" + f'{{"detail": "Invalid token {KEY}"}}'.encode(),
        b"HTTP/1.1 302 X\r\nLocation: http://x.example/" + KEY.encode() + b"\r\n\r\n",
        b"HTTP/1.1 200 X\r\n\r\n" + KEY.encode(),
        KEY.encode() + b" 200 X\r\n\r\n",
        b"HTTP/1.1 200 " + KEY.encode() + b"\r\nX\r\n\r\n",
    ],
)
async def test_the_key_is_in_no_text(
    server: RawServer,
    client: Ticketbutler,
    exchanges: list[Exchange],
    caplog: pytest.LogCaptureFixture,
    answer: bytes,
) -> None:
    server.answer = answer
    with caplog.at_level(logging.DEBUG):
        errors = [await read_error(client), await list_error(client), await write_error(client)]
    texts = [repr(client), str(vars(client)), repr(exchanges)]
    for error in errors:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        texts += [error.sentence, str(error), repr(error), "".join(told.format())]
    # httpcore logs what the other side sent, where that is no HTTP; our own records never hold it.
    ours = [each for each in caplog.records if each.name.startswith("boxoffice")]
    texts += [each.getMessage() for each in ours]
    assert KEY not in "\n".join(texts)
    assert all(f"Token {KEY}" not in each.getMessage() for each in caplog.records)
