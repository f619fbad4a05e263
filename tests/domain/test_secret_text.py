"""Secrets: shown by nothing, and taken out of what is shown."""

import pytest

from boxoffice.domain.secret_text import SecretStr, without


def test_a_secret_is_shown_by_nothing_but_its_method() -> None:
    secret = SecretStr("4f5e6d7c")
    assert secret.get_secret_value() == "4f5e6d7c"
    assert "4f5e" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"
    assert {secret} == {SecretStr("4f5e6d7c")} != {SecretStr("4f5e6d7d")}


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("0123456789abcdef", "no 0123456789abcdef!", "no …!"),
        ("0123456789abcdef", "x0123456789abcdefx0123456789abcdef", "x…x…"),
        ("password", "/password/passwords", "/…/…s"),
        ("secret", "Token secret: the secrets of 'secret'.", "Token …: the secrets of '…'."),
        ("a.c", "abc a.c a.cd -a.c", "abc … a.cd -a.c"),
        ("a", "This is a taxing matter.", "This is a taxing matter."),
        ("is", "This is it.", "This is it."),
        ("", "This.", "This."),
    ],
)
def test_a_secret_is_taken_out(secret: str, text: str, shown: str) -> None:
    assert without(text, secret) == shown
    assert without(text, secret, "") == shown.replace("…", "")
