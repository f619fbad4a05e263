"""The organiser's desk: every kind of thing a manager keeps, with the same few verbs.

`RESOURCES` are the kinds, which need no client; `Desk` is all of them at one site. Nothing of it is
imported where a door starts.
"""

from boxoffice.desk.desk import RESOURCES, Desk
from boxoffice.desk.resources import Action, Outcome, Resource, Row, Values, Verb
from boxoffice.desk.values import entered, for_create, for_input, for_update, steps
from boxoffice.ticketbutler.changes import Difference, PendingChange, Request
from boxoffice.ticketbutler.parsers import EntryError, Kind
from boxoffice.ticketbutler.resources.events import SHORTEST_REASON
from boxoffice.ticketbutler.resources.record import (
    FieldInfo,
    Record,
    changed,
    default,
    field_info,
    shown,
    written,
)

__all__ = [
    "RESOURCES",
    "SHORTEST_REASON",
    "Action",
    "Desk",
    "Difference",
    "EntryError",
    "FieldInfo",
    "Kind",
    "Outcome",
    "PendingChange",
    "Record",
    "Request",
    "Resource",
    "Row",
    "Values",
    "Verb",
    "changed",
    "default",
    "entered",
    "field_info",
    "for_create",
    "for_input",
    "for_update",
    "shown",
    "steps",
    "written",
]
