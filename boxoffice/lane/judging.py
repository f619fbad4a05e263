"""From a code or a ticket to its verdict: gathers the facts, and lets `decide` judge them."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from boxoffice.clock import LateError, within
from boxoffice.domain.code_ties import UNREAD
from boxoffice.domain.codes import NO_FRAMING, Code, Framing, names_order, read_code
from boxoffice.domain.models import Admission, Event, Order, Ticket
from boxoffice.domain.party import MANY, SPAN, members
from boxoffice.domain.questions import still_open
from boxoffice.domain.rule import BY_LAYOUT, Facts, by_number, check_name, decide, missing, which
from boxoffice.domain.verdict import ALWAYS_OVERRIDABLE, Verdict, VerdictCode
from boxoffice.lane.asking import Asker, Told
from boxoffice.lane.code_search import CodeSearch
from boxoffice.lane.code_ties import TiedCodes
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.event_cache import EventCache
from boxoffice.store import Pulled, admissions, orders, ticket_lists, tickets

AS_GOOD_AS_NEW = timedelta(seconds=7)
"""Age up to which a list is not read again for one unknown code."""
NEW_ENOUGH = timedelta(seconds=15)
"""The same for a code that is not looked for, since it was just before."""
MOST_LACKING = 8
"""Tickets of one order that are asked for one by one, as no list has them."""
ALL_BUT_IN = frozenset(VerdictCode) - {VerdictCode.ALREADY_IN}
ANOTHER_EVENT = "another"
"""In place of a uuid: surely not this event's, though not known whose."""


class Judge:
    """Judges tickets for one event at one lane. Changes nothing."""

    def __init__(
        self,
        deps: LaneDeps,
        event_cache: EventCache,
        asker: Asker,
        *,
        doors: Collection[str],
        framing: Framing = NO_FRAMING,
        may_override: Collection[VerdictCode] = (),
        paid_states: Collection[str] = (),
    ) -> None:
        """`doors`: titles of the ticket types admitted here; none: all.

        `may_override`: what may be set aside beside what always may. `paid_states`: states of an
        order that admit beside those that always do.
        """
        self._event_cache = event_cache
        self._may_override = ALWAYS_OVERRIDABLE.union(may_override)
        self._paid_states = frozenset(paid_states)
        self._journal = deps.journal
        self._store = deps.store
        self._link = deps.link
        self._puller = deps.puller
        self._clock = deps.clock
        self._asker = asker
        self._tied = TiedCodes(deps, event_cache)
        self._codes = deps.codes
        self._search = CodeSearch(self._codes.reads, self._clock) if self._codes else None
        self._doors = frozenset(title.casefold() for title in doors)
        self._framing = framing
        self._advised: set[str] = set()
        """The keyboard layouts that were advised for the scanner: once each."""

    @property
    def _event(self) -> Event:
        return self._event_cache.event

    async def code(self, text: str, *, number_admits: bool = True) -> Verdict:
        """The verdict on what was scanned or typed.

        `number_admits`: nobody has to look at the name where it is no more than a number.
        """
        match = await self._store.read(tickets.match, text, self._framing, self._event.uuid)
        code, found = match.code, list(match.tickets)
        if not found and not code.uuids:
            whole = read_code(text)
            read, found, tie = await self._tied.read(whole)
            if tie is not None:
                return self._tied.noted(await self.ticket(tie.ticket), tie)
            code = code if read is whole else read
        verdict = await self._named(code, found)
        if not number_admits:
            verdict = by_number(verdict, code)
        if match.foreign and not code.uuids and await self._may_be_another(text):
            verdict = check_name(verdict, BY_LAYOUT)
        advice = match.layout_advice
        if advice and self._advised.isdisjoint(match.layouts):
            verdict = replace(verdict, reason=f"{verdict.reason}. {advice}")
            self._advised |= match.layouts
        return verdict

    async def _may_be_another(self, text: str) -> bool:
        """Whether `text` as it came may be the code of a ticket that was not read yet."""
        if self._codes is None or not read_code(text, self._framing).is_coded:
            return False
        known = await self._codes.reads.known()
        return known.whole < known.total

    async def _named(self, code: Code, found: list[Ticket]) -> Verdict:
        """The verdict on what a code was found to name."""
        listed_now = False
        if not found and not code.uuids and code.is_ticket_like and code.is_coded:
            listed_now = await self._look_for(code)
            found = await self._store.read(tickets.named, code, self._event.uuid)
        if len({each.order for each in found}) == 1 and names_order(code, found[0]):
            return await self._order(code, found[0])
        if len(found) > 1:
            return which(code, found)
        if found:
            return await self.ticket(found[0].uuid, found[0])
        if code.uuids:  # the site's own word on a uuid counts before a person's
            verdict = await self._unlisted(code)
            tie = await self._tied.of(code) if verdict.code in UNREAD else None
            return self._tied.noted(await self.ticket(tie.ticket), tie) if tie else verdict
        return await self._missing(code, asked=listed_now)

    async def _missing(self, code: Code, *, asked: bool) -> Verdict:
        """The verdict on a code that names nothing, unless a ticket that was not read has it."""
        age = await self.list_age()
        if self._codes is None or code.uuids:
            return missing(code, asked=asked, list_age=age)
        known = await self._codes.reads.known()
        read = known.whole if code.order_id else known.read
        unread = known.total - read
        return missing(code, asked=asked, list_age=age, unread=unread, total=known.total)

    async def _look_for(self, code: Code) -> bool:
        """Look for a code that no list holds in the newest list and what was not read of it.

        Whether the list is then as good as new. Takes no longer than the door's deadline.
        """
        search = self._search
        if search is None:
            return code.number is not None and await self._listed_now()
        if not self._link.waits:
            return False
        if not search.may(code):
            return await self._is_listed(NEW_ENOUGH)
        listing = self._asker.start(self._list_anew())

        async def look() -> bool:
            if await self.list_age() is None:
                await asyncio.shield(listing)
            return await search.find(code) or await asyncio.shield(listing)

        try:
            await within(self._asker.deadline, look(), self._clock)
        except LateError:
            if not search.answered:
                self._link.read_missed()
        return await self._is_listed(AS_GOOD_AS_NEW)

    async def _listed_now(self) -> bool:
        """Whether the list is as good as new, or could be read anew within the deadline."""
        return self._link.waits and await self._asker.in_time(self._list_anew())

    async def _list_anew(self) -> bool:
        return await self._is_listed(AS_GOOD_AS_NEW) or await self._puller.pull()

    async def _is_listed(self, at_most: timedelta) -> bool:
        age = await self.list_age()
        return age is not None and timedelta() <= age <= at_most

    async def _unlisted(self, code: Code) -> Verdict:
        """A code that names nothing on this computer: the server may know it."""
        questions = self._event_cache.asks(None)
        asked = [self._asker.ask(uuid, None, questions=questions) for uuid in code.uuids]
        orders = [self._asker.order(uuid) for uuid in code.uuids]
        answers, known = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*orders))
        for told in answers:
            if told.ticket is not None:
                return await self._decide(told.ticket, told)
        for told in known:
            order = told.order
            if order is not None and order.event in (None, self._event.uuid):
                buyer = Ticket("", self._event.uuid, checked_in=False, email=order.email)
                return await self._order(code, buyer._replace(order=order.uuid))
        heard = all(told.heard for told in (*answers, *known))
        return await self._missing(code, asked=heard)

    async def _order(self, code: Code, one: Ticket) -> Verdict:
        """A code of the order that `one` is on: whom of it, is for a person to say."""
        found, exact = await self._party(one)
        if len(found) == 1 and exact:
            return await self.ticket(found[0].uuid, found[0])
        if not found:
            return await self._missing(code, asked=False)
        return which(code, found)

    async def _party(self, one: Ticket) -> tuple[list[Ticket], bool]:
        """Those who are on the order of `one`; whether surely all of them, and nobody else."""
        order = await self._store.read(orders.get, one.order or "")
        if order is None or order.party is None:
            told = await self._asker.order(one.order or "")
            order = told.order or order
        found = await self._store.read(tickets.of_order, one.order or "")
        lacking = _lacking(order, found)
        if lacking or not found:  # sold since the list was read
            if await self._asker.in_time(self._puller.pull()):
                found = await self._store.read(tickets.of_order, one.order or "")
            for uuid in _lacking(order, found)[:MOST_LACKING]:
                await self._asker.ask(uuid, None, questions=False)
            found = await self._store.read(tickets.of_order, one.order or "")
        if order is not None and order.party is not None:
            return found, not _lacking(order, found)
        if await self._store.read(orders.all_orders_known, self._event.uuid):
            return found, bool(found)
        kin = members(one, await self._store.read_all(tickets.party_candidates, one, SPAN))
        if len(kin) > MANY:  # the address is no family's
            kin = [each for each in kin if each.order == one.order]
        return [each for each in kin if each.uuid], False

    async def ticket(
        self,
        uuid: str,
        listed: Ticket | None = None,
        *,
        answered: Collection[str] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
    ) -> Verdict:
        """The verdict on a ticket of the list.

        `answered`: uuids of questions that are being answered now. `overridden`: verdicts that a
        person has set aside, with a reason.
        """
        listed = listed or await self._store.read(tickets.get, uuid)
        order = listed.order if listed else None
        told = await self._asker.ask(uuid, order, questions=self._event_cache.asks(listed))
        known = told.ticket or listed
        if known is None or (told.heard and told.ticket is None):
            code = Code(text=uuid, uuids=(uuid,))
            age = await self.list_age()
            return missing(code, asked=told.heard, list_age=age, listed=listed)
        return await self._decide(known, told, answered=answered, overridden=overridden)

    async def _decide(
        self,
        ticket: Ticket,
        told: Told,
        *,
        answered: Collection[str] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
    ) -> Verdict:
        asked = None if told.order else ticket.order
        known = await self._store.read(tickets.context, ticket.uuid, asked, self._event.uuid)
        done = await self._journal.read(admissions.local_context, ticket.uuid)
        order = told.order or known.order
        unanswered = known.unanswered if told.unanswered is None else told.unanswered
        if unanswered is not None:
            on_the_way = {given.question for given in done.pending_answers}
            unanswered = still_open(unanswered, on_the_way.union(answered))
        if not ticket.event:
            ticket = ticket._replace(event=self._event_by(ticket, order))
        return decide(
            Facts(
                ticket=ticket,
                event=self._event,
                now=self._clock.now(),
                confirmed=told.ticket is not None,
                says_out=told.says_out,
                admission=done.admission,
                undone_at=done.undone_at,
                seen_in=known.seen_in,
                order=order,
                unanswered=unanswered,
                has_required=self._event_cache.asks(ticket),
                doors=self._doors,
                extras=self._event_cache.extras,
                may_override=self._may_override,
                overridden=overridden,
                paid_states=self._paid_states,
                event_titles=self._event_cache.titles,
                list_age=self._age(known.pulled),
            )
        )

    def taken(self, ticket: Ticket, admission: Admission) -> Verdict:
        """The verdict on a ticket that somebody at this computer admitted in this very moment."""
        facts = Facts(
            ticket,
            self._event,
            self._clock.now(),
            confirmed=False,
            admission=admission,
            extras=self._event_cache.extras,
            may_override=ALL_BUT_IN,
            overridden=ALL_BUT_IN,
        )
        return decide(facts)

    def _event_by(self, ticket: Ticket, order: Order | None) -> str:
        """The ticket's event by all that is known; a type that is new may still be this one's."""
        if self._event_cache.sells(ticket):
            return self._event_cache.event.uuid
        if order is not None and order.event:
            return order.event
        return (
            ANOTHER_EVENT
            if self._event_cache.ticket_types and ticket.ticket_type_pk is not None
            else ""
        )

    async def list_age(self) -> timedelta | None:
        """How old this computer's list is; None: there is none."""
        return self._age(await self._store.read(ticket_lists.pulled, self._event.uuid))

    def _age(self, pulled: Pulled | None) -> timedelta | None:
        return self._clock.now() - pulled.at if pulled else None


def _lacking(order: Order | None, found: Collection[Ticket]) -> list[str]:
    """Those on an order who are not among the tickets that are known to be on it."""
    known = {ticket.uuid for ticket in found}
    return [each.uuid for each in (order.party if order else None) or () if each.uuid not in known]
