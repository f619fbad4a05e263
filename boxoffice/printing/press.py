"""Makes papers and brings them to a printer or into a file, beside what else is going on."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from boxoffice.clock import Clock
from boxoffice.printing.papers import Paper, Receipt, Sheet
from boxoffice.printing.printer import WHOLE_DOTS, print_pdf, save_pdf, shown

SHEET = "codes-to-try"


class Press:
    """Each of its methods answers with a sentence of what was done, and raises PaperError."""

    def __init__(self, clock: Clock, folder: Path) -> None:
        """`folder`: where files go; made with the first of them."""
        self._clock = clock
        self._folder = folder

    async def print_tickets(self, papers: Sequence[Paper], *, printer: str = "") -> str:
        """`papers`: at least one. `printer`: the usual one otherwise."""
        return await asyncio.to_thread(self._print_tickets, papers, printer)

    def _print_tickets(self, papers: Sequence[Paper], printer: str) -> str:
        pdf = self._tickets(papers)
        return print_pdf(pdf, _named(papers), printer=printer, folder=self._folder)

    async def save_tickets(self, papers: Sequence[Paper]) -> str:
        """`papers`: at least one."""
        return await asyncio.to_thread(self._save_tickets, papers)

    def _save_tickets(self, papers: Sequence[Paper]) -> str:
        kept = save_pdf(self._tickets(papers), _named(papers), folder=self._folder)
        return f"Saved as {shown(kept)}"

    async def print_receipt(self, receipt: Receipt, *, locale: str = "", printer: str = "") -> str:
        """`locale` is for the money; empty: the system's. `printer`: the usual one otherwise."""
        return await asyncio.to_thread(self._print_receipt, receipt, locale, printer)

    def _print_receipt(self, receipt: Receipt, locale: str, printer: str) -> str:
        from boxoffice.printing.receipt import receipt_pdf  # noqa: PLC0415  # fpdf2 loads slowly

        mark = receipt.external_order_id or _told_apart(receipt.tickets[0])
        kind = "receipt" if receipt.lines else "slip"
        return print_pdf(
            receipt_pdf(receipt, locale=locale),
            f"{kind}-{mark}",
            printer=printer,
            folder=self._folder,
            options=WHOLE_DOTS,
        )

    async def print_sheet(self, sheet: Sheet) -> str:
        return await asyncio.to_thread(self._print_sheet, sheet)

    def _print_sheet(self, sheet: Sheet) -> str:
        return print_pdf(self._sheet(sheet), SHEET, folder=self._folder)

    async def save_sheet(self, sheet: Sheet) -> str:
        return await asyncio.to_thread(self._save_sheet, sheet)

    def _save_sheet(self, sheet: Sheet) -> str:
        return f"Saved as {shown(save_pdf(self._sheet(sheet), SHEET, folder=self._folder))}"

    def _sheet(self, sheet: Sheet) -> bytes:
        from boxoffice.printing.sheet import sheet_pdf  # noqa: PLC0415  # fpdf2 loads slowly

        return sheet_pdf(sheet, self._clock.now())

    async def save_site_pdf(self, pdf: bytes, paper: Paper) -> str:
        """Keep what the site itself made of the order of `paper`."""
        kept = await asyncio.to_thread(
            save_pdf, pdf, f"site-{_told_apart(paper)}", folder=self._folder
        )
        return f"The site's own PDF is saved as {shown(kept)}"

    def _tickets(self, papers: Sequence[Paper]) -> bytes:
        from boxoffice.printing.ticket import ticket_pdf  # noqa: PLC0415  # fpdf2 loads slowly

        return ticket_pdf(papers, self._clock.now())


def _named(papers: Sequence[Paper]) -> str:
    return f"{'ticket' if len(papers) == 1 else 'tickets'}-{_told_apart(papers[0])}"


def _told_apart(paper: Paper) -> str:
    """What tells the files of two papers apart, without anybody's name."""
    return "-".join(part for part in (paper.order_id, paper.uuid[:8]) if part)
