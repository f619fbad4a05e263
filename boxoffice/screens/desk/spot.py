"""Where on the desk one is: which kind of thing, of which event, and how values are written there.

The desk itself is made by `boxoffice.manage`; what the screens need of a change is said here.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from boxoffice.domain.models import Event
from boxoffice.screens.desk.filling import Manners

if TYPE_CHECKING:
    from boxoffice.manage import Desk, Resource

NOT_NAMED = "without a name"


class Sent(NamedTuple):
    """A change that the site took, and what it answered."""

    result: Any


@dataclass(frozen=True, slots=True)
class Spot:
    """One kind of thing, of an event or of the whole site."""

    desk: "Desk"
    resource: "Resource"
    event: Event | None = None
    """None: of the whole site."""
    home: Event | None = None
    """The event whose desk it is, also where the rows are the site's."""
    locale: str = ""

    @property
    def of(self) -> str | None:
        """The event's uuid."""
        return self.event.uuid if self.event else None

    @property
    def title(self) -> str:
        return self.resource.title

    @property
    def where(self) -> str:
        """What stands behind the title."""
        return (self.event.title or "an event without a title") if self.event else "whole site"

    def zone(self, row: object = None) -> tzinfo | None:
        """Of the moments in a row, or in a new one; None: each has its own offset."""
        own = self.resource.zone(row) if row is not None else None
        if own is not None:
            return own
        if self.event is not None:
            return self.event.zone
        return self.home.zone if row is None and self.home is not None else None

    def manners(self, row: object = None) -> Manners:
        return Manners(self.zone(row), self.locale)

    def called(self, row: object) -> str:
        """A row in a sentence: `ticket type “Standard”`."""
        return f"{self.resource.one} “{self.resource.called(row) or NOT_NAMED}”"
