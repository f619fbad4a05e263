"""The queue in words: what happened to each entry, and what a person does about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeAlias

from textual.content import Content

from boxoffice.domain.cart import list_lines
from boxoffice.domain.courier import GIVEN_UP, POSTED, WAITS
from boxoffice.domain.humanize import format_number
from boxoffice.domain.journal import QueueKind, QueueRow, QueueState
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleAction
from boxoffice.lane.queue import QueueView
from boxoffice.language import N_, _
from boxoffice.screens.sale_texts import advice, money_line, short, trouble
from boxoffice.widgets.line_widget import shorten
from boxoffice.widgets.option_lists import Section

Entry: TypeAlias = QueueRow | Sale
Keys: TypeAlias = Callable[[str], str]
"""What the key of a command is called, by the command's id."""

GOES_BY_ITSELF = N_("Nothing to do: this is sent by itself as soon as the site can be reached.")
SENDING_NOW = N_("Nothing to do: this is being sent just now.")
BLOCKED = N_("Nothing here is lost, but nothing can be sent until this is put right:")
SHOWN = 200
"""Rows of each section that are listed; a long queue is counted, not read."""
NAME = 40
"""Cells of a buyer's name."""
KINDS = {
    QueueKind.CHECK_IN: N_("check-in"),
    QueueKind.ANSWERS: N_("answers"),
    QueueKind.NAME: N_("name"),
}
SIGNS = {
    QueueState.CONFLICT: "!!",
    QueueState.FAILED: "! ",
    QueueState.WAITING: "… ",
    QueueState.SENDING: "→ ",
}
HAPPENED = {
    QueueKind.CHECK_IN: N_("The guest was let in here. The site does not know it yet."),
    QueueKind.ANSWERS: N_("Answers were filled in here. The site does not have them yet."),
    QueueKind.NAME: N_("The name was changed here. The site does not have it yet."),
}
"""What waits, in words."""
TO_DO = {
    (QueueState.CONFLICT, QueueKind.CHECK_IN): (
        N_("Once you have looked for both, press {dismiss_row} and say what you found.")
    ),
    (QueueState.FAILED, QueueKind.CHECK_IN): (
        N_(
            "{retry} sends it again. If it comes back, tell the organiser, who decides "
            "about the guest; then {dismiss_row} takes this off the list."
        )
    ),
    (QueueState.FAILED, QueueKind.ANSWERS): (
        N_(
            "{retry} sends them again. If they come back, find the guest at the door and "
            "fill them in anew; then {dismiss_row} takes this off the list."
        )
    ),
    (QueueState.FAILED, QueueKind.NAME): (
        N_(
            "{retry} sends it again. If it comes back, find the guest at the door and "
            "change the name anew; then {dismiss_row} takes this off the list."
        )
    ),
}
"""What a person does about a row, with the keys of commands by their ids."""
SALE_KEYS = {
    SaleAction.SELL_AGAIN: N_("{retry}: sell again"),
    SaleAction.GIVE_UP: N_("{dismiss_row}: give up"),
}


def _widest_kind() -> int:
    """Cells of the longest, so that names stand below each other."""
    return max(map(len, (_("sale"), *map(_, KINDS.values()))))


@dataclass(frozen=True, slots=True)
class QueueTexts:
    """The queue in words: its sections, and of each entry what happened and what to do."""

    view: QueueView
    zone: tzinfo
    """Of the event."""
    locale: str = ""
    """How money is written; empty: as the system does."""
    blocked: str = ""
    """Why nothing is sent by itself, in a sentence; empty: it is, once the site can be reached."""

    @property
    def title(self) -> Content:
        """How many need a person, and how many wait."""
        view, stuck = self.view, sum(sale.needs_person for sale in self.view.sales)
        person = len(view.conflicts) + len(view.failed) + stuck
        waiting = len(view.waiting) + len(view.sales) - stuck
        needed = _("{n} for a person").format(n=format_number(person))
        waits = _("{n} waiting to be sent").format(n=format_number(waiting))
        return Content.assemble(
            _("Queue"),
            Content.styled(f"   {needed}", "$warn" if person else "$label"),
            Content.styled(f" · {waits}", "$label"),
        )

    def parts(self) -> list[tuple[str, Sequence[Entry]]]:
        """Headings with what stands under them, those first who need a person."""
        view = self.view
        by_itself = _("held up, see below") if self.blocked else _("nothing to do")
        return [
            (_("Possibly two people in on one ticket: look for both"), view.conflicts),
            (_("Sales that need a person"), [sale for sale in view.sales if sale.needs_person]),
            (_("Refused by the site: send again, or tell the organiser"), view.failed),
            (
                _("Sales on their way: {what}").format(what=by_itself),
                [sale for sale in view.sales if not sale.needs_person],
            ),
            (_("Waiting to be sent: {what}").format(what=by_itself), view.waiting),
        ]

    def sections(self) -> list[Section]:
        sections = []
        for heading, entries in self.parts():
            total = format_number(len(entries))
            if len(entries) > SHOWN:
                total = _("{total}, the first {n} listed").format(total=total, n=SHOWN)
            rows = [(key(entry), self._line(entry)) for entry in entries[:SHOWN]]
            urgent = any(map(may_be_settled, entries[:1]))
            sections.append(Section(f"{heading} · {total}", rows, urgent))
        return sections

    def name(self, entry: Entry) -> str:
        if isinstance(entry, Sale):
            return shorten(entry.cart.buyer.full_name, NAME)
        return self.view.names.get(entry.ticket) or _("ticket {ticket}").format(
            ticket=entry.ticket[:8]
        )

    def _line(self, entry: Entry) -> Content:
        at = f"{entry.at.astimezone(self.zone):%H:%M}"
        if isinstance(entry, Sale):
            total = format_money(entry.cart.payable, entry.cart.currency, self.locale)
            sign, kind = "! " if entry.needs_person else "… ", _("sale")
            name = f"{total} · {self.name(entry)}"
            note = f"{short(entry)} · {list_lines(entry.cart.lines)}"
        else:
            sign, kind = SIGNS[entry.state], _(KINDS[entry.kind])
            name, note = self.name(entry), _(entry.reason)
        return Content.assemble(
            Content.styled(f" {sign} {at}  ", "dim"),
            f"{kind:<{_widest_kind()}}  ",
            Content.styled(name, "bold"),
            Content.styled(f"  {note}", "dim") if note else "",
        )

    def detail(self, entry: Entry, keys: Keys) -> Content:
        at = f"{entry.at.astimezone(self.zone):%H:%M:%S}"
        if isinstance(entry, Sale):
            problem = f"{trouble(entry)}\n" if trouble(entry) else ""
            order = _("{order} at {time}").format(order=entry.external_order_id, time=at)
            money = money_line(entry.cart, self.locale)
            happened = f"{short(entry).upper()} · {order}\n{problem}{money}"
        else:
            done = (
                _("{kind} at {time}, tried {n} times") if entry.tries > 1 else _("{kind} at {time}")
            ).format(kind=_(KINDS[entry.kind]), time=at, n=entry.tries)
            why = _(entry.reason)
            if entry.state in (QueueState.WAITING, QueueState.SENDING):
                last = _("Last try: {why}").format(why=why)
                in_vain = bool(why) and entry.reason not in POSTED
                why = " ".join((_(HAPPENED[entry.kind]), *((last,) if in_vain else ())))
            by = filter(None, (done, entry.lane, entry.operator))
            happened = f"{' · '.join(by)}\n{why}"
        return Content.assemble(
            Content.styled(self.name(entry), "bold"),
            f" · {happened}\n",
            Content.styled(self.to_do(entry, keys), "bold"),
        )

    def to_do(self, entry: Entry, keys: Keys) -> str:
        """What a person does about it, with the keys to press."""
        if isinstance(entry, Sale):
            acts = (_(words) for action, words in SALE_KEYS.items() if action in entry.offers)
            act = " · ".join(acts)
            steps = " · ".join(filter(None, (act, _("{open_sale}: open the sale"))))
            advised = advice(entry) if entry.needs_person else self.unless_blocked(advice(entry))
            return f"{advised}\n{_with_keys(steps, keys)}"
        if entry.state is QueueState.SENDING:
            return _(SENDING_NOW)
        if steps := TO_DO.get((entry.state, entry.kind), ""):
            return _with_keys(_(steps), keys)
        if entry.reason == WAITS:
            return _(WAITS)
        given_up = entry.reason == GIVEN_UP
        return self.unless_blocked(_(GIVEN_UP) if given_up else _(GOES_BY_ITSELF))

    def unless_blocked(self, sentence: str) -> str:
        """`sentence`, unless nothing goes by itself: then what has to be put right."""
        return f"{_(BLOCKED)} {self.blocked}" if self.blocked else sentence or _(GOES_BY_ITSELF)


def key(entry: Entry) -> str:
    """By which an entry is known in the list."""
    return f"sale-{entry.id}" if isinstance(entry, Sale) else str(entry.id)


def may_be_settled(entry: Entry) -> bool:
    """Whether a person may send it again or take it off; what goes by itself is left alone."""
    if isinstance(entry, Sale):
        return entry.needs_person
    return entry.state in (QueueState.CONFLICT, QueueState.FAILED)


def _with_keys(text: str, keys: Keys) -> str:
    return text.format(**{one: keys(one) for one in ("retry", "dismiss_row", "open_sale")})
