"""The band that answers a scan."""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from boxoffice.domain import signs
from boxoffice.domain.code_ties import can_be_tied
from boxoffice.domain.highlights import VIP
from boxoffice.domain.verdicts import Scan, Tone, VerdictCode
from boxoffice.language import N_, _, current
from boxoffice.widgets.big_text import HIGH, large
from boxoffice.widgets.footer import can_give, key_of
from boxoffice.widgets.line_widget import (
    LineWidget,
    Piece,
    shorten,
    spread,
    width_of,
    wrapped,
    wrapped_parts,
)
from boxoffice.widgets.terminal import draws_halves, draws_sixteen

MARGIN = 3
LARGE_FROM = 5
"""Rows a band needs for large letters above its two lines of text."""
ROOMY_FROM = 10
"""Rows from which three of them are left beside doubled letters and the name."""
LOW_TEXTS = 2
"""Rows of text below the name in a band that is lower than that."""
SHORTEST_KIND = 6
"""Cells that tell something of a ticket type behind a name."""
FLASH = 0.12
"""Seconds that a band is shown in reverse: long enough to be noticed, over before it is read."""
REVERSED = Style(reverse=True)


class Face(NamedTuple):
    """What a band shows."""

    word: str
    name: str = ""
    kind: str = ""
    """Ticket type, and the company that its holder comes for."""
    reason: str = ""
    tone: Tone | None = None
    """None: nothing is said about a ticket."""
    symbol: str = ""
    """What has one is drawn large."""
    hatched: bool = False
    """A green that rests on this computer's list only."""
    time: str = ""
    hint: str = ""
    """What can be done about it."""
    command: str = ""
    """id of the command that does it."""
    badge: str = ""
    """Before the name: what stands out about the guest."""
    notes: tuple[str, ...] = ()
    """What the guest answered, the most important first."""


IDLE = Face(N_("Scan or type a name"), reason=N_("Enter checks in · ↑ ↓ choose · Tab filters"))


class VerdictBand(LineWidget):
    """Shows the last verdict until the next.

    With the class `-over` it is small, and hidden until there is something to show. It has the
    class `-whole` where letters are twice as high, of whole blocks.
    """

    COMPONENT_CLASSES = {
        "verdict--idle",
        "verdict--green",
        "verdict--yellow",
        "verdict--blue",
        "verdict--red",
        "verdict--hatch",
        "verdict--name",
        "verdict--hint",
        "verdict--slip",
        "verdict--slip-on-dark",
    }

    face: Face = IDLE
    _cached: tuple[Face, Size, str, list[list[Piece]]] | None = None
    """The lines, of one face at one size in one language."""

    scan: Scan | None = None
    """What is answered; None: something else is shown."""
    is_flashing = False
    """It is shown in reverse just now."""

    def on_mount(self) -> None:
        self.set_class(not draws_halves(self), "-whole")

    def show(self, scan: Scan) -> None:
        self.put(face_of(scan))
        self.scan = scan

    def complete(self, scan: Scan) -> None:
        """Show what more is known of the guest, where it is `scan` that is answered."""
        if self.scan is not None and self.scan.id == scan.id:
            self.show(self.scan._replace(verdict=scan.verdict))

    def put(self, face: Face) -> None:
        """Show `face`."""
        self.scan = None
        self.face = face
        self.is_flashing = False
        self.add_class("-shown")
        self.refresh()

    def flash(self) -> None:
        """Show it in reverse for a moment, once; nothing where the terminal is to be calm."""
        if self.app.animation_level != "none":
            self.is_flashing = True
            self.refresh()
            self.set_timer(FLASH, self._end_flash)

    def _end_flash(self) -> None:
        self.is_flashing = False
        self.refresh()

    @property
    def drawn(self) -> Face:
        """What is to be seen."""
        return self.face

    def clear(self) -> None:
        """Hide it, where it is one that is hidden until there is something to show."""
        self.remove_class("-shown")

    def line(self, y: int, width: int) -> Iterable[Piece]:
        lines = self._layout()
        pieces = lines[y] if y < len(lines) else []
        return [Piece(" " * MARGIN), *pieces]

    def _layout(self) -> list[list[Piece]]:
        face, drawn_for = self.drawn, (self.size, current())
        if self._cached is None or self._cached[0] is not face or self._cached[1:3] != drawn_for:
            width, height = self.size
            self._cached = face, *drawn_for, self._lines(width - 2 * MARGIN, height)
        return self._cached[3]

    def render_line(self, y: int) -> Strip:
        face = self.drawn
        ground = f"verdict--{face.tone or 'idle'}"
        strip = self.strip(self.line(y, self.size.width), ground)
        if face.hatched:
            strip = self._hatched(strip, y, ground)
        return strip.apply_style(REVERSED) if self.is_flashing else strip

    def _hatched(self, strip: Strip, y: int, ground: str) -> Strip:
        """Draw the pattern wherever the line has no text, one cell away from it."""
        text = strip.text.rstrip()
        style = self.look("verdict--hatch", ground)
        width = self.size.width
        stripes = signs.STRIPES if draws_halves(self) else signs.PLAIN_STRIPES
        pattern = _stripes(y, width, stripes)
        if not text:
            return Strip([Segment(pattern, style)], width)
        left, right = MARGIN - 1, min(cell_len(text) + 1, width)
        return Strip(
            [
                Segment(pattern[:left], style),
                *strip.crop(left, right),
                Segment(pattern[right:], style),
            ]
        )

    def _lines(self, width: int, height: int) -> list[list[Piece]]:
        face, who = self.drawn, self._who(width)
        whole, reason = _(face.word), _(face.reason)
        plain = f"{face.symbol} {whole}".strip()
        if height < LARGE_FROM or not face.symbol:
            if face.notes:
                plain, texts = f"{plain} · {reason}", self._notes(width, max(height - 2, 1))
            else:
                texts = _why(reason, width, min(max(height - 1 - bool(face.name), 1), 2))
            lines = [_strong(plain, width), *([who] if face.name else []), *texts]
            return [*_blank((height - len(lines)) // 2), *lines]
        word, _dot, note = whole.partition(" · ")
        most = LOW_TEXTS if height < ROOMY_FROM else LOW_TEXTS + 1
        texts = self._texts(reason, width, most)
        whom = [who] if any(piece.text.strip() for piece in who) else []
        below = max(len(texts), 1)  # where the word may have to be written once more
        room = height - len(whom) - below
        halves = draws_halves(self)
        low = room == (HIGH if halves else 2 * HIGH)  # no row is left between header and letters
        written = partial(large, width=width, rows=room, halves=halves, low=low)
        if not (head := written(f"{face.symbol}\u2009{word}")):
            head = written(word)
            whole = plain if cell_len(plain) <= width + MARGIN else whole
        lines = [[Piece(line)] for line in head] or [_strong(plain, width)]
        if note and not head and cell_len(plain) > width and room > 1:
            lines = [_strong(f"{face.symbol} {word}", width), _strong(f"· {note}", width)]
        beside = f"  · {note}"
        if note and head and cell_len(head[0]) + cell_len(beside) <= width + MARGIN:
            lines[len(head) // 2].append(Piece(beside, "verdict--name"))
        spare = room - len(lines)
        top = _blank((spare + 1) // 2)
        # Once more as text: who reads the terminal by a program finds no letters in blocks.
        if head and top:
            top[-1].append(Piece(whole))
        elif head:
            why = " · ".join(filter(None, (whole, reason)))
            texts = self._texts(why, width, below)
        return [*top, *lines, *_blank(spare - len(top)), *whom, *texts]

    def _texts(self, why: str, width: int, most: int) -> list[list[Piece]]:
        """The notes, and the reason behind them; of a green, which needs none, where room is left.

        The beginning of the reason, which may be the word, is seen in any case. In a low band the
        row is worth more above the letters of a sure green: there they stand apart from the header.
        """
        if not self.drawn.notes:
            return _why(why, width, min(most, 2))
        if self.drawn.tone is not Tone.GREEN:
            return [*(notes := self._notes(width, most - 1)), *_why(why, width, most - len(notes))]
        begin, sep, _ = why.partition(" · ")
        notes = self._notes(width, most, spare=cell_len(begin) + 1 if sep else 0)
        if len(notes) < most:
            if most == LOW_TEXTS and not (self.drawn.hatched or sep):
                return notes
            return [*notes, *_why(why, width, min(most - len(notes), 2))]
        room = width - width_of(notes[-1]) - 1
        end = why if cell_len(why) <= room else begin
        return [*notes[:-1], [*notes[-1], Piece(shorten(f" {end}", room + 1))]]

    def _notes(self, width: int, most: int, spare: int = 0) -> list[list[Piece]]:
        lines = wrapped_parts(self.drawn.notes, width - 2, most, spare)
        return [[Piece(f" {line} ", self._slip)] for line in lines]

    def _who(self, width: int) -> list[Piece]:
        """Name and ticket type, and at the right what can be done, or the time."""
        face, aside = self.drawn, self._aside()
        room = width - cell_len(aside.text) - 2
        who = []
        if face.badge:
            who = [Piece(f" {face.badge} ", self._slip), Piece(" ")]
            room -= width_of(who)
        name = shorten(face.name, room)
        who.append(Piece(name, "verdict--name"))
        room -= cell_len(name)
        if face.kind and face.name and room >= SHORTEST_KIND:
            who.append(Piece(shorten(f" · {face.kind}", room)))
        return spread(who, [Piece("  "), aside], width)

    def _aside(self) -> Piece:
        face = self.drawn
        if not face.hint:
            return Piece(face.time)
        if face.command and can_give(self, face.command):
            label = f" {key_of(self, face.command)}: {face.hint} "
            return Piece(label, self._slip, face.command)
        of_door = face.command or self.has_class("-over")  # its keys are other commands' here
        hint = _("at the door: {hint}").format(hint=face.hint) if of_door else face.hint
        return Piece(f" {hint} ", self._slip)

    @property
    def _slip(self) -> str:
        """How what stands out is drawn, so that it is no part of the large letters above it."""
        tone = self.drawn.tone
        if tone is None:
            return "verdict--hint"
        is_dark = tone is Tone.BLUE or (tone is Tone.RED and draws_sixteen(self))
        return "verdict--slip-on-dark" if is_dark else "verdict--slip"


@lru_cache(maxsize=256)
def _stripes(y: int, width: int, stripes: str) -> str:
    """Line `y` of the pattern: it stands two cells left of the one above."""
    return "".join(stripes[(x + 2 * y) % len(stripes)] for x in range(width))


def _why(text: str, width: int, most: int) -> list[list[Piece]]:
    return [[Piece(line)] for line in wrapped(text, width, most)]


def _strong(text: str, width: int) -> list[Piece]:
    return [Piece(shorten(text, width), "verdict--name")]


def _blank(count: int) -> list[list[Piece]]:
    return [[] for _blank_line in range(count)]


def face_of(scan: Scan) -> Face:
    verdict = scan.verdict
    at = f"{scan.at:%H:%M:%S}"
    hint, command = "", ""
    if verdict.can_pay:
        hint, command = _("take the payment"), "take_payment"
    elif verdict.code is VerdictCode.ANSWERS_NEEDED:  # rather than to be let in without
        hint, command = _("answer"), "ticket"
    elif verdict.can_override:
        hint, command = _("admit all the same"), "override"
    elif verdict.code is VerdictCode.AMBIGUOUS:
        hint = _("choose with ↓ and Enter")
    elif verdict.code is VerdictCode.CHECK_NAME:
        hint = _("Enter admits")
    elif can_be_tied(scan.code, verdict):
        hint, command = _("whose is it?"), "tie"
    return Face(
        word=verdict.word,
        name=name_of(scan),
        kind=kind_of(scan),
        reason=verdict.reason,
        tone=verdict.code.tone,
        symbol=verdict.code.symbol,
        hatched=verdict.code.is_green and not verdict.is_sure,
        time=_("read twice · {time}").format(time=at) if scan.readings > 1 else at,
        hint=hint,
        command=command,
        badge=_(VIP) if verdict.highlights.is_vip else "",
        notes=tuple(answer.line for answer in verdict.highlights.answers),
    )


def name_of(scan: Scan) -> str:
    """Who was scanned; the code where that is not known."""
    ticket = scan.verdict.ticket
    return ticket.display_name if ticket else scan.code


def kind_of(scan: Scan) -> str:
    """The ticket type, and the company that its holder comes for."""
    ticket = scan.verdict.ticket
    return " · ".join(filter(None, (ticket.ticket_type, ticket.company_name))) if ticket else ""
