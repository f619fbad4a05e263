"""Addresses as people write them."""

from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.config import read_settings
from boxoffice.hooks import NOWHERE_ELSE, is_loopback, read_address, read_public


@pytest.mark.parametrize(
    ("text", "host", "port", "loopback"),
    [
        ("8801", "127.0.0.1", 8801, True),
        (" :0 ", "127.0.0.1", 0, True),
        ("localhost:1", "localhost", 1, True),
        ("0.0.0.0:65535", "0.0.0.0", 65535, False),
        ("door-1.example.com:80", "door-1.example.com", 80, False),
        ("[::1]:8801", "::1", 8801, True),
        ("[0:0::2]:8801", "::2", 8801, False),
    ],
)
def test_an_address(text: str, host: str, port: int, loopback: bool) -> None:
    read = read_address(text)
    assert read == (host, port)
    assert is_loopback(read.host) is loopback
    assert read_address(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "127.0.0.1",
        "127.0.0.1:",
        "a b:1",
        "::1:x",
        "::1:1",
        "h:65536",
        "h:-1",
        "h:٣",
        "[x]:1",
    ],
)
def test_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:8801"):
        read_address(text)


def test_nobody_else_is_listened_to_unless_told() -> None:
    assert is_loopback(NOWHERE_ELSE.host)


def test_the_address_that_leads_here() -> None:
    assert read_public(" https://door.example.com/x/ ") == "https://door.example.com/x"
    for text in ("", "door.example.com", "https://", "https:///x", "ftp://x", "https://a b"):
        with pytest.raises(ValueError, match="https://door"):
            read_public(text)


def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_settings({}).hooks == ""
    assert read_settings({"hooks": "8801"}).hooks == "127.0.0.1:8801"
    with pytest.raises(ProblemError, match=r"--hooks: write it like") as caught:
        read_settings({"hooks": "nowhere"})
    assert caught.value.status == 2
    with pytest.raises(ProblemError, match="--hooks-public: write it like https"):
        read_settings({"hooks_public": "door"})
    monkeypatch.setenv("BOXOFFICE_HOOKS", "[::1]:8801")
    assert read_settings({}).hooks == "[::1]:8801"
    file = tmp_path / "config.toml"
    file.write_text('hooks_public = "https://x.example"\nhooks_register = true\n')
    assert read_settings({}, file).hooks_register
