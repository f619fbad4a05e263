"""From a code or a ticket to its verdict: gathers the facts, and lets `decide` judge them."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

from boxoffice.domain.codes import Code, names_order
from boxoffice.domain.models import Admission, Event, Order, Ticket
from boxoffice.domain.party import MANY, SPAN, members
from boxoffice.domain.questions import still_open
from boxoffice.domain.rule import Facts, decide, missing, which
from boxoffice.domain.verdict import ALWAYS_OVERRIDABLE, Verdict, VerdictCode
from boxoffice.lane.asking import Asker, Told
from boxoffice.lane.backing import Backing
from boxoffice.lane.info import EventInfo
from boxoffice.store import Pulled

AS_GOOD_AS_NEW = timedelta(seconds=7)
"""Age up to which a list is not read again for one unknown number."""
ALL_BUT_IN = frozenset(VerdictCode) - {VerdictCode.ALREADY_IN}
ANOTHER_EVENT = "another"
"""In place of a uuid: surely not this event's, though not known whose."""


class Judge:
    """Judges tickets for one event at one lane. Changes nothing."""

    def __init__(
        self,
        backing: Backing,
        info: EventInfo,
        asker: Asker,
        *,
        doors: Collection[str],
        may_override: Collection[VerdictCode] = (),
        paid_states: Collection[str] = (),
    ) -> None:
        """`doors`: titles of the ticket types admitted here; none: all.

        `may_override`: what may be set aside beside what always may. `paid_states`: states of an
        order that admit beside those that always do.
        """
        self._info = info
        self._may_override = ALWAYS_OVERRIDABLE.union(may_override)
        self._paid_states = frozenset(paid_states)
        self._journal = backing.journal
        self._store = backing.store
        self._link = backing.link
        self._puller = backing.puller
        self._clock = backing.clock
        self._asker = asker
        self._doors = frozenset(title.casefold() for title in doors)

    @property
    def _event(self) -> Event:
        return self._info.event

    async def code(self, code: Code) -> Verdict:
        """The verdict on what was scanned."""
        found = await self._store.named(code, self._event.uuid)
        listed_now = False
        if not found and code.number is not None:
            listed_now = await self._listed_now()
            found = await self._store.named(code, self._event.uuid)
        if found and names_order(code, found[0]):
            found = await self._party(found[0])
        if len(found) > 1:
            return which(code, found)
        if found:
            return await self.ticket(found[0].uuid, found[0])
        if code.uuids:
            return await self._unlisted(code)
        return missing(code, asked=listed_now, list_age=await self.list_age())

    async def _listed_now(self) -> bool:
        """Whether the list is as good as new, or could be read anew within the deadline."""
        if not self._link.waits:
            return False
        age = await self.list_age()
        if age is not None and timedelta() <= age <= AS_GOOD_AS_NEW:
            return True
        return await self._asker.in_time(self._puller.pull())

    async def _unlisted(self, code: Code) -> Verdict:
        """A code that names nothing on this computer: the server may know it."""
        questions = self._info.asks(None)
        asked = [self._asker.ask(uuid, None, questions=questions) for uuid in code.uuids]
        orders = [self._asker.order(uuid) for uuid in code.uuids]
        answers, known = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*orders))
        for told in answers:
            if told.ticket is not None:
                return await self._decide(told.ticket, told)
        for order in known:
            if order is not None and order.event in (None, self._event.uuid):
                buyer = Ticket("", self._event.uuid, checked_in=False, email=order.email)
                if found := (await self._party(buyer._replace(order=order.uuid)))[1:]:
                    return which(code, found)
        heard = all(told.heard for told in answers)
        return missing(code, asked=heard, list_age=await self.list_age())

    async def _party(self, ticket: Ticket) -> list[Ticket]:
        """`ticket`, and those who are on its order or may be, by what this computer knows."""
        found = members(ticket, await self._store.kin(ticket, SPAN))
        if len(found) > MANY:  # the address is no family's
            found = [each for each in found if each.order == ticket.order]
        return [ticket, *(each for each in found if each.uuid != ticket.uuid)]

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
        listed = listed or await self._store.ticket(uuid)
        order = listed.order if listed else None
        told = await self._asker.ask(uuid, order, questions=self._info.asks(listed))
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
        known = await self._store.known(ticket.uuid, asked, self._event.uuid)
        done = await self._journal.of(ticket.uuid)
        order = told.order or known.order
        unanswered = known.unanswered if told.unanswered is None else told.unanswered
        if unanswered is not None:
            on_the_way = {given.question for given in done.on_the_way}
            unanswered = still_open(unanswered, on_the_way.union(answered))
        if not ticket.event:
            ticket = ticket._replace(event=self._event_by(ticket, order))
        return decide(
            Facts(
                ticket=ticket,
                event=self._event,
                now=self._clock.now(),
                confirmed=told.ticket is not None,
                admission=done.admission,
                seen_in=known.seen_in,
                order=order,
                unanswered=unanswered,
                has_required=self._info.asks(ticket),
                doors=self._doors,
                may_override=self._may_override,
                overridden=overridden,
                paid_states=self._paid_states,
                event_titles=self._info.titles,
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
            may_override=ALL_BUT_IN,
            overridden=ALL_BUT_IN,
        )
        return decide(facts)

    def _event_by(self, ticket: Ticket, order: Order | None) -> str:
        """The ticket's event by all that is known; a type that is new may still be this one's."""
        if self._info.sells(ticket):
            return self._info.event.uuid
        if order is not None and order.event:
            return order.event
        return (
            ANOTHER_EVENT if self._info.ticket_types and ticket.ticket_type_pk is not None else ""
        )

    async def list_age(self) -> timedelta | None:
        """How old this computer's list is; None: there is none."""
        return self._age(await self._store.pulled(self._event.uuid))

    def _age(self, pulled: Pulled | None) -> timedelta | None:
        return self._clock.now() - pulled.at if pulled else None
