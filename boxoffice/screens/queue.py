"""What the site has still to be told, what a person has to look at, and what to do about each."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Any, TypeAlias

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.commands import Command, Place
from boxoffice.domain.cart import list_lines
from boxoffice.domain.courier import GIVEN_UP, POSTED, WAITS
from boxoffice.domain.humanize import format_number
from boxoffice.domain.journal import QueueKind, QueueRow, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale, SaleAction
from boxoffice.lane import Change, Lane, SaleUpdated, StatusChanged
from boxoffice.lane.queue import QueueView
from boxoffice.language import N_, _
from boxoffice.screens.base import ONE_AT_A_TIME, LaneScreen
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.outcome import DONE, OutcomeScreen, ask_before
from boxoffice.screens.sale_texts import advice, money_line, short, trouble
from boxoffice.widgets.footer import CommandFooter, key_of
from boxoffice.widgets.line_widget import shorten
from boxoffice.widgets.option_lists import Section, SectionList

Entry: TypeAlias = QueueRow | Sale
Keys: TypeAlias = Callable[[str], str]
"""What the key of a command is called, by the command's id."""

ALL_SENT = N_("Everything is sent. Nothing needs a person.")
NOTHING_FAILED = N_("Nothing has failed.")
NOTHING_TO_EXPORT = N_("There is nothing to export. Everything is sent. Nothing needs a person.")
NO_ROW = N_("Choose a row with the arrows first.")
GOES_BY_ITSELF = N_("Nothing to do: this is sent by itself as soon as the site can be reached.")
SENDING_NOW = N_("Nothing to do: this is being sent just now.")
BLOCKED = N_("Nothing here is lost, but nothing can be sent until this is put right:")
REASONS = {
    QueueState.CONFLICT: (
        N_("Looked for both: one person, scanned twice"),
        N_("Looked for both: the second was sent away"),
        N_("Both let in by the person in charge"),
        N_("Told the organiser"),
    ),
    QueueState.FAILED: (
        N_("Told the organiser"),
        N_("Done again at the door"),
        N_("The guest was sent away"),
    ),
}
"""Offered when a row is dismissed."""
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
OF_SALE = {"retry": N_("Sell again"), "dismiss_row": N_("Give up")}
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


class QueueScreen(LaneScreen[None]):
    """Lists the queue, those first who need a person; sends again, dismisses, exports.

    A sale that is not settled is an entry too: sent again is sold again, dismissed is given up.
    """

    place = Place.QUEUE
    sheets = "queue"

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane)
        self._texts = QueueTexts(QueueView((), (), (), {}), lane.event.zone)
        self._entries: dict[str, Entry] = {}
        self._key = partial(key_of, self)

    def body(self) -> Iterable[Widget]:
        yield Label(_("Queue"), id="queue-title", classes="screen-title", markup=False)
        with Vertical(id="queue-body"):
            yield SectionList()
            yield Label("", id="queue-detail", markup=False)

    def on_mount(self) -> None:
        self.query_one(SectionList).focus()
        self._load()

    def changed(self, change: Change) -> None:
        if isinstance(change, StatusChanged | SaleUpdated):
            self._load()

    def _load(self) -> None:
        self.reread(self._read, "read the queue", group="queue")

    async def _read(self) -> None:
        view, status = await self.lane.queue.view(), self.lane.status
        stopped = status.link in (LinkState.REFUSED, LinkState.CAPTIVE)
        blocked = status.sentence if stopped else ""
        texts = self._texts = QueueTexts(view, self.lane.event.zone, self.locale, blocked)
        self._entries = {key(entry): entry for _, part in texts.parts() for entry in part[:SHOWN]}
        self.write("#queue-title", texts.title)
        self.query_one(SectionList).show(texts.sections(), empty=_(ALL_SENT))
        self._show_detail()

    @on(SectionList.OptionHighlighted)
    def _show_detail(self) -> None:
        entry = self._entry()
        detail = Content() if entry is None else self._texts.detail(entry, self._key)
        self.write("#queue-detail", detail).display = entry is not None
        self.query_one(CommandFooter).refresh()

    def refusal(self, command: str) -> str | None:
        """What cannot be done to the highlighted entry, or to none."""
        if command == "export":
            return None if self._entries else _(NOTHING_TO_EXPORT)
        if command == "retry_all":
            return None if self._failed else _(NOTHING_FAILED)
        if command not in ("open_sale", "retry", "dismiss_row"):
            return None
        entry = self._entry()
        if entry is None:
            return _(NO_ROW) if self._entries else _(ALL_SENT)
        if command == "open_sale":
            return None if isinstance(entry, Sale) else self._texts.to_do(entry, self._key)
        by_itself = self._texts.unless_blocked(_(GOES_BY_ITSELF))
        return None if may_be_settled(entry) else by_itself

    def label_of(self, command: Command) -> str:
        of_sale = OF_SALE.get(command.id) if isinstance(self._entry(), Sale) else None
        return _(of_sale) if of_sale else super().label_of(command)

    @on(SectionList.OptionSelected)
    def action_open_sale(self) -> None:
        if isinstance(entry := self._entry(), Sale):
            self.app.push_screen(OutcomeScreen(self.lane, entry))
        else:
            self.announce(self.refusal("open_sale") or "")

    def _entry(self) -> Entry | None:
        """The highlighted one."""
        return self._entries.get(self.query_one(SectionList).key or "")

    # Settling: one thing after another

    def action_retry(self) -> None:
        self._settle(SaleAction.SELL_AGAIN, lambda row: self._retry([row.id]))

    def action_dismiss_row(self) -> None:
        self._settle(SaleAction.GIVE_UP, self._dismiss_row)

    @property
    def _failed(self) -> list[int]:
        rows = [entry for entry in self._entries.values() if isinstance(entry, QueueRow)]
        return [row.id for row in rows if row.state is QueueState.FAILED]

    def action_retry_all(self) -> None:
        self._announce_end_of(self._retry(self._failed))

    def _settle(
        self, of_sale: SaleAction, of_row: Callable[[QueueRow], Coroutine[Any, Any, str]]
    ) -> None:
        entry = self._entry()
        if self.is_working("settle"):
            self.announce(_(ONE_AT_A_TIME))
        elif isinstance(entry, Sale):
            self._announce_end_of(self._settle_sale(of_sale, entry))
        elif entry is not None:
            self._announce_end_of(of_row(entry))

    def _announce_end_of(self, settling: Coroutine[Any, Any, str]) -> None:
        """Say what came of it, and read the queue anew; empty: nothing was done."""

        async def settle() -> None:
            if sentence := await settling:
                self.announce(sentence)
                self._load()

        self.work(settle(), "settle the queue", group="settle")

    async def _settle_sale(self, action: SaleAction, sale: Sale) -> str:
        text = await ask_before(self.app, action, sale, self.locale)
        if text is None:
            return ""
        await self.lane.box_office.settle(sale.id, action, text)
        return _(DONE[action])

    async def _retry(self, rows: list[int]) -> str:
        return _("{n} to be sent again.").format(n=format_number(await self.lane.queue.retry(rows)))

    async def _dismiss_row(self, row: QueueRow) -> str:
        title = _("Dismiss {name}?").format(name=self._texts.name(row))
        dialog = ReasonDialog(title, _(row.reason), _("Dismiss"), [*map(_, REASONS[row.state])])
        reason = await self.app.push_screen_wait(dialog)
        if reason is None:
            return ""
        gone = await self.lane.queue.dismiss(row.id, reason)
        return _("Dismissed.") if gone else _("That row is no longer in the queue.")

    def action_export(self) -> None:
        self.work(self._export(), "export the queue", group="export")

    async def _export(self) -> None:
        at = self.clock.now().astimezone(self.lane.event.zone)
        path = self.lane.exports / f"boxoffice-queue-{at:%Y%m%d-%H%M%S}.csv"
        written = await self.lane.queue.export(path)
        self.announce(_("Written to {path}").format(path=path) if written else _(NOTHING_TO_EXPORT))
