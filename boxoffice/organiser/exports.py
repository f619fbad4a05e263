"""What a site exports of all its events. API document: "Platform Data Exporting"."""

from dataclasses import dataclass, field
from datetime import datetime

from boxoffice.organiser.fields import Kind, said


@dataclass(frozen=True, slots=True)
class NewsletterSignup:
    """Someone who asked for the newsletter."""

    date_joined: datetime | None = field(default=None, metadata=said("Joined", Kind.MOMENT))
    newsletter_event: str = field(default="", metadata=said("First event signed up at"))
    first_name: str = field(default="", metadata=said("First name"))
    last_name: str = field(default="", metadata=said("Last name"))
    email: str = field(default="", metadata=said("E-mail", Kind.EMAIL))


@dataclass(frozen=True, slots=True)
class Newsletters:
    """What came of asking for the sign-ups: exactly one of the three."""

    signups: tuple[NewsletterSignup, ...] | None = None
    spreadsheet: bytes = b""
    """An Excel workbook."""
    sentence: str = ""
    """The site's own words: it sends them by e-mail instead."""
