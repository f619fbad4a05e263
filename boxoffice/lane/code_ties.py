"""Ties codes that name no ticket to guests, by a person's word, and offers the rules they show."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from boxoffice.domain.code_ties import (
    CodeRule,
    CodeTie,
    RuleState,
    can_be_tied,
    find_rules,
    noted,
    tied_by,
    tied_text,
)
from boxoffice.domain.codes import read_code
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import Scan
from boxoffice.lane.admission import AdmissionControl
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.language import N_, _
from boxoffice.store import code_ties, tickets

log = logging.getLogger(__name__)

DROPPED = N_("the rule for such codes is no longer used: it says otherwise")


class TieError(Exception):
    """A code is not tied. `sentence` says why, for a steward; the log has no names from it."""

    def __init__(self, sentence: str) -> None:
        super().__init__("a code is not tied")
        self.sentence = sentence


class CodeTies(LanePart):
    """Ties codes to guests, takes that back, and offers the rules that ties show.

    What is tied here holds for every lane of the data folder, with its next scan.
    """

    def __init__(
        self,
        deps: LaneDeps,
        admission: AdmissionControl,
        turn: Callable[[], AbstractAsyncContextManager[object]],
    ) -> None:
        """`turn`: the lane's, in which verdicts are written down."""
        super().__init__(deps)
        self._admission = admission
        self._turn = turn

    # Ties

    async def of(self, code: str) -> CodeTie | None:
        """The tie of `code`, a scan's; None: there is none."""
        return await self._journal.read(code_ties.get, tied_text(code), self._event)

    async def last(self) -> CodeTie | None:
        """The newest that was made at this lane and event."""
        return await self._journal.read(code_ties.last, self._event, self._journal.lane)

    async def owner_of(self, tie: CodeTie) -> str:
        """The name of the guest; empty: the ticket is gone, or has no name."""
        ticket = await self._store.read(tickets.get, tie.ticket)
        return ticket.full_name if ticket else ""

    def origin(self, tie: CodeTie) -> str:
        return tied_by(tie, self._event_cache.event, self._clock.now())

    async def tie(self, scan: Scan, ticket: str, *, instead_of: CodeTie | None = None) -> Scan:
        """Tie a scan's code to `ticket`, and answer for that as chosen by a person.

        `instead_of`: the code's tie that a person knows of and gives up. Raises TieError where the
        code names a ticket by itself, or is tied otherwise by now; nothing is changed then.
        """
        async with self._turn():
            text = tied_text(scan.code)
            if text is None or not can_be_tied(scan.code, scan.verdict):
                raise TieError(_("This code cannot be tied to a guest: search the name instead."))
            if named := await self._store.read(tickets.named, read_code(scan.code), self._event):
                name = named[0].full_name or _("a ticket")
                taken = _("This code is {name}'s by the list: it is not tied to anyone else.")
                raise TieError(taken.format(name=name))
            tie, made = await self._journal.write(
                code_ties.tie, text, self._event, ticket, instead_of=instead_of
            )
            if not made:
                name = await self.owner_of(tie) or _("a ticket without a name")
                tied = _("This code is {name}, {origin}: scan it again.")
                raise TieError(tied.format(name=name, origin=self.origin(tie)))
            verdict = await self._admission.judge(ticket)
            verdict = noted(verdict, tie, self._event_cache.event, self._clock.now())
            if await self._drop_contradicted(tie):
                verdict = verdict._replace(reason=f"{verdict.reason}; {_(DROPPED)}")
            return await self._admission.register(verdict, scan.code)

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
        await self._journal.write(code_ties.decide, rule, state, self._event)

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
                reason = _("{rule} A tie says otherwise.").format(rule=rule.sentence)
                await self._journal.write(
                    code_ties.decide, rule, RuleState.REVOKED, self._event, reason
                )
                dropped = True
        return dropped
