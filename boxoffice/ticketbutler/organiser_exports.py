"""What a site exports of all its events. API document: "Platform Data Exporting"."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator

from boxoffice.domain.text import clean
from boxoffice.organiser import Newsletters, NewsletterSignup
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, refuse, words_of
from boxoffice.ticketbutler.errors import Unreadable
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_shapes import read_some
from boxoffice.ticketbutler.parsers import Email, Line, Moment, aware, read_one
from boxoffice.ticketbutler.wire import Call, Reply, WrongShape, site_words

_SHEET = b"PK\x03\x04"
"""How a spreadsheet of today begins: it is a zip file."""
_SENT = "The site sends the report by e-mail."


def _date(value: object) -> object:
    """A day without a time is one too."""
    return value.strip()[:64].replace("/", "-") if isinstance(value, str) else value


class SignupShape(BaseModel):
    date_joined: Annotated[Moment, BeforeValidator(_date)] = None
    newsletter_event: Line = ""
    first_name: Line = ""
    last_name: Line = ""
    email: Email = ""


class ExportCalls(Calls):
    """API document: "Platform Data Exporting"."""

    async def newsletters(self, form: Literal["json", "xlsx"] = "json") -> Newsletters:
        """Everybody who asked for the newsletter: as rows, or as an Excel workbook.

        API document: "Get all newsletter signups". A site may send them by e-mail instead, and
        answer a sentence; what comes is in one of the fields of `Newsletters`.
        """
        call = Call(
            "GET",
            "whitelabel/newsletters/",
            _nothing,
            "export",
            query=f"format={form}",
            large=True,
            retry=False,
            accept="*/*" if form == "xlsx" else "application/json, */*;q=0.5",
            says=_NO_RIGHT,
        )

        async def read(call: Call[None], reply: Reply) -> Newsletters:
            return await asyncio.to_thread(_newsletters, call, reply)

        return await self._client.exchange(call, read)

    def orders_by_month(
        self, year: int | None = None, month: int | None = None, email: str = ""
    ) -> PendingChange[str]:
        """Have the orders of a month sent by e-mail; returns what the site says of it.

        API document: "Get Order by Month". Without `year` and `month` it is this one; without
        `email` it goes to whom the site sends its accounts.
        """

        async def prepare() -> PreparedChange[str]:
            if month is not None and not 1 <= month <= 12:
                raise refuse("no month", "Give the month as a number from 1 to 12.")
            if year is not None and not 1971 <= year <= 9999:
                raise refuse("no year", "Give the year with four digits.")
            given = {"year": year, "month": month, "email": email.strip()}
            query = urlencode({name: value for name, value in given.items() if value})
            call = Call(
                "GET",
                "whitelabel/orders/",
                _nothing,
                "report",
                query=query,
                retry=False,  # each time an e-mail goes out
                slow=True,
                accept="application/json, */*;q=0.5",
                says=_NO_RIGHT,
            )
            return PreparedChange(call, lambda: self._client.send(call, _sentence))

        return PendingChange(prepare)


_NO_RIGHT = {
    403: "The key may not export: ask the organiser for a key with more rights.",
}


def _newsletters(call: Call[None], reply: Reply) -> Newsletters:
    body = reply.body
    if body.startswith(_SHEET):
        return Newsletters(spreadsheet=body)
    told = words_of(call, reply)
    if isinstance(told, str):
        return Newsletters(sentence=_said(told))
    if isinstance(told, dict):
        lists = [each for each in told.values() if isinstance(each, list)]
        if not lists:
            return Newsletters(sentence=_said(site_words(reply)))
        told = lists[0]
    try:
        return Newsletters(signups=tuple(read_some(told, _signup, "sign-ups")))
    except WrongShape as error:
        problem = str(error)
    raise Unreadable(f"{call}: {reply.status}: {problem}")


def _signup(value: object) -> NewsletterSignup:
    shape = read_one(SignupShape, value)
    if not shape.email:
        raise WrongShape("a sign-up without an e-mail address")
    return NewsletterSignup(**shape.model_dump() | {"date_joined": aware(shape.date_joined, None)})


def _sentence(call: Call[None], reply: Reply) -> str:
    told = words_of(call, reply)
    return _said(told if isinstance(told, str) else site_words(reply))


def _said(words: str) -> str:
    return clean(words, 300) or _SENT


def _nothing(_value: object) -> None:
    return None
