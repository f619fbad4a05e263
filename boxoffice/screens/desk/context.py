"""Where on the desk one is: which kind of thing, of which event, and how values are written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple

from boxoffice.domain.models import Event
from boxoffice.language import N_, _
from boxoffice.manage import Desk, Resource, field_info

NAMES_OF = {"ticket_type_uuid": "ticket-types"}
"""Fields that name a thing of another kind by its key."""
TITLES_OF = {"ticket_type": "ticket-types"}
"""Fields that name it as people do."""

Offered = Mapping[str, Sequence[tuple[str, str]]]
"""For fields that name something else, by the field's name: what there is, as (value, label)."""

NOT_NAMED = N_("without a name")


def label_of(offered: Offered, name: str, value: str) -> str:
    """What people call what a field names; the value itself where it names nothing else."""
    return dict(offered.get(name, ())).get(value, value)


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

    desk: Desk
    resource: Resource
    event: Event | None = None
    """None: of the whole site."""
    home: Event | None = None
    """The event whose desk it is, also where the rows are the site's."""
    locale: str = ""

    @property
    def event_uuid(self) -> str | None:
        return self.event.uuid if self.event else None

    @property
    def scope(self) -> str:
        """What stands behind the title."""
        if self.event is None:
            return _("whole site")
        return self.event.title or _("an event without a title")

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

    def describe(self, row: object) -> str:
        """A row in a sentence: `ticket type “Standard”`."""
        name = getattr(row, self.resource.name_field) or _(NOT_NAMED)
        return f"{_(self.resource.one)} “{name}”"

    async def offered(self, model: type[Any]) -> Offered:
        """What may stand in those fields of `model` that name a thing of another kind."""
        fields = [info for info in field_info(model) if info.editable or info.name in NAMES_OF]
        fields += [part for item in fields if item.model for part in field_info(item.model)]
        names = {one.name for one in fields}
        found: dict[str, Sequence[tuple[str, str]]] = {}
        for field, kind in {**NAMES_OF, **TITLES_OF}.items():
            if field not in names:
                continue
            resource = self.desk.resources[kind]
            rows = await resource.list(self.event_uuid) if self.event_uuid else ()
            titles = Counter(resource.name_of(row) for row in rows)
            found[field] = [
                (title if field in TITLES_OF and titles[title] == 1 else key, label)
                for row in rows
                for title, key in [(resource.name_of(row), resource.key(row))]
                # Of two that are called the same, a change from one to the other must be seen.
                for label in [title if titles[title] == 1 else f"{title} ({key[:8]})"]
            ]
        return found
