"""What became of a party that was checked in: a band for all, and a line for each."""

from collections.abc import Sequence

from textual.content import Content

from boxoffice.domain.verdict import NOT_CONFIRMED, Scan, Tone, VerdictCode
from boxoffice.widgets.verdict import Face

TOGETHER = "Checked in together."
BY_LIST = "By this computer's list, not confirmed."
CLOSES = "Enter closes"
_WORST = (Tone.RED, Tone.YELLOW, Tone.BLUE)


def outcome(scans: Sequence[Scan]) -> Face:
    """What the band says of at least one scan."""
    admitted = [scan for scan in scans if scan.verdict.code.is_green]
    others = [scan for scan in scans if scan not in admitted]
    at = f"{scans[-1].at:%H:%M:%S}"
    if not others:
        unsure = any(not scan.verdict.confirmed for scan in admitted)
        alone = len(admitted) == 1
        how = BY_LIST if unsure else "" if alone else TOGETHER
        undo = "F9 undoes it." if alone else "F9 undoes all of them."
        return Face(
            f"ALL IN · {NOT_CONFIRMED}" if unsure else "ALL IN",
            name=name_of(admitted[0]) if alone else f"{len(admitted)} people",
            reason=f"{how} {undo}".strip(),
            tone=Tone.GREEN,
            symbol=VerdictCode.ADMITTED.symbol,
            hatched=unsure,
            time=at,
            hint=CLOSES,
        )
    codes = [scan.verdict.code for scan in others]
    worst = min(codes, key=lambda code: _WORST.index(code.tone))
    return Face(
        "NOT ALL IN" if admitted else "NONE IN",
        name=f"{len(admitted)} of {len(scans)} checked in",
        reason="Not: " + ", ".join(map(name_of, others)),
        tone=worst.tone,
        symbol=worst.symbol,
        time=at,
        hint=CLOSES,
    )


def row_of(scan: Scan) -> Content:
    """One of them, in a line."""
    verdict = scan.verdict
    green = verdict.code.is_green
    kind = verdict.ticket.ticket_type if verdict.ticket else ""
    return Content.assemble(
        Content.styled(f"{verdict.code.symbol} {verdict.code.word:<15} ", "bold"),
        Content.styled(name_of(scan), "bold"),
        f" · {kind}" if kind else "",
        "" if green and verdict.confirmed else f" · {verdict.reason}",
    )


def name_of(scan: Scan) -> str:
    ticket = scan.verdict.ticket
    return (ticket.full_name or "Without a name") if ticket else scan.code[:8]
