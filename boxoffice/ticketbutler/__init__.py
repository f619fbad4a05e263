"""The client of the Ticketbutler API, version 3. Knows nothing of doors, queues or screens.

The shapes of what a site says, and pydantic and httpx with them, are loaded when they are first
needed: errors and models are needed long before.
"""

from boxoffice.domain.secret_text import SecretStr as SecretStr
from boxoffice.ticketbutler.client import Ticketbutler as Ticketbutler
from boxoffice.ticketbutler.errors import CaptivePortal as CaptivePortal
from boxoffice.ticketbutler.errors import Forbidden as Forbidden
from boxoffice.ticketbutler.errors import Gone as Gone
from boxoffice.ticketbutler.errors import KeyMissing as KeyMissing
from boxoffice.ticketbutler.errors import KeyRefused as KeyRefused
from boxoffice.ticketbutler.errors import NoAnswer as NoAnswer
from boxoffice.ticketbutler.errors import NotFound as NotFound
from boxoffice.ticketbutler.errors import Refused as Refused
from boxoffice.ticketbutler.errors import ServerFault as ServerFault
from boxoffice.ticketbutler.errors import SiteError as SiteError
from boxoffice.ticketbutler.errors import TicketbutlerError as TicketbutlerError
from boxoffice.ticketbutler.errors import TooMany as TooMany
from boxoffice.ticketbutler.errors import Unreachable as Unreachable
from boxoffice.ticketbutler.errors import Unreadable as Unreadable
from boxoffice.ticketbutler.parsers import read_site as read_site
from boxoffice.ticketbutler.ticket_list import KnownRows as KnownRows
from boxoffice.ticketbutler.ticket_list import TicketList as TicketList
from boxoffice.ticketbutler.wire import Exchange as Exchange
from boxoffice.ticketbutler.wire import Limits as Limits
