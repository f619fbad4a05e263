"""The console of Windows, by Textual's own code for it over a system that is made up."""

import ctypes
import importlib
import sys
import threading
from queue import Empty, Queue
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from textual import events

from boxoffice.app import BoxofficeApp
from boxoffice.domain.key_decisions import MODIFIERS
from boxoffice.widgets.driver import UnhurriedDriver

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there it is the system's own")

DRIVERS = ("textual.drivers.win32", "textual.drivers.windows_driver")
SHIFT = "\0"
"""What the console has for a key that types nothing."""
LONGEST = 60.0


class GetStdHandle:
    """A function of the system, whose types are declared."""

    argtypes: list[object]
    restype: object

    def __call__(self, _number: object) -> int:
        return 1


class Kernel32:
    """As much of the system as the keyboard is read with; `typed` holds what comes at once."""

    def __init__(self) -> None:
        self.typed: Queue[str] = Queue()
        self._next = ""
        self.GetStdHandle = GetStdHandle()
        self.WaitForMultipleObjects = self._wait
        self.ReadConsoleInputW = self._read

    def _wait(self, *_: object) -> int:
        try:
            self._next = self.typed.get(timeout=0.1)
        except Empty:
            return 0x102  # WAIT_TIMEOUT
        return 0

    def _read(self, _handle: object, records: Any, _most: int, count: Any) -> None:
        for at, character in enumerate(self._next):
            record = records._obj[at]
            record.EventType = 1  # KEY_EVENT
            record.Event.KeyEvent.bKeyDown = True
            record.Event.KeyEvent.wVirtualKeyCode = 16
            record.Event.KeyEvent.uChar.UnicodeChar = character
        count._obj.value = len(self._next)


@pytest.fixture
def kernel32(monkeypatch: pytest.MonkeyPatch) -> Kernel32:
    """Windows, as far as Textual asks."""
    kernel = Kernel32()
    monkeypatch.setattr(ctypes, "WinDLL", lambda *_, **__: kernel, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", ModuleType("msvcrt"))
    for name in DRIVERS:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr("textual.app.WINDOWS", True)
    return kernel


def test_the_keyboard_is_read_on_after_half_a_character(kernel32: Kernel32) -> None:
    driver = BoxofficeApp.__new__(BoxofficeApp).get_driver_class()
    assert issubclass(driver, UnhurriedDriver)
    assert driver.__name__ == "WindowsDriver"
    monitor_class = importlib.import_module(DRIVERS[0]).EventMonitor
    seen: Queue[events.Key] = Queue()
    failed: Queue[Exception] = Queue()
    app = SimpleNamespace(log=SimpleNamespace(error=lambda _, error: failed.put(error)))
    end = threading.Event()
    monitor = monitor_class(None, app, end, seen.put)
    monitor.start()
    try:
        kernel32.typed.put(f"{SHIFT}A")
        kernel32.typed.put("\ud83d")  # the first half of one; the second is typed later
        kernel32.typed.put(f"b{SHIFT}\r")
        keys = [seen.get(timeout=LONGEST).key for _ in range(5)]
        assert isinstance(failed.get(timeout=LONGEST), UnicodeDecodeError)
    finally:
        end.set()
        monitor.join()
    assert keys == ["ctrl+@", "A", "b", "ctrl+@", "enter"]
    assert "ctrl+@" in MODIFIERS, "it is not a key of anybody, and breaks no scan"
