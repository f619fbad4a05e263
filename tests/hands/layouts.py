"""What comes of a code where the scanner types for a US keyboard and the computer has another one.

Read off pictures of the keyboards, by itself: the app has a table of its own.
"""

_DIGITS = "1234567890"

LAYOUTS: dict[str, dict[str, str]] = {
    "da": {"-": "+", "_": "?", "/": "-", "?": "_", ":": "Æ", ";": "æ", "&": "/"},
    "no": {"-": "+", "_": "?", "/": "-", "?": "_", ":": "Ø", ";": "ø", "&": "/", "=": "\\"},
    "sv": {"-": "+", "_": "?", "/": "-", "?": "_", ":": "Ö", ";": "ö", "&": "/"},
    "de": {
        **{"-": "ß", "_": "?", "/": "-", "?": "_", ":": "Ö", ";": "ö", "&": "/"},
        **{"y": "z", "z": "y", "Y": "Z", "Z": "Y"},
    },
    "fr": {
        **dict(zip(_DIGITS, "&é\"'(-è_çà", strict=True)),
        **dict(zip("aqwzmAQWZM", "qazw,QAZW?", strict=True)),
        **{"-": ")", "_": "°", "/": "!", "?": "§", ":": "M", ";": "m", ".": ":", "&": "7"},
    },
}
"""By language: what a key gives in place of what it gives on a US keyboard; missing: the same."""


def typed(text: str, layout: str) -> str:
    """`text` as the computer reads it."""
    table = LAYOUTS[layout]
    return "".join(table.get(character, character) for character in text)
