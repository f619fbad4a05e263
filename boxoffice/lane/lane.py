"""One lane at one door: everything that a screen or a command may ask for."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, get_args
from uuid import uuid4

from boxoffice.domain.codes import read_code
from boxoffice.domain.journal import LOST_IS_NEWS, Entry, JournalKind, describe_lost
from boxoffice.domain.models import AnswerInput, Event
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.roster import Roster
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import BROKEN_OFF, Scan, VerdictCode, is_repeated
from boxoffice.lane.admission import AdmissionControl
from boxoffice.lane.changes import Status, Wait, Watcher
from boxoffice.lane.code_lookup import CodeLookup
from boxoffice.lane.deps import LaneDeps, SalesPolicy
from boxoffice.lane.history import History
from boxoffice.lane.late_parts import LateParts, load, warm
from boxoffice.lane.list_state import ListState
from boxoffice.lane.overview import Overview
from boxoffice.lane.server_check import ServerCheck
from boxoffice.lane.webhook_refresh import WebhookRefresh
from boxoffice.language import _
from boxoffice.paths import exports_folder, reason_of
from boxoffice.store import journal_db, json_docs, queue
from boxoffice.store.updates import EventMetadataStored, EventsStored, JournalWritten, StoreUpdate
from boxoffice.sync.claim_sync import ClaimSync
from boxoffice.sync.context import TaskSupervisor
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:  # a web server comes along with it
    from boxoffice.hooks.listener import HookListener
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

LOOK_AT_JOURNAL = 1.0
"""Seconds between looks for what another process wrote to the journal."""
READ_TWICE = 2.0
"""Seconds within which the same ticket, read again, counts as the same scan."""
TOGETHER = 8
"""Tickets of a party that are admitted in one turn: a scan never waits for more than these."""


class Lane(LateParts):
    """Admits people to one event.

    Scans are answered one after the other. The only thing a scan may wait for on the network is one
    read of its ticket, which has a deadline, and the venue's hub.
    """

    def __init__(
        self,
        deps: LaneDeps,
        *,
        name: str,
        deadline: float = 1.5,
        sales: SalesPolicy | None = None,
        listener: "HookListener | None" = None,
    ) -> None:
        """`deadline`: seconds that a scan waits for the server at most."""
        list_state, history = ListState(deps, name), History(deps, name)
        self.overview = overview = Overview.of(deps, list_state, name)
        """All doors of the venue; None: this computer never joined one."""
        self._server_check = check = ServerCheck(deps, deadline=deadline)
        lookup = CodeLookup(deps, check)
        admission = AdmissionControl(deps, lookup, check, list_state, history, overview)
        sales = sales or SalesPolicy()
        super().__init__(deps, admission, list_state, history, sales=sales, deadline=deadline)
        self.name = name
        self.numbers_admit = deps.policy.numbers_admit
        self.clock = deps.context.clock
        self.exports = exports_folder(deps.context.folder, self.event.uuid)
        """The folder for papers and exports; it is made when the first one is written."""
        self.code_reader = deps.code_reader
        """Reads in the background what the list does not hold; None: it is not read."""
        self._lock = asyncio.Lock()
        self._last_read: tuple[Scan, float] | None = None
        """The last scan and when it was read; None: the lane has done something else since."""
        self._set_aside: dict[str, frozenset[VerdictCode]] = {}
        """By ticket, the verdicts that a person has overridden; of the last such ticket alone."""
        self.pin = deps.pin
        self.webhooks = WebhookRefresh(deps)
        self.listener = listener
        """Receives the webhooks of all lanes of this app; None: none are asked for."""
        self._sender = deps.sender
        self._parts: dict[str, Callable[[], Awaitable[None]]] = {
            "events": self._read_events,
            "puller": deps.puller.run,
            "sender": deps.sender.run,
            "seller": self._run_seller,
            "webhooks": self.webhooks.run,
        }
        self.venue = deps.context.venue
        """The venue's doors, of which this is one; None: this computer never joined any."""
        self._venue_problem = deps.context.venue_problem
        if self.venue is not None and overview is not None:
            from boxoffice.sync.courier import Courier
            from boxoffice.sync.list_share import ListShare

            shared_list = ListShare(deps.context, self.venue, deps.puller)
            self._parts |= {"shared list": shared_list.run, "overview": overview.run}
            self._parts["claims"] = ClaimSync(deps.context, self.venue, self._event).run
            self._parts["courier"] = Courier(deps.context, self.venue, self._event).run
        if deps.code_reader is not None:
            self._parts["codes"] = deps.code_reader.run
        self._supervisor = TaskSupervisor(self._clock, self._failed, self._recovered)
        self._has_screen = False
        self._faults: dict[str, str] = {}
        """By part: a sentence about what does not work, or was lost."""
        self._subscriptions = ExitStack()
        for subscriber, kinds in (
            (self._event_cache.on_update, (EventsStored, EventMetadataStored)),
            (history.on_update, (EventsStored, EventMetadataStored)),
            (list_state.on_update, get_args(StoreUpdate)),
        ):
            self._subscriptions.callback(self._updates.subscribe(subscriber, *kinds))

    @property
    def event(self) -> Event:
        return self._event_cache.event

    @property
    def roster(self) -> Roster:
        """The list as it is shown. A large change replaces the object."""
        return self._list_state.roster

    @property
    def status(self) -> Status:
        return self._list_state.status

    @property
    def operator(self) -> str:
        """Who is at the door: the name that every row of the journal is written with."""
        return self._journal.operator

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with each change, on the event loop. Call what this returns to stop it."""
        return self._list_state.watch(watcher)

    # Background

    async def start(self, *, follow_list: bool = True, after: Wait = None) -> None:
        """Start the work in the background: read the list, send the queue and so on.

        Scans are answered as soon as this returns, while the list is still being loaded from disk
        into memory. `follow_list` is False for a lane without a screen, which needs no list in
        memory. `after` is awaited before any of that work starts, as drawing the door comes first.
        """
        await self._event_cache.load()
        await self.history.restore()
        lost = await self._journal.read(journal_db.lost_at)
        if lost is not None and self._clock.now() - lost < LOST_IS_NEWS:
            self._faults["lost"] = describe_lost(lost.astimezone(self.event.zone))
        if problem := self._venue_problem:
            self._faults["venue"] = problem
        if (hub := self.venue) is not None:
            self._subscriptions.callback(hub.watch(show := partial(self._show_venue, hub)))
            show()
        self._link.watch(self._show_link)
        self._show_link()
        follow = {"list": self._list_state.run, "journal": self._follow_journal}
        follow["computer"] = self._list_state.follow_computer
        self._has_screen = follow_list

        async def begin() -> None:
            if after is not None:
                await after()
            await load("boxoffice.store.sales")  # sales are counted together with the list
            if follow_list:
                self._supervisor.run_all(follow)
            await warm("the client", self._client.load())
            await load("boxoffice.lane.box_office")
            if follow_list and hub is not None:  # without a screen few lanes sell
                self._parts["seats"] = self._run_seats
            self._supervisor.run_all(self._parts)

        if follow_list:
            self._supervisor.run("begin", begin)
        else:  # a scan's deadline is for the site, not for what is still to be loaded
            await begin()

    async def stop(self) -> None:
        """Stop the work in the background, after the scan in hand. The queue keeps what it has."""
        async with self.turn():
            await self._supervisor.stop()
            await self.seller.close()
            if self.venue and (self._has_screen or await self.box_office.till() is None):
                await self.box_office.close()
            self._subscriptions.close()
            await self._server_check.close()

    async def close(self) -> None:
        """Stop, and drop the list: what watches the site refers to this lane, and so keeps it."""
        await self.stop()
        self._list_state.roster = Roster()
        self._puller.close()

    async def refresh(self) -> bool:
        """Read the list, the questions and the ticket types from the server now.

        Returns False where the list could not be read; `status.sentence` says why.
        """
        fresh = await self._puller.refresh()
        await self._list_state.flush()
        return fresh

    async def sort(self) -> None:
        """Sort the list by the alphabet of the language that is in use now."""
        await self._list_state.sort()

    def _show_link(self) -> None:
        self._list_state.link(self._link.shown_state, self._link.sentence, self._faults.values())

    def _show_venue(self, hub: "Venue") -> None:
        self._list_state.show_venue(hub.status)

    def _failed(self, part: str, error: BaseException) -> None:
        self._faults[part] = fault_sentence(part, error)
        self._show_link()

    def _recovered(self, part: str) -> None:
        self._faults.pop(part, None)
        self._show_link()

    async def _run_seller(self) -> None:
        await self.seller.run()

    async def _run_seats(self) -> None:
        if self.box_office.seats is not None:
            await self.box_office.seats.run()

    async def _read_events(self) -> None:
        """Read the titles of the organiser's other events, which WRONG EVENT names."""
        try:
            events = await self._client.events.list(old=True)
        except TicketbutlerError as error:
            log.info("the events could not be read: %s", error)
            return
        await self._store.write(json_docs.save_events, events)
        await self._updates.publish(EventsStored())

    async def _follow_journal(self) -> None:
        while True:
            await self._clock.sleep(LOOK_AT_JOURNAL)
            changed = await self._journal.changed_tickets(self._event)
            if changed is not None:
                await self._updates.publish(JournalWritten(changed))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[tuple[Scan, float] | None]:
        """Wait until the lane does nothing else, and keep it so until the block ends.

        Yields the last scan, unless the lane has done something since. Reading codes in the
        background pauses from the moment the turn is asked for; the sender slows down, and changes
        of the list wait, from the moment it is given.
        """
        with self.code_reader.paused() if self.code_reader is not None else nullcontext():
            async with self._lock:
                self._sender.busy_until = math.inf
                before, self._last_read = self._last_read, None
                try:
                    with self._list_state.paused():
                        yield before
                finally:
                    self._sender.busy_until = self._clock.monotonic()

    # What is asked for

    async def scan(
        self,
        text: str,
        *,
        typed: bool = False,
        broken: bool = False,
        read_at: float | None = None,
    ) -> Scan:
        """Answer a code, and check in the ticket that it names, where the ticket may enter.

        `typed`: a person typed it, so that a bare number may admit. `broken`: only a part of the
        code came, so it names nobody. `read_at`: when the scanner read it, on a monotonic clock; if
        it names the same ticket as the scan before, no more than READ_TWICE earlier, the answer is
        that scan with one more in `readings`. None: it is a new scan in any case.
        """
        async with self.turn() as before:
            shown, number_admits = read_code(text).text, typed or self.numbers_admit
            verdict = (
                BROKEN_OFF if broken else await self._admission.judge_code(text, number_admits)
            )
            if before is not None and read_at is not None:
                scan, at = before
                if read_at - at <= READ_TWICE and is_repeated(verdict, shown, scan):
                    known = next((one for one in self.history.recent if one.id == scan.id), scan)
                    scan = known._replace(readings=scan.readings + 1)
                    self._last_read = (scan, at)
                    entry = self._admission.entry(JournalKind.READ_TWICE, verdict, shown)
                    await self._journal.write(journal_db.record, entry)
                    return scan
            scan = await self._admission.register(verdict, shown)
            self._last_read = None if read_at is None else (scan, read_at)
            return scan

    async def admit(self, ticket: str) -> Scan:
        async with self.turn():
            return await self._admission.register(await self._admission.judge(ticket), ticket)

    async def admit_party(self, tickets: Sequence[str]) -> list[Scan]:
        """Check in several tickets, each with its own verdict; one undo takes all of them back."""
        party, scans = uuid4().hex, []
        for start in range(0, len(tickets), TOGETHER):
            some = tickets[start : start + TOGETHER]
            async with self.turn():
                verdicts = await asyncio.gather(*map(self._admission.judge, some))
                for verdict, ticket in zip(verdicts, some, strict=True):
                    scans.append(await self._admission.register(verdict, ticket, party=party))
        return scans

    async def override(self, scan: Scan, reason: str, permit: Permit | None = None) -> Scan:
        """Admit in spite of the verdict of `scan`; the journal keeps the person's `reason`.

        `permit`: the permission, where the PIN was asked for already. Raises ValueError where this
        verdict cannot be overridden, and what `PinLock.permit` raises.
        """
        ticket, code = scan.verdict.ticket, scan.verdict.code
        if ticket is None or not scan.verdict.can_override:
            raise ValueError(f"{scan.verdict.word} cannot be overridden")
        await self.pin.require(Act.OVERRIDE, permit)
        async with self.turn():
            aside = self._set_aside.get(ticket.uuid, frozenset()) | {code}
            self._set_aside = {ticket.uuid: aside}
            entry = Entry(
                kind=JournalKind.OVERRIDE,
                event=self.event.uuid,
                ticket=ticket.uuid,
                verdict=code,
                reason=clean(reason),
            )
            await self._journal.write(journal_db.record, entry)
            verdict = await self._admission.judge(ticket.uuid, overridden=aside)
            alone = VerdictCode.CANNOT_TELL in aside
            admitted = await self._admission.register(verdict, scan.code, may_be_alone=alone)
            return self._spent(admitted)

    async def answer(
        self, ticket: str, given: Sequence[AnswerInput], *, admit: bool
    ) -> Scan | None:
        """Store answers to questions; where `admit`, check the ticket in after that."""
        async with self.turn():
            if not admit:
                entry = Entry(kind=JournalKind.ANSWERS, event=self.event.uuid, ticket=ticket)
                await self._journal.write(queue.enqueue_answers, entry, given)
                await self._updates.publish(JournalWritten([ticket]))
                return None
            aside = self._set_aside.get(ticket, frozenset())
            verdict = await self._admission.judge(ticket, given=given, overridden=aside)
            alone = VerdictCode.CANNOT_TELL in aside
            scan = await self._admission.register(verdict, ticket, given, may_be_alone=alone)
            return self._spent(scan)

    def _spent(self, scan: Scan) -> Scan:
        """Forget what was overridden, once it has let somebody in: it holds for one admission."""
        if scan.verdict.code.is_green:
            self._set_aside = {}
        return scan

    async def hand_over(self, operator: str) -> None:
        """Have `operator` take over the door, after the scan in hand; empty: without a name."""
        async with self.turn():
            self._journal.operator = clean(operator)
            entry = Entry(kind=JournalKind.OPERATOR, event=self.event.uuid)
            await self._journal.write(journal_db.record, entry)
            self._list_state.show_operator(self.operator)

    async def let_numbers_admit(self, admit: bool) -> None:
        """Set whether a ticket's bare number admits when it is scanned, or asks for the name.

        This holds until the lane is closed; the setting `numbers` holds for good.
        """
        self.numbers_admit = admit
        kind = JournalKind.NUMBERS_ADMIT if admit else JournalKind.NUMBERS_ASK
        await self._journal.write(journal_db.record, Entry(kind=kind, event=self.event.uuid))


def fault_sentence(part: str, error: BaseException) -> str:
    if sentence := getattr(error, "sentence", ""):
        return str(sentence)
    if isinstance(error, OSError) and error.strerror:
        cause = reason_of(error)
        cause = f"{cause}: {error.filename}" if error.filename else cause
    else:
        cause = _("{fault}, see the log").format(fault=type(error).__name__)
    sentence = _("A part of boxoffice ({part}) does not work, and is tried again: {cause}.")
    return sentence.format(part=part, cause=cause)
