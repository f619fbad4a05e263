"""Pictures of the band for each of its words, each looked at by a person."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from boxoffice.domain.highlights import Highlights, ShownAnswer
from boxoffice.domain.models import Ticket
from boxoffice.domain.signs import Signs
from boxoffice.domain.verdicts import ALWAYS_OVERRIDABLE, Scan, Tone, Verdict, VerdictCode
from boxoffice.language import available, use
from boxoffice.widgets.big_text import HIGH, large
from boxoffice.widgets.last_scans import LastScans
from boxoffice.widgets.line_widget import Piece, fit, wrapped
from boxoffice.widgets.scan_band import CLICK_HERE, ELSEWHERE, cover_of
from boxoffice.widgets.terminal import ANY, Terminal
from boxoffice.widgets.verdict import IDLE, Face, VerdictBand, face_of
from tests.app.stage import text_of
from tests.screens.stage import Stage, resized, see

AT = datetime(2026, 11, 28, 19, 2, 5, tzinfo=UTC)
TICKET = Ticket("a" * 32, "e" * 32, checked_in=False, full_name="Åse Ågård", ticket_type="Standard")
WITHOUT_TICKET = {
    VerdictCode.AMBIGUOUS,
    VerdictCode.UNKNOWN,
    VerdictCode.CANNOT_TELL,
    VerdictCode.NOT_A_TICKET,
}
VERDICTS = [
    *(
        Verdict(code, "One line of why.", confirmed=True, can_override=code in ALWAYS_OVERRIDABLE)
        for code in VerdictCode
    ),
    Verdict(VerdictCode.ADMITTED, "One line of why.", confirmed=False),
]


class Band(Stage):
    CSS = "VerdictBand { height: 1fr; }"

    def __init__(self, scan: Scan) -> None:
        band = VerdictBand()
        band.show(scan)
        super().__init__(widgets=[band])


class Column(Stage):
    CSS = "LastScans { height: 1fr; }"


@pytest.mark.parametrize("verdict", VERDICTS, ids=[*VerdictCode, "not_confirmed"])
def test_each_word(snap_compare: Callable[..., bool], verdict: Verdict) -> None:
    ticket = None if verdict.code in WITHOUT_TICKET else TICKET
    scan = Scan(1, "Abc9", verdict._replace(ticket=ticket), AT)
    assert snap_compare(Band(scan), terminal_size=(80, 10))


async def test_the_company_of_who_comes_stands_beside_the_ticket_type() -> None:
    ticket = TICKET._replace(company_name="Acme ApS")
    app = Band(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=ticket), AT))
    async with app.run_test(size=(80, 10)) as pilot:
        await see(pilot, "Åse Ågård · Standard · Acme ApS")


def test_answers_are_asked_for_before_they_are_set_aside() -> None:
    verdict = Verdict(VerdictCode.ANSWERS_NEEDED, "", can_override=True, ticket=TICKET)
    assert face_of(Scan(1, "Abc9", verdict, AT)).command == "ticket"


async def test_a_column_of_scans_says_all_of_why() -> None:
    why = "Checked in before this list was first read at 22:01, at another door or by the site"
    verdict = Verdict(VerdictCode.ALREADY_IN, why, ticket=TICKET)
    seen = Highlights(is_vip=True)
    let_in = Verdict(VerdictCode.ADMITTED, "Valid", confirmed=True, ticket=TICKET, highlights=seen)
    refused = verdict._replace(reason="Why", highlights=seen)
    scans = LastScans()
    async with Column(widgets=[scans]).run_test(size=(40, 9)) as pilot:
        scans.show([Scan(number, "Abc9", verdict, AT) for number in (1, 2, 3)])
        await pilot.pause()
        _, first, *lines = (" ".join(line.split()) for line in text_of(scans).splitlines())
        assert first.endswith("Åse Ågård 19:02")
        assert " ".join(lines[:3]) == f"ALREADY IN · {why}"
        assert lines[3] == first
        assert lines[4:] == lines[:3]
        scans.show([Scan(1, "Abc9", let_in, AT), Scan(2, "Abc9", refused, AT)])
        await pilot.pause()
        assert "ADMITTED · VIP · Valid" in text_of(scans), "what is to be seen to, first"
        assert "ALREADY IN · Why · VIP" in text_of(scans)


@pytest.mark.parametrize("terminal", [ANY, Terminal(Signs.ASCII)], ids=["halves", "wholes"])
async def test_where_words_are_cut_none_is_lost_without_a_sign(terminal: Terminal) -> None:
    reason = " ".join(["Why"] * 25)
    band = VerdictBand()
    band.show(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=TICKET, reason=reason), AT))
    app = Stage(widgets=[band])
    app.terminal = terminal
    async with app.run_test(size=(80, 24)) as pilot:
        for height in (3, 4, 6, 8, 9, 10):
            band.styles.height = height
            await pilot.pause()
            said = text_of(band)
            assert "…" in said or said.count("Why") == 25, height
        band.put(Face("GO", tone=Tone.GREEN, symbol="✓"))
        for height in (3, 5, 6, 7, 12):
            band.styles.height = height
            await pilot.pause()
            assert "GO" in text_of(band), "as text, however large the letters are"


async def test_what_a_green_rests_on_is_read_in_a_narrow_band() -> None:
    async with Band(Scan(1, "Abc9", VERDICTS[-1]._replace(ticket=TICKET), AT)).run_test(
        size=(26, 8)
    ) as pilot:
        await see(pilot, "✓ ADMITTED")
        await see(pilot, "· not confirmed")


async def test_a_face_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[int] = []
    lines = VerdictBand._lines

    def counted(band: VerdictBand, width: int, height: int) -> list[list[Piece]]:
        laid_out.append(height)
        return lines(band, width, height)

    monkeypatch.setattr(VerdictBand, "_lines", counted)
    app = Band(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=TICKET), AT))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        laid_out.clear()
        app.query_one(VerdictBand).show(Scan(2, "x", VERDICTS[1]._replace(ticket=TICKET), AT))
        await pilot.pause()
        assert laid_out == [10]


@pytest.mark.parametrize("size", [(80, 6), (120, 10)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("reason", ["One line of why.", " ".join(["Why"] * 25)])
async def test_every_word_is_there_as_text(size: tuple[int, int], reason: str) -> None:
    app = Band(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=TICKET), AT))
    async with app.run_test(size=size):
        band = app.query_one(VerdictBand)
        for verdict in VERDICTS:
            band.show(Scan(2, "Abc9", verdict._replace(ticket=TICKET, reason=reason), AT))
            lines = text_of(band).splitlines()
            assert "█" in "".join(lines)
            assert sum(f" {verdict.word}" in line for line in lines) == 1
            assert " ".join(lines).count("Why") == reason.count("Why")


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (IDLE, ELSEWHERE),
        (
            face_of(Scan(1, "x", VERDICTS[0]._replace(ticket=TICKET), AT)),
            f"{ELSEWHERE} The last answer here was ADMITTED: Åse Ågård.",
        ),
    ],
)
def test_a_window_without_the_keyboard_shows_no_verdict(last: Face, reason: str) -> None:
    cover = cover_of(last)
    assert (cover.word, cover.tone, cover.reason) == (CLICK_HERE, None, reason)


SHORT = (ShownAnswer("Allergies", "nuts, shellfish"), ShownAnswer("Size", "L"))
LONG = (
    ShownAnswer("Allergies", "peanuts and all tree nuts, also traces of them, " * 6),
    *SHORT[1:],
    ShownAnswer("Menu", "[@click=app.quit]Vegan[/]"),
)


@pytest.mark.parametrize(
    ("size", "answers", "confirmed"),
    [((80, 6), SHORT, True), ((80, 6), LONG, False), ((114, 10), LONG, True)],
    ids=["short", "long", "wide"],
)
def test_what_the_organiser_wants_seen(
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    answers: tuple[ShownAnswer, ...],
    confirmed: bool,
) -> None:
    verdict = VERDICTS[0]._replace(
        confirmed=confirmed,
        ticket=TICKET._replace(company_name="Acme ApS"),
        highlights=Highlights(True, answers),
    )
    assert snap_compare(Band(Scan(1, "Abc9", verdict, AT)), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 3), (80, 6), (80, 8), (120, 10)])
async def test_every_answer_is_seen_beside_the_word(size: tuple[int, int]) -> None:
    app = Band(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=TICKET), AT))
    async with app.run_test(size=size):
        band = app.query_one(VerdictBand)
        for verdict in VERDICTS:
            for answers in (SHORT, LONG):
                shown = verdict._replace(ticket=TICKET, highlights=Highlights(True, answers))
                band.show(Scan(2, "Abc9", shown, AT))
                text = text_of(band)
                assert len(text.splitlines()) <= size[1]
                assert verdict.code.word in text
                assert verdict.code.is_green or "One line of why." in text
                assert " VIP  Åse Ågård" in text
                assert all(f"{answer.label}: {answer.text[:3]}" in text for answer in answers)


@pytest.mark.parametrize("code", VerdictCode)
async def test_what_is_no_green_has_its_sign_in_every_language(code: VerdictCode) -> None:
    """Large before the word, or small where that leaves no room for it."""
    for language in available():
        use(language)
        app = Band(Scan(1, "Abc9", Verdict(code, "One line of why."), AT))
        async with app.run_test(size=(80, 7)):
            text, word = text_of(app.query_one(VerdictBand)), code.word
            has_large_sign = large(f"{code.symbol}\u2009{word}", 74, HIGH) != ()
            assert has_large_sign or f"{code.symbol} {word}" in text


async def test_what_is_not_confirmed_says_so_in_a_narrow_column() -> None:
    use("da")
    app = Band(Scan(1, "Abc9", VERDICTS[-1]._replace(ticket=TICKET), AT))
    async with app.run_test(size=(25, 8)):
        assert "INDE · ikke bekræftet" in text_of(app.query_one(VerdictBand))


async def test_letters_stand_apart_from_the_header_where_three_rows_are_below_them() -> None:
    verdict = Verdict(VerdictCode.ALREADY_IN, "One line of why.", ticket=TICKET)
    app = Band(Scan(1, "Abc9", verdict._replace(highlights=Highlights(True, SHORT)), AT))
    async with app.run_test(size=(80, 6)):
        first, *_ = text_of(app.query_one(VerdictBand)).splitlines()
        assert set(first) & set("▀█") == set()
        assert "▄" in first


async def test_a_name_that_is_cut_leaves_no_ticket_type_behind_it() -> None:
    long = TICKET._replace(full_name="Josefine Birgitte Overgaard")
    app = Band(Scan(1, "Abc9", VERDICTS[0]._replace(ticket=long), AT))
    async with app.run_test(size=(60, 6)) as pilot:
        async for _ in resized(pilot, *((width, 6) for width in range(24, 60))):
            assert "……" not in (text := text_of(app.query_one(VerdictBand)))
            assert "· …" not in text


async def test_what_comes_late_is_shown_with_the_scan_that_it_is_about() -> None:
    scan = Scan(1, "Abc9", VERDICTS[0]._replace(ticket=TICKET), AT)
    app = Band(scan)
    async with app.run_test(size=(80, 6)):
        band = app.query_one(VerdictBand)
        band.show(scan._replace(readings=2))
        completed = scan._replace(verdict=scan.verdict._replace(highlights=Highlights(True, SHORT)))
        band.complete(completed)
        assert "Allergies: nuts, shellfish · Size: L" in text_of(band)
        assert "read twice" in text_of(band)
        band.show(Scan(2, "x", scan.verdict, AT))
        band.complete(completed)
        assert "Allergies" not in text_of(band)


def test_an_amount_stays_beside_its_currency() -> None:
    assert wrapped("Retur 205,00\u00a0kr. her", 14, 3) == ["Retur", "205,00\u00a0kr. her"]
    assert not wrapped("", 14, 3)


def test_every_text_is_fitted_into_its_cells() -> None:
    for text in (
        "",
        "Bo",
        "Åse Ågård",
        "Ana\u0303 Ba",
        "界 Li",
        "a\u00adb",
        "Bo  Holm",
        "ﬃ…",
        "\x07",
    ):
        for width in range(1, 12):
            assert cell_len(fit(text, width)) == width, (text, width)
    fitted = ["", "…", "Bo…", "Bo… ", "Bo Holm", "Bo Holm  "]
    assert [fit("Bo Holm", width) for width in (0, 1, 3, 4, 7, 9)] == fitted
