"""What a terminal sends is told from what a scanner types as if it were one."""

import os
import time
from itertools import pairwise
from queue import Queue
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such bytes")

if os.name == "posix":
    import pty
    import tty

    from textual import events
    from textual._xterm_parser import XTermParser
    from textual.message import Message

    from boxoffice.widgets.resilient_driver import (
        APART,
        UNCLOSED,
        ResilientDriver,
        TerminalInput,
        TolerantParser,
    )

CLICK, MOVE, WHEEL = "\x1b[<0;9;15M", "\x1b[<35;9;15M", "\x1b[<64;9;15M"
CTRL_Q, PASTE, CLOSED = "\x1b[113;5u", "\x1b[200~", "\x1b[201~"


def read(*chunks: str) -> list[str]:
    """The kinds and keys of the events that come of reading `chunks`, one after another."""
    parser, terminal = XTermParser(), TerminalInput("utf-8")
    texts = [terminal.decode(chunk.encode()) for chunk in chunks]
    heard = [event for text in texts if text for event in parser.feed(text)]
    return [event.key if isinstance(event, events.Key) else type(event).__name__ for event in heard]


def test_a_terminal_s_own_reports_are_taken_whole() -> None:
    assert read(CLICK, MOVE, CTRL_Q) == ["MouseDown", "MouseMove", "ctrl+q"]
    assert read(f"{PASTE}Anna{CLOSED}", "x") == ["Paste", "x"]
    assert read(PASTE, "An", "na", CLOSED[:3], CLOSED[3:], "x") == ["Paste", "x"]


@pytest.mark.parametrize("report", [CLICK, CTRL_Q, PASTE])
def test_reports_that_are_typed_a_character_at_a_time_are_none(report: str) -> None:
    for cut in range(1, len(report)):
        heard = read(report[:cut], report[cut:], "\x1b", "x" * 40)
        assert not {"MouseDown", "ctrl+q", "Paste"} & set(heard), cut
    assert not {"MouseDown", "ctrl+q", "Paste"} & set(read(*report, "\x1b", *"x" * 40))


def test_arrows_and_the_wheel_may_come_in_pieces() -> None:
    assert read(*"\x1b[A") == ["up"]
    assert read(WHEEL[:4], WHEEL[4:]) == ["MouseScrollUp"]
    assert read(MOVE[:4], MOVE[4:]) == ["MouseMove"]


@pytest.mark.parametrize("more", ["x", ""])
def test_a_paste_that_is_never_closed_is_over_after_a_silence(
    monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    parser = TolerantParser()
    heard = [*parser.feed(f"{PASTE}An"), *parser.tick()]
    now += UNCLOSED / 2
    heard += [*parser.feed("na"), *parser.tick()]
    assert not heard
    now += UNCLOSED + 0.01
    heard += [*(parser.feed(more) if more else ()), *parser.tick()]
    paste, *keys = heard
    assert isinstance(paste, events.Paste) and paste.text == "Anna"
    assert [key.key for key in keys if isinstance(key, events.Key)] == [*more]
    now += UNCLOSED + 0.01
    assert not [*parser.tick()]  # it is over once


def test_a_paste_that_is_closed_in_pieces_is_over_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    terminal, parser = TerminalInput("utf-8"), TolerantParser()
    chunks = (PASTE, "Anna", CLOSED[:3], CLOSED[3:])
    texts = [terminal.decode(chunk.encode()) for chunk in chunks]
    heard = [event for text in texts if text for event in parser.feed(text)]
    assert [type(event) for event in heard] == [events.Paste]
    now += UNCLOSED + 0.01
    assert not [*parser.tick(), *parser.tick()]


RESIZE, FOCUS, CURSOR = "\x1b[48;9;9;9;9t", "\x1b[O", "\x1b[5;5R"


@pytest.mark.parametrize("report", [RESIZE, FOCUS, CURSOR, "\x1b[113;5A", "\x1b[M !!"])
def test_nor_are_other_reports_that_are_typed(report: str) -> None:
    heard = read(*report, "\x1b", *"x" * 40)
    assert not {"Resize", "AppBlur", "CursorPosition", "ctrl+q", "MouseDown"} & set(heard)


def test_the_size_is_the_system_s_to_tell() -> None:
    assert read(RESIZE, "\x1b[?2048;2$y", "x") == ["x"]


@settings(max_examples=100)
@given(
    st.lists(
        st.from_regex(r"\x1b\[[<?]?[0-9:;]{0,12}[@-~u]", fullmatch=True)
        | st.sampled_from(["\x1b[5:1A", "\x1b[99999999;1~", "\x1b[9:u", "\x1b[55296;1~"]),
        max_size=4,
    ),
    st.booleans(),
)
def test_nothing_that_is_read_ends_the_reading(sequences: list[str], whole: bool) -> None:
    parser, terminal = TolerantParser(), TerminalInput("utf-8")
    for sequence in sequences:
        for part in [sequence] if whole else sequence:
            list(parser.feed(terminal.decode(part.encode())))
    list(parser.feed("\x1b"))
    list(parser.feed("\x1b" + "x" * 40))
    assert [event.key for event in parser.feed("ab") if isinstance(event, events.Key)] == ["a", "b"]


def test_bytes_that_are_no_text_are_read_as_signs_of_that() -> None:
    assert TerminalInput("utf-8").decode(b"a\xe5b") == "a\ufffdb"


@pytest.mark.parametrize("late", [0.0, 0.03, 0.24, 5.0])
@pytest.mark.parametrize("text", ["ab", "a" * 33, "\x1bOQ\x1b[A"])
def test_what_came_during_a_stall_is_as_far_apart_as_in_a_scan_at_the_most(
    text: str, late: float
) -> None:
    parser = TolerantParser()
    times = [event.time for event in parser.feed(text, late)]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(gaps) == (1 if "\x1b" in text else len(text) - 1)
    assert gaps == pytest.approx([min(late / len(times), APART)] * len(gaps), abs=1e-6)
    assert times[-1] <= Message().time


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set where the terminal is taken for gone, which ends the app."""
    gone = Event()
    monkeypatch.setattr(ResilientDriver, "hang_up", lambda _: gone.set())
    return gone


def reading(terminal: int) -> tuple[ResilientDriver, Thread]:
    """A driver, of which no more is there than reads `terminal`, and the thread that does."""
    driver = ResilientDriver.__new__(ResilientDriver)
    driver._debug, driver.exit_event, driver.fileno = False, Event(), terminal
    reader = Thread(target=driver.run_input_thread, daemon=True)
    reader.start()
    return driver, reader


def test_a_terminal_of_which_another_program_reads_too_is_not_gone(
    gone: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed: Queue[Message] = Queue()
    monkeypatch.setattr(ResilientDriver, "process_message", lambda _, message: typed.put(message))
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(slave, False)
    driver, reader = reading(slave)
    assert driver._read() is None  # as after a look that found what the other has read since
    os.write(master, b"A")
    key = typed.get(timeout=60)
    assert isinstance(key, events.Key) and key.character == "A"
    driver.exit_event.set()
    reader.join(60)
    os.close(slave)
    os.close(master)
    assert not reader.is_alive()
    assert not gone.is_set()


def test_a_terminal_that_is_gone_ends_the_reading_and_the_app(gone: Event) -> None:
    master, slave = pty.openpty()
    os.close(master)
    _, reader = reading(slave)
    reader.join(60)
    os.close(slave)
    assert not reader.is_alive()
    assert gone.is_set()
