"""The language of what a person reads: English stands in the source, others in catalogues.

`_("{lane} is open").format(lane=lane)` is translated where it is drawn; what stands in a table is
marked by `N_` there. JSON, codes and the names of settings are English in every language. English
needs no catalogue, and loads none.
"""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

__all__ = ["N_", "_", "available", "current", "ngettext", "of_system", "pgettext", "read", "use"]

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "da": "Dansk"}
"""By their codes, as each calls itself."""
_NO_LANGUAGE = frozenset({"c", "posix"})

_current = ENGLISH
_catalogue: "GNUTranslations | None" = None


def N_(message: str) -> str:  # noqa: N802  # gettext's own name
    """Mark `message`, which `_` translates where it is drawn."""
    return message


def _(message: str) -> str:
    """`message` in the language that is in use."""
    return message if _catalogue is None or not message else _catalogue.gettext(message)


def pgettext(context: str, message: str) -> str:
    """`message` as it is meant in `context`, where two things have one word in English."""
    return message if _catalogue is None else _catalogue.pgettext(context, message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form for `number` things."""
    if _catalogue is None:
        return one if number == 1 else many
    return _catalogue.ngettext(one, many, number)


def available() -> dict[str, str]:
    """The languages by their codes, as each calls itself."""
    return LANGUAGES


def current() -> str:
    """The code of the language in use, such as `da`: also Babel's name of its locale."""
    return _current


def use(language: str) -> None:
    """Translate into that one of `available` from here on."""
    global _current, _catalogue  # noqa: PLW0603  # one person reads what one process writes
    if language == _current:
        return
    if language == ENGLISH:
        _catalogue = None
    else:
        from gettext import translation

        folder = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120  # cheap
        _catalogue = translation("boxoffice", folder, [language])
    _current = language


def read(name: str) -> str | None:
    """The code of the language of a locale such as `da`, `da-DK` or `da_DK.UTF-8`.

    None where there is no such language.
    """
    code = name.strip().replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return code if code in LANGUAGES else None


def of_system() -> str:
    """The language that this computer's user has set, as gettext looks for it; else English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    if locale.partition(".")[0].lower() in _NO_LANGUAGE:
        return ENGLISH
    wanted = (os.environ.get("LANGUAGE") or locale).split(":")
    if not any(wanted):
        wanted = _of_desktop()
    return next(filter(None, map(read, wanted)), ENGLISH)


def _of_desktop() -> list[str]:
    """What is set where a start by mouse has no variables: on Windows and on a Mac."""
    if sys.platform == "win32":
        import ctypes
        from locale import windows_locale

        return [windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")]
    if sys.platform == "darwin":
        import plistlib

        file = os.path.expanduser("~/Library/Preferences/.GlobalPreferences.plist")  # noqa: PTH111
        try:
            with open(file, "rb") as settings:  # noqa: PTH123
                return [str(name) for name in plistlib.load(settings).get("AppleLanguages", ())]
        except (OSError, ValueError, plistlib.InvalidFileException):
            return []  # a Mac that was never set up
    return []
