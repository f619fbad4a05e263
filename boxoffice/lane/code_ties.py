"""Whose a code is that names no ticket: by a person's word, or by a rule that such words show."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.domain.code_rules import CodeRule, Field, RuleState, find_rules
from boxoffice.domain.code_ties import CodeTie, can_be_tied, noted, tied_by, tied_text
from boxoffice.domain.codes import Code, read_code
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdict import Scan, Verdict
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.event_cache import EventCache
from boxoffice.store import code_ties, tickets

if TYPE_CHECKING:  # a judge reads tied codes
    from boxoffice.lane.judging import Judge
    from boxoffice.lane.register import Register
    from boxoffice.lane.turn import Turn

log = logging.getLogger(__name__)

DROPPED = "the rule for such codes is no longer used: it says otherwise"


class TieError(Exception):
    """A code is not tied. `sentence` says why, for a steward; the log has no names from it."""

    def __init__(self, sentence: str) -> None:
        super().__init__("a code is not tied")
        self.sentence = sentence


class TiedReading(NamedTuple):
    """What a code is by a tie or a rule; the code itself where nothing says more."""

    code: Code
    found: list[Ticket]
    """The one ticket that a rule reads out of it; none: no rule does."""
    tie: CodeTie | None = None


class TiedCodes:
    """Reads codes that the list does not know, by what people have said of them."""

    def __init__(self, deps: LaneDeps, event_cache: EventCache) -> None:
        self._event_cache = event_cache
        self._store = deps.store
        self._journal = deps.journal
        self._clock = deps.clock

    async def read(self, code: Code) -> TiedReading:
        """The tie of `code`, else what a rule in force makes of it.

        A rule that names several tickets, or rules that name several between them, name none. Of a
        number that no ticket has here the reading is kept: the list may be too old to know it.
        """
        text = tied_text(code.text)
        if text is None:
            return TiedReading(code, [])
        said = await self._journal.read(code_ties.decisions, text, self._event_cache.event.uuid)
        if said.tie is not None:
            return TiedReading(code, [], said.tie)
        found: dict[str, tuple[Code, Ticket]] = {}
        numbers: set[Code] = set()
        for rule in said.rules:
            tickets = await self._named(rule, text)
            reading = rule.reading(text)
            if reading is not None and reading.number is not None:
                numbers.add(reading)
            for ticket in tickets:
                found[ticket.uuid] = (reading or Code(text, uuids=(ticket.uuid,)), ticket)
        if len(found) == 1:
            ((reading, ticket),) = found.values()
            return TiedReading(reading, [ticket])
        if not found and len(numbers) == 1:
            return TiedReading(numbers.pop(), [])
        return TiedReading(code, [])

    async def of(self, code: Code) -> CodeTie | None:
        """The tie of `code`, where nothing but a tie may name its ticket."""
        text = tied_text(code.text)
        event = self._event_cache.event.uuid
        return await self._journal.read(code_ties.get, text, event) if text else None

    def noted(self, verdict: Verdict, tie: CodeTie) -> Verdict:
        """The verdict on the ticket of `tie`, with whose word that rests on."""
        return noted(verdict, tie, self._event_cache.event, self._clock.now())

    async def _named(self, rule: CodeRule, text: str) -> list[Ticket]:
        event, value = self._event_cache.event.uuid, rule.value(text)
        if value is None:
            return []
        if rule.field in (Field.UUID_START, Field.UUID_END):
            at_end = rule.field is Field.UUID_END
            return await self._store.read(tickets.by_uuid_part, value, event, at_end=at_end)
        reading = rule.reading(text)
        return await self._store.read(tickets.named, reading, event) if reading else []


class CodeTies:
    """Ties codes to guests, takes that back, and offers the rules that ties show.

    What is tied here holds for every lane of the data folder, with its next scan.
    """

    def __init__(
        self,
        deps: LaneDeps,
        event_cache: EventCache,
        judge: "Judge",
        register: "Register",
        turn: "Turn",
    ) -> None:
        """`turn`: the lane's, in which verdicts are written down."""
        self._event_cache = event_cache
        self._store = deps.store
        self._journal = deps.journal
        self._clock = deps.clock
        self._judge = judge
        self._register = register
        self._turn = turn

    # Ties

    async def of(self, code: str) -> CodeTie | None:
        """The tie of `code`, a scan's; None: there is none."""
        text = tied_text(code)
        event = self._event_cache.event.uuid
        return await self._journal.read(code_ties.get, text, event) if text else None

    async def last(self) -> CodeTie | None:
        """The newest that was made at this lane and event."""
        event = self._event_cache.event.uuid
        return await self._journal.read(code_ties.last, event, self._journal.lane)

    async def whose(self, tie: CodeTie) -> str:
        """The name of the guest; empty: the ticket is gone, or has no name."""
        ticket = await self._store.read(tickets.get, tie.ticket)
        return ticket.full_name if ticket else ""

    def said(self, tie: CodeTie) -> str:
        """Who tied it and when, in words."""
        return tied_by(tie, self._event_cache.event, self._clock.now())

    async def tie(self, scan: Scan, ticket: str, *, instead_of: CodeTie | None = None) -> Scan:
        """Tie a scan's code to `ticket`, and answer for that as chosen by a person.

        `instead_of`: the code's tie that a person knows of and gives up. Raises TieError where the
        code names a ticket by itself, or is tied otherwise by now; nothing is changed then.
        """
        async with self._turn:
            text = tied_text(scan.code)
            if text is None or not can_be_tied(scan.code, scan.verdict):
                raise TieError("This code cannot be tied to a guest: search the name instead.")
            if named := await self._store.read(
                tickets.named, read_code(scan.code), self._event_cache.event.uuid
            ):
                name = named[0].full_name or "a ticket"
                raise TieError(f"This code is {name}'s by the list: it is not tied to anyone else.")
            tie, made = await self._journal.write(
                code_ties.tie, text, self._event_cache.event.uuid, ticket, instead_of=instead_of
            )
            if not made:
                name = await self.whose(tie) or "a ticket without a name"
                raise TieError(f"This code is {name}, {self.said(tie)}: scan it again.")
            verdict = await self._judge.ticket(ticket)
            verdict = noted(verdict, tie, self._event_cache.event, self._clock.now())
            if await self._drop_contradicted(tie):
                verdict = replace(verdict, reason=f"{verdict.reason}; {DROPPED}")
            return await self._register.act(verdict, scan.code)

    async def untie(self, tie: CodeTie) -> bool:
        """Take a tie back; who came in by it stays in. False: it was gone already."""
        return await self._journal.write(code_ties.untie, tie)

    # Rules

    async def rule(self) -> CodeRule | None:
        """The rule in force that was accepted last; None: there is none."""
        rules = await self._journal.read(code_ties.rules)
        return next((rule for rule in reversed(rules) if rules[rule] is RuleState.ACCEPTED), None)

    async def shown_rule(self, *, again: bool = False) -> CodeRule | None:
        """The best rule that the ties show; None: none, or a person has decided about it.

        `again`: also one that was declined or taken back.
        """
        decided = await self._journal.read(code_ties.rules)
        for rule in await asyncio.to_thread(find_rules, await self._tied()):
            state = decided.get(rule)
            if state is None or (again and state is not RuleState.ACCEPTED):
                return rule
        return None

    async def decide(self, rule: CodeRule, state: RuleState) -> None:
        """Use a rule from now on, or not, for all codes of this site."""
        await self._journal.write(code_ties.decide, rule, state, self._event_cache.event.uuid)

    async def _tied(self) -> list[tuple[str, Ticket]]:
        ties = await self._journal.read(code_ties.newest)
        found = await self._store.read(tickets.several, {tie.ticket for tie in ties})
        tied = {ticket.uuid: ticket for ticket in found}
        return [(tie.code, tied[tie.ticket]) for tie in ties if tie.ticket in tied]

    async def _drop_contradicted(self, tie: CodeTie) -> bool:
        """Use no rule any more that reads another guest out of the code; whether there was one."""
        ticket, dropped = await self._store.read(tickets.get, tie.ticket), False
        for rule, state in (await self._journal.read(code_ties.rules)).items():
            if state is RuleState.ACCEPTED and ticket and rule.contradicts(tie.code, ticket):
                log.warning("a rule for codes is dropped: ticket %s contradicts it", tie.ticket)
                reason = f"{rule.sentence} A tie says otherwise."
                await self._journal.write(
                    code_ties.decide, rule, RuleState.REVOKED, self._event_cache.event.uuid, reason
                )
                dropped = True
        return dropped
