"""A keyring in memory, which stands in for that of the system."""

from collections.abc import Callable
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class Ring(KeyringBackend):
    """A backend as any other: by `keyring.set_keyring`, or as PYTHON_KEYRING_BACKEND."""

    priority = 1
    held: ClassVar[dict[tuple[str, str], str]] = {}
    asked = 0
    """How often a key was asked for."""
    raised: Exception | None = None
    """What it does instead of answering."""
    held_back = False
    answered: Callable[[], bool] = staticmethod(lambda: True)
    """Waits for a person who gives leave."""

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if self.raised is not None:
            raise self.raised
        if not self.answered():
            return None
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.raised is not None:
            raise self.raised
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held_back or self.held.pop((service, username), None) is None:
            raise PasswordDeleteError("none")
