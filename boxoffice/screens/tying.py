"""What the door does about a code that names nobody: a person says whose it is."""

from typing import TYPE_CHECKING

from boxoffice.domain.code_rules import CodeRule, RuleState
from boxoffice.domain.code_ties import can_be_tied
from boxoffice.screens.answers import AnswerScreen

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.domain.code_ties import CodeTie
    from boxoffice.domain.verdict import Scan
    from boxoffice.lane import Lane

OTHER_EVENT = "The code is not tied: another event's door was opened meanwhile."
TIE_WHAT = (
    "There is no code to tie to a guest: scan it first. After UNKNOWN or CAN'T TELL a person may "
    "say whose it is."
)
NO_TIE = "There is no tie to take back: none was made at this lane."
NO_RULE = "There is no rule for codes: two or three ties that show the same one are needed."
USED = "Codes of this form are read by the rule from now on. Ctrl+P “Rule for codes” ends that."
NOT_USED = "Codes are not read by this rule. Ctrl+P “Rule for codes” asks again."
SHOWN = "The ties show a rule for such codes: Ctrl+P “Rule for codes” offers it."
OFFER = "By what was tied here. It is used only where it names one ticket, at all lanes here."


class TyingScreen(AnswerScreen):
    """A door at which codes are tied to guests."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a code that names nobody is tied."""
        if action == "tie":
            last = self.last
            return last is not None and can_be_tied(last.code, last.verdict)
        return super().check_action(action, parameters)

    def unavailable(self, command: str) -> str:
        return super().unavailable(command) or (TIE_WHAT if command == "tie" else "")

    # Tying

    def action_tie(self) -> None:
        """Have a person pick the guest whose code was scanned, and answer for that guest."""
        lane, scan = self.lane, self.last
        if lane is None or scan is None or not can_be_tied(scan.code, scan.verdict):
            return
        from boxoffice.screens.tie import TieScreen  # noqa: PLC0415  # not needed to start

        def picked(ticket: str | None) -> None:
            if ticket is not None:
                self.work(self._tie(lane, scan, ticket), "tie a code", group="tie")

        self.app.push_screen(TieScreen(lane, scan), picked)

    async def _tie(self, lane: "Lane", scan: "Scan", ticket: str) -> None:
        """Tie the code; in place of another guest's tie only after asking."""
        before = await lane.code_ties.of(scan.code)
        if before is not None and before.ticket != ticket:
            whose = await lane.code_ties.whose(before) or "a ticket that is gone"
            text = f"{scan.code} is {whose}, {lane.code_ties.origin(before)}."
            title = f"Tie it to {self.whose(ticket) or 'this ticket'} instead?"
            if not await self._confirmed(title, text, "Tie"):
                return

        async def tie(at: "Lane") -> "Scan":
            if at is not lane:
                from boxoffice.lane import TieError  # noqa: PLC0415  # loaded by now

                raise TieError(OTHER_EVENT)
            answer = await at.code_ties.tie(scan, ticket, instead_of=before)
            self.call_later(self._offer_shown_rule, at)
            return answer

        self._ask(self.whose(ticket), tie)

    async def _confirmed(self, title: str, text: str, yes: str) -> bool:
        from boxoffice.screens.confirm import ConfirmDialog  # noqa: PLC0415  # not needed to start

        said = await self.app.push_screen_wait(ConfirmDialog(title, text, yes))
        return said is True

    def action_untie(self) -> None:
        if self.lane is not None:
            self.work(self._untie(self.lane), "take back a tie", group="tie")

    async def _untie(self, lane: "Lane") -> None:
        tie = await self._tie_in_hand(lane)
        if tie is None:
            self.tell(NO_TIE)
            return
        name = await lane.code_ties.whose(tie) or "a ticket without a name"
        text = f"{tie.code} is {name}, {lane.code_ties.origin(tie)}. Who came in by it stays in."
        if not await self._confirmed("Take this tie back?", text, "Untie"):
            return
        if await lane.code_ties.untie(tie):
            self._say("UNTIED", name, f"{tie.code} names nobody any more.")
        else:
            self.tell("This tie was taken back or replaced already.")

    async def _tie_in_hand(self, lane: "Lane") -> "CodeTie | None":
        """That of the code on the band, else the last one made at this lane."""
        on_band = await lane.code_ties.of(self.last.code) if self.last is not None else None
        return on_band or await lane.code_ties.last()

    # The rule that ties show

    def _offer_shown_rule(self, lane: "Lane") -> None:
        self.work(self._offer_new_rule(lane), "look for a rule in the ties", group="rule")

    async def _offer_new_rule(self, lane: "Lane") -> None:
        """Offer a rule that nobody has decided about; where something else is open, say so."""
        rule = await lane.code_ties.shown_rule()
        if rule is None:
            return
        if self.app.screen is self and not self.busy:
            await self._offer_rule(lane, rule)
        else:
            self.tell(SHOWN)

    async def _offer_rule(self, lane: "Lane", rule: CodeRule) -> None:
        title, text = "Read such codes by a rule?", f"{rule.sentence} {OFFER}"
        yes = await self._confirmed(title, text, "Use it")
        await lane.code_ties.decide(rule, RuleState.ACCEPTED if yes else RuleState.DECLINED)
        self.tell(USED if yes else NOT_USED)

    def action_code_rule(self) -> None:
        if self.lane is not None:
            self.work(self._change_rule(self.lane), "change the rule for codes", group="rule")

    async def _change_rule(self, lane: "Lane") -> None:
        """Offer what the ties show, also where it was declined; else end what is in force."""
        shown = await lane.code_ties.shown_rule(again=True)
        in_force = await lane.code_ties.rule()
        if shown is not None and in_force is None:
            await self._offer_rule(lane, shown)
        elif in_force is None:
            self.tell(NO_RULE)
        elif await self._confirmed(
            "Read codes by this rule no longer?", in_force.sentence, "End it"
        ):
            await lane.code_ties.decide(in_force, RuleState.REVOKED)
            self.tell(NOT_USED)
