"""The organiser's desk: every kind of thing a manager keeps, with the same few verbs.

`RESOURCES` are the kinds, which need no client; `Desk` is all of them at one site. Nothing of it is
imported where a door starts.
"""

from boxoffice.desk.desk import RESOURCES, Desk
from boxoffice.desk.resources import Action, Outcome, Resource, Row, Values, Verb
from boxoffice.desk.values import for_create, for_input, for_update
from boxoffice.ticketbutler.changes import PendingChange, Request
from boxoffice.ticketbutler.organiser_events import SHORTEST_REASON

__all__ = [
    "RESOURCES",
    "SHORTEST_REASON",
    "Action",
    "Desk",
    "Outcome",
    "PendingChange",
    "Request",
    "Resource",
    "Row",
    "Values",
    "Verb",
    "for_create",
    "for_input",
    "for_update",
]
