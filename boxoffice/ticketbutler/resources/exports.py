"""What a site exports of all its events. API document: "Platform Data Exporting"."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field, PlainSerializer

from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import Endpoints, PreparedChange, pending, words_of
from boxoffice.ticketbutler.errors import Refused, Unreadable
from boxoffice.ticketbutler.fields import Kind
from boxoffice.ticketbutler.parsers import moment, without_tags
from boxoffice.ticketbutler.record import Record, read_one, read_some
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, no_value, site_words

_SHEET = b"PK\x03\x04"
"""How a spreadsheet of today begins: it is a zip file."""
_SENT = N_("The site sends the report by e-mail.")


def _date(value: object) -> datetime | None:
    """A day without a time is one too."""
    return moment(value.strip()[:64].replace("/", "-") if isinstance(value, str) else value)


Day = Annotated[
    datetime | None,
    fields.Holds(Kind.MOMENT, _date),
    PlainSerializer(fields.iso, return_type=str | None, when_used="json"),
]


class NewsletterSignup(Record):
    """Someone who asked for the newsletter."""

    date_joined: Day = Field(None, title="Joined")
    newsletter_event: fields.Line = Field("", title="First event signed up at")
    first_name: fields.Line = Field("", title="First name")
    last_name: fields.Line = Field("", title="Last name")
    email: fields.Email = Field("", title="E-mail")


@dataclass(frozen=True, slots=True)
class Newsletters:
    """What came of asking for the sign-ups: exactly one of the three."""

    signups: tuple[NewsletterSignup, ...] | None = None
    spreadsheet: bytes = b""
    """An Excel workbook."""
    sentence: str = ""
    """The site's own words: it sends them by e-mail instead."""


class Exports(Endpoints):
    """API document: "Platform Data Exporting"."""

    async def newsletters(self, form: Literal["json", "xlsx"] = "json") -> Newsletters:
        """Everybody who asked for the newsletter: as rows, or as an Excel workbook.

        API document: "Get all newsletter signups". A site may send them by e-mail instead, and
        answer a sentence; what comes is in one of the fields of `Newsletters`.
        """
        call = Call(
            "GET",
            "whitelabel/newsletters/",
            no_value,
            "export",
            query=f"format={form}",
            large=True,
            retry=False,
            accept="*/*" if form == "xlsx" else "application/json, */*;q=0.5",
            sentences=_NO_RIGHT,
        )

        async def read(call: Call[None], reply: Reply) -> Newsletters:
            return await asyncio.to_thread(_newsletters, call, reply)

        return await self._session.exchange(call, read)

    @pending
    async def orders_by_month(
        self, year: int | None = None, month: int | None = None, email: str = ""
    ) -> PreparedChange[str]:
        """Have the orders of a month sent by e-mail; returns what the site says of it.

        API document: "Get Order by Month". Without `year` and `month` it is this one; without
        `email` it goes to whom the site sends its accounts.
        """
        if month is not None and not 1 <= month <= 12:
            raise Refused("no month", _("Give the month as a number from 1 to 12."))
        if year is not None and not 1971 <= year <= 9999:
            raise Refused("no year", _("Give the year with four digits."))
        given = {"year": year, "month": month, "email": email.strip()}
        query = urlencode({name: value for name, value in given.items() if value})
        call = Call(
            "GET",
            "whitelabel/orders/",
            no_value,
            "report",
            query=query,
            retry=False,  # each time an e-mail goes out
            slow=True,
            accept="application/json, */*;q=0.5",
            sentences=_NO_RIGHT,
        )
        return PreparedChange(call, lambda: self._session.send(call, _sentence))


_NO_RIGHT = {
    403: N_("The key may not export: ask the organiser for a key with more rights."),
}


def _newsletters(call: Call[None], reply: Reply) -> Newsletters:
    body = reply.body
    if body.startswith(_SHEET):
        return Newsletters(spreadsheet=body)
    answer = words_of(call, reply)
    if isinstance(answer, str):
        return Newsletters(sentence=_plain(answer))
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        if not lists:
            return Newsletters(sentence=_plain(site_words(reply)))
        answer = lists[0]
    try:
        return Newsletters(signups=tuple(read_some(answer, _signup, "sign-ups")))
    except WrongShape as error:
        problem = str(error)
    raise Unreadable(f"{call}: {reply.status}: {problem}")


def _signup(value: object) -> NewsletterSignup:
    signup = read_one(NewsletterSignup, value)
    if not signup.email:
        raise WrongShape("a sign-up without an e-mail address")
    return signup


def _sentence(call: Call[None], reply: Reply) -> str:
    answer = words_of(call, reply)
    return _plain(answer if isinstance(answer, str) else site_words(reply))


def _plain(words: str) -> str:
    return clean(without_tags(words), 300) or _(_SENT)
