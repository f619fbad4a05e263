"""Texts that nobody is to be shown, as the key of a site, and how they are taken out of others."""

import re
from dataclasses import dataclass

_SHORTEST = 3
"""Characters from which a secret is kept out of sentences, where it stands alone."""
_INSIDE_WORDS = 8
"""Characters from which it is kept out of other words too."""


@dataclass(frozen=True, slots=True)
class SecretStr:
    """A text that no log, traceback or `repr` shows.

    Has pydantic's name and its one method; pydantic itself takes an eighth of a start to load.
    """

    _value: str

    def get_secret_value(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "SecretStr('**********')"

    __str__ = __repr__


def without(text: str, secret: str, mark: str = "…") -> str:
    """`text` with `mark` in the place of a secret.

    One of eight characters and more goes wherever it stands, also inside other words. A shorter one
    goes where it stands alone, and one or two characters stay: they keep nothing secret, and every
    sentence would be full of holes.
    """
    if secret not in text or len(secret) < _SHORTEST:
        return text
    if len(secret) >= _INSIDE_WORDS:
        return text.replace(secret, mark)
    return re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", lambda _: mark, text)
