"""boxoffice: check-in at the door for events ticketed by Ticketbutler."""

__version__ = "0.1.0"
