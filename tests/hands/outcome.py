"""What a burst did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from boxoffice.sandbox.gate import Logged
from tests.hands.burst import Burst


@dataclass
class Outcome:
    """What one burst did, by the site's record and by what is on the screen."""

    burst: Burst
    admitted: list[str] = field(default_factory=list)
    """Tickets checked in at the site, by uuid."""
    effects: list[str] = field(default_factory=list)
    """What else happened that must not."""
    slow: bool = False
    """The hand itself was held up, and sent what no scanner does."""
    broken: bool = False
    """The door says that the scan broke off."""
    tries: int = 1

    @property
    def strangers(self) -> list[str]:
        """Who was let in and is not named, or was let in again."""
        named = [ticket for ticket in self.admitted if ticket in self.burst.names]
        return [t for t in self.admitted if t not in self.burst.names] + named[len(set(named)) :]

    @property
    def right(self) -> bool:
        """All whom it names were let in."""
        return bool(self.burst.names) and self.burst.names <= set(self.admitted)

    @property
    def wrong(self) -> list[str]:
        """All that must not be, in words."""
        wrong = [f"let in {ticket}" for ticket in self.strangers] + self.effects
        if self.burst.admits and not self.right:
            wrong.append("did not let in whom it names")
        return wrong

    def __str__(self) -> str:
        return f"{self.burst}\n      {'; '.join(self.wrong) or 'right'}"


def check_in_of(change: Logged) -> tuple[str, bool] | None:
    """The ticket, and whether it is in from then on; None: the change is another."""
    match = re.fullmatch(r"tickets/([0-9a-f]{32})/", change.path)
    data = change.data
    if change.method != "PATCH" or match is None or not isinstance(data, Mapping):
        return None
    if set(data) != {"checked_in"}:
        return None
    return match[1], data["checked_in"] is True
