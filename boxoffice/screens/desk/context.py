"""Where on the desk one is: which kind of thing, of which event, and how values are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from boxoffice.domain.models import Event

if TYPE_CHECKING:
    from boxoffice.manage import Desk, Resource

NOT_NAMED = "without a name"


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """How values are written where the form stands."""

    zone: tzinfo | None = None
    """Of moments; None: each with its offset."""
    locale: str = ""
    """Of amounts; empty: the system's."""


class Confirmation(NamedTuple):
    """What a person types before something is done that cannot be taken back."""

    name: str
    matches: Callable[[str], bool]


class Sent(NamedTuple):
    """A change that the site took, and what it answered."""

    result: Any


@dataclass(frozen=True, slots=True)
class Context:
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

    @property
    def for_admins(self) -> bool:
        """Only the key of an administrator does anything with these."""
        return self.resource.needs_admin or (self.resource.generic and self.event is None)

    @property
    def may_change(self) -> bool:
        """Whether the key may change what is listed here, as far as the site tells."""
        rights = self.desk.rights(self.home.uuid if self.home else None)
        if self.for_admins:
            return rights.admin
        return rights.organiser or self.event is None

    def zone(self, row: object = None) -> tzinfo | None:
        """Of the moments in a row, or in a new one; None: each has its own offset."""
        own = self.resource.zone(row) if row is not None else None
        if own is not None:
            return own
        if self.event is not None:
            return self.event.zone
        return self.home.zone if row is None and self.home is not None else None

    def format_options(self, row: object = None) -> FormatOptions:
        return FormatOptions(self.zone(row), self.locale)

    def confirmation(self, row: object) -> Confirmation:
        resource = self.resource
        return Confirmation(resource.name_of(row), lambda typed: resource.confirms(row, typed))

    def called(self, row: object) -> str:
        """A row in a sentence: `ticket type “Standard”`."""
        return f"{self.resource.one} “{self.resource.called(row) or NOT_NAMED}”"
