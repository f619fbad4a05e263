"""Which addresses are taken for a site, and as what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.ticketbutler import SiteError, read_site


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://test.ticketbutler.io", "https://test.ticketbutler.io"),
        ("test.ticketbutler.io", "https://test.ticketbutler.io"),
        ("  HTTPS://Test.Ticketbutler.IO/ \n", "https://test.ticketbutler.io"),
        ("https://test.ticketbutler.io/da/e/weekend-hack/?a=1#x", "https://test.ticketbutler.io"),
        ("test.ticketbutler.io/api/v3/", "https://test.ticketbutler.io"),
        ("//test.ticketbutler.io", "https://test.ticketbutler.io"),
        ("https://test.ticketbutler.io:443", "https://test.ticketbutler.io"),
        ("https://test.ticketbutler.io:8443/", "https://test.ticketbutler.io:8443"),
        ("https://billet.ærø.dk", "https://billet.xn--r-3fa9c.dk"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost", "http://localhost"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:80", "http://127.0.0.1"),
        ("https://localhost:8000", "https://localhost:8000"),
        ("x.localhost", "https://x.localhost"),
        ("127.8.8.8", "http://127.8.8.8"),
    ],
)
def test_a_site(text: str, origin: str) -> None:
    assert read_site(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "https://",
        "ftp://test.ticketbutler.io",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://test.ticketbutler.io",
        "http://127.0.0.1.nip.io",
        "http://10.0.0.7:8000",
        "http://x.localhost",
        "http://localhost.example",
        "http://128.0.0.1",
        "https://exa mple.com",
        "https://example..com",
        "https://-example.com",
        "https://example.com:notaport",
        "https://example.com:99999",
        "https://[::1",
        "https://name:password@example.com",
        "https://example.com\\@evil.example",
        "0123456789abcdef0123456789abcdef01234567",
        "https://exa\u202emple.com/\x1b[31m",
        "¡27.0.0.1:8899",
        "https://☃.ticketbutler.io",
    ],
)
def test_no_site(text: str) -> None:
    with pytest.raises(SiteError) as caught:
        read_site(text)
    assert caught.value.sentence.endswith(".")
    assert caught.value.sentence.isprintable()


def test_what_could_be_a_secret_is_not_repeated() -> None:
    for text in ("https://name:pa55word@example.com", "pa55word0123456789"):
        with pytest.raises(SiteError) as caught:
            read_site(text)
        assert "pa55word" not in f"{caught.value.sentence} {caught.value!r}"


@given(st.text())
def test_any_text_is_a_safe_site_or_refused(text: str) -> None:
    try:
        origin = read_site(text)
    except SiteError:
        return
    assert origin.startswith("https://") or "localhost" in origin or "127." in origin
    assert read_site(origin) == origin
