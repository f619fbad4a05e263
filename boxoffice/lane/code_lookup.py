"""Finds the tickets that a code names.

It looks in the list, then for a tie that a person made, then among the tickets that were not read
one by one yet, and last asks the server.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from boxoffice.clock import LateError, within
from boxoffice.domain.code_matching import Match
from boxoffice.domain.code_ties import CodeRule, CodeTie, Field, tied_text
from boxoffice.domain.codes import Code, read_code
from boxoffice.domain.models import Ticket
from boxoffice.domain.party import MANY, SPAN, lacking, members
from boxoffice.domain.verdicts import Verdict, missing, which
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.server_check import CodeSearch, ServerAnswer, ServerCheck
from boxoffice.store import code_ties, orders, ticket_lists, tickets
from boxoffice.store.tickets import TicketContext

AS_GOOD_AS_NEW = timedelta(seconds=7)
"""A list that is younger is not read again because of one unknown code."""
NEW_ENOUGH = timedelta(seconds=15)
"""The same where the code is not searched for, since it was searched for just before."""
MOST_LACKING = 8
"""How many tickets of an order are read one by one, where the list does not have them."""


class FoundByCode(NamedTuple):
    code: Code
    """Of all ways to read the text, the one that was chosen."""
    tickets: Sequence[Ticket] = ()
    """Several: the code names all of them, as an order's does, or it may mean any one of them."""
    verdict: Verdict | None = None
    """The verdict, where it is settled already that this is not exactly one ticket."""
    context: TicketContext | None = None
    """What is known of the only ticket, where that was read in the same call to the database."""
    answer: ServerAnswer | None = None
    """What the server said, where the list does not have the ticket and the server does."""
    tie: CodeTie | None = None
    """The tie that a person made, where nothing else names the ticket."""
    foreign: Match[Ticket] | None = None
    """The match with the text put right, where Caps Lock or a keyboard layout had changed it."""
    is_doubtful: bool = False
    """The text, without being put right, may be the code of a ticket that was not read yet."""


class CodeLookup(LanePart):
    """Finds the tickets that codes name at one event. It judges no ticket."""

    def __init__(self, deps: LaneDeps, server_check: ServerCheck) -> None:
        super().__init__(deps)
        self._code_reader = deps.code_reader
        self._search = CodeSearch(deps.code_reader, self._clock) if deps.code_reader else None
        self._server_check = server_check

    async def find(self, text: str) -> FoundByCode:
        """The tickets that `text`, which was scanned or typed, names."""
        match, context = await self._match(text)
        listed_now = False
        if not match.tickets and not match.code.uuids:
            whole = read_code(text)
            tied = await self._tied(whole)
            if tied.tie is not None:
                return tied
            if tied.code is not whole:
                return await self._by_rule(tied)
            if match.unread:
                listed_now = await self._look_for(match.unread)
                match, context = await self._match(text)
        named = await self._named(match.code, match.tickets, context, listed_now=listed_now)
        if not match.foreign:
            return named
        doubtful = not named.code.uuids and await self._may_be_another(text)
        return named._replace(foreign=match, is_doubtful=doubtful)

    async def _match(self, text: str) -> tuple[Match[Ticket], TicketContext | None]:
        return await self._store.read(
            tickets.match_with_context, text, self._policy.framing, self._event
        )

    async def _may_be_another(self, text: str) -> bool:
        """Whether `text` as it came may be the code of a ticket that was not read yet."""
        plain = read_code(text, self._policy.framing)
        if self._code_reader is None or not (plain.is_ticket_like and plain.is_coded):
            return False
        known = await self._code_reader.count()
        return known.whole < known.total

    async def _by_rule(self, tied: FoundByCode) -> FoundByCode:
        """The tickets that a code names by a rule, after reading the list again if need be."""
        code, found, listed_now = tied.code, tied.tickets, False
        if not found and code.is_ticket_like:
            listed_now = await self._look_for((code,))
            found = await self._store.read(tickets.named, code, self._event)
        return await self._named(code, found, None, listed_now=listed_now)

    async def _named(
        self,
        code: Code,
        found: Sequence[Ticket],
        context: TicketContext | None,
        *,
        listed_now: bool,
    ) -> FoundByCode:
        if len({ticket.order for ticket in found}) == 1 and not code.names(found[0]):
            return await self._on_order(code, found[0])
        if found:
            several = which(code, found) if len(found) > 1 else None
            return FoundByCode(code, found, several, context)
        if code.uuids:  # the site's own word on a uuid counts before a person's
            answered = await self._ask(code)
            if answered.tickets:
                return answered
            tie = await self._journal.read(code_ties.get, tied_text(code.text), self._event)
            return FoundByCode(code, tie=tie) if tie else answered
        return await self._nothing(code, asked=listed_now)

    async def _nothing(self, code: Code, *, asked: bool) -> FoundByCode:
        """The code names no ticket here; a ticket that was not read one by one yet may have it.

        `asked`: the server, or a list that is as good as new, has no such ticket.
        """
        unread = total = 0
        if self._code_reader is not None and not code.uuids:
            known = await self._code_reader.count()
            total = known.total
            unread = total - (known.whole if code.order_id else known.read)
        age = await self._list_age()
        nothing = missing(code, asked=asked, list_age=age, unread=unread, total=total)
        return FoundByCode(code, verdict=nothing)

    # Among the tickets that are not read yet

    async def _look_for(self, codes: Sequence[Code]) -> bool:
        """Search for a code in the newest list, and among its tickets that were not read yet.

        `codes`: the ways to read one text. Returns whether the list is now as good as new. Takes no
        longer than the door's deadline; what is found is stored.
        """
        search = self._search
        if search is None:
            numbered = any(code.number is not None for code in codes)
            return numbered and await self._listed_now()
        if not self._link.waits:
            return False
        if not search.may(codes[0]):
            return await self._is_listed(NEW_ENOUGH)
        listing = self._server_check.start(self._list_anew())

        async def look() -> bool:
            if await self._list_age() is None:
                await asyncio.shield(listing)
            return await search.find(codes) or await asyncio.shield(listing)

        try:
            await within(self._server_check.deadline, look(), self._clock)
        except LateError:
            if not search.answered:
                self._link.record_read(in_time=False)
        return await self._is_listed(AS_GOOD_AS_NEW)

    async def _listed_now(self) -> bool:
        """Whether the list is as good as new, or could be read anew within the deadline."""
        return self._link.waits and await self._server_check.in_time(self._list_anew())

    async def _list_anew(self) -> bool:
        return await self._is_listed(AS_GOOD_AS_NEW) or await self._puller.pull()

    async def _is_listed(self, at_most: timedelta) -> bool:
        age = await self._list_age()
        return age is not None and timedelta() <= age <= at_most

    async def _list_age(self) -> timedelta | None:
        """How old this computer's list is; None: there is none."""
        pulled = await self._store.read(ticket_lists.pulled, self._event)
        return self._clock.now() - pulled.at if pulled else None

    # By the server

    async def _ask(self, code: Code) -> FoundByCode:
        """What the server says of a uuid that names nothing on this computer."""
        cache, check = self._event_cache, self._server_check
        shown = self._shows_answers(None)
        ask = partial(check.ticket, questions=cache.asks(None), answers=shown)
        answers, of_orders = await asyncio.gather(
            asyncio.gather(*map(ask, code.uuids)), asyncio.gather(*map(check.order, code.uuids))
        )
        for answer in answers:
            if answer.ticket is not None:
                return FoundByCode(code, [answer.ticket], answer=answer)
        for answer in of_orders:
            order = answer.order
            if order is not None and order.event in (None, self._event):
                buyer = Ticket("", self._event, checked_in=False, email=order.email)
                return await self._on_order(code, buyer._replace(order=order.uuid))
        asked = all(answer.answered for answer in (*answers, *of_orders))
        # A list may have come in while the server was waited for in vain.
        found = [] if asked else await self._store.read(tickets.named, code, self._event)
        if len(found) == 1 and code.names(found[0]):
            of_uuid = dict(zip(code.uuids, answers, strict=True))
            answer = of_uuid.get(found[0].uuid, ServerAnswer())
            if not answer.answered:
                return FoundByCode(code, found, answer=answer)
        return await self._nothing(code, asked=asked)

    async def _on_order(self, code: Code, one: Ticket) -> FoundByCode:
        """The tickets on the order of `one`, for a code that names that order."""
        found, is_whole = await self._party(one)
        if not found:
            return await self._nothing(code, asked=False)
        is_one = is_whole and len(found) == 1
        return FoundByCode(code, found, None if is_one else which(code, found))

    async def _party(self, one: Ticket) -> tuple[list[Ticket], bool]:
        """The tickets on the order of `one`, and whether they surely are all of them."""
        uuid = one.order or ""
        order = await self._store.read(orders.get, uuid)
        if order is None or order.party is None:
            order = (await self._server_check.order(uuid)).order or order
        found = await self._store.read(tickets.of_order, uuid)
        if lacking(order, found) or not found:  # sold since the list was read
            if await self._server_check.in_time(self._puller.pull()):
                found = await self._store.read(tickets.of_order, uuid)
            for named in lacking(order, found)[:MOST_LACKING]:
                await self._server_check.ticket(named, questions=False)
            found = await self._store.read(tickets.of_order, uuid)
        if order is not None and order.party is not None:
            return found, not lacking(order, found)
        if await self._store.read(orders.all_orders_known, self._event):
            return found, bool(found)
        known = members(one, await self._store.read_all(tickets.party_candidates, one, SPAN))
        if len(known) > MANY:  # the address is no family's
            known = [ticket for ticket in known if ticket.order == one.order]
        return [ticket for ticket in known if ticket.uuid], False

    # By a tie that a person made

    async def _tied(self, code: Code) -> FoundByCode:
        """The tie of `code`, else the ticket that a rule in force finds; else the code alone.

        Where the rules find several tickets, none of them counts. Where a rule reads a number that
        no ticket has here, that reading is returned: the list may be too old to know the ticket.
        """
        text = tied_text(code.text)
        if text is None:
            return FoundByCode(code)
        decisions = await self._journal.read(code_ties.decisions, text, self._event)
        if decisions.tie is not None:
            return FoundByCode(code, tie=decisions.tie)
        found: dict[str, tuple[Code, Ticket]] = {}
        numbers: set[Code] = set()
        for rule in decisions.rules:
            reading = rule.reading(text)
            if reading is not None and reading.number is not None:
                numbers.add(reading)
            for ticket in await self._named_by(rule, text):
                found[ticket.uuid] = (reading or Code(text, uuids=(ticket.uuid,)), ticket)
        if len(found) == 1:
            ((reading, ticket),) = found.values()
            return FoundByCode(reading, [ticket])
        if not found and len(numbers) == 1:
            return FoundByCode(numbers.pop())
        return FoundByCode(code)

    async def _named_by(self, rule: CodeRule, text: str) -> list[Ticket]:
        value = rule.value(text)
        if value is None:
            return []
        if rule.field in (Field.UUID_START, Field.UUID_END):
            at_end = rule.field is Field.UUID_END
            return await self._store.read(tickets.by_uuid_part, value, self._event, at_end=at_end)
        reading = rule.reading(text)
        return await self._store.read(tickets.named, reading, self._event) if reading else []
