"""What may come from a keyboard: any bytes at all."""

import codecs
import functools
import sys


def take_any_bytes() -> None:
    """Have Textual read bytes that are not UTF-8 as replacement characters.

    A scanner or terminal set to Latin-1 sends them, and Textual's input thread, which decodes
    strictly, would end the app. Windows reads characters, not bytes.
    """
    if sys.platform == "win32":
        return
    from textual.drivers import linux_driver  # noqa: PLC0415 - not there on Windows

    def tolerant(encoding: str) -> functools.partial[codecs.IncrementalDecoder]:
        return functools.partial(codecs.getincrementaldecoder(encoding), "replace")

    vars(linux_driver)["getincrementaldecoder"] = tolerant
