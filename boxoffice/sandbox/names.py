"""People for made-up events, among them names that try to break a terminal."""

import random
import unicodedata
from functools import cache

from boxoffice.sandbox.models import words

DANISH_FIRST = words(
    "Søren Åse Jørgen Kirsten Mads Freja Bjørn Inger Lærke Rasmus Signe Thor Ida Emil Sofie Anton"
    " Karen Niels Hanne Øjvind Astrid Magnus Birgitte Kåre Maja Villads Gry Asger Pernille Torben"
    " Mette Lars Camilla Henrik Trine Jens Dorthe Malthe Caroline Frederik Nanna Oskar Josefine"
    " Aksel Ellen Viggo Rikke Peter Bente Christian Ane-Marie Hans-Jørgen"
)
DANISH_LAST = words(
    "Sørensen Ågård Jørgensen Nielsen Jensen Hansen Pedersen Østergaard Kjær Møller Christensen"
    " Larsen Rasmussen Bæk Aagaard Nørgaard Thomsen Skov Holm Lund Krogh Søndergaard Højlund Bruun"
    " Kjærsgaard Vestergaard Dahl Friis Mikkelsen Brøndum Toft Ravn Hjort Bisgaard Ørsted Lykke"
    " Winther Schmidt Frandsen Laursen Overgaard Hedegaard Mølgaard Bech Åkjær"
)
OTHER_FIRST = words(
    "Łukasz Zoë José François Siobhán Ñuria Jürgen Dvořák Ștefan Ayşe Þóra Žofie Nguyệt Renée"
    " Hélène Marek Chloé Giulia Piotr Anaïs Mateusz Björk Ümit Çağla"
    " Ivo Noah Aoife Tiago Priya Kwame"
)
OTHER_LAST = words(
    "Nguyễn O'Brien Wójcik D'Angelo García-Núñez Müller Weiß Øverland Lindström Čapek Yılmaz"
    " Guðmundsdóttir MacLeod Țepeș Kowalski Dubois Rossi Sánchez Häkkinen Novák Ó'Súilleabháin"
    " Okafor Sharma Smith-Jones Ferreira Björnsson"
)
WHOLE = (
    "李 小明",
    "王秀英",
    "山田 太郎",
    "김 민준",
    "محمد العلي",
    "ליאור כהן",
    "Nguyễn Thị Minh Khai",
    "Иван Петров",
    "Γιώργος Παπαδόπουλος",
    "สมชาย ใจดี",
    "Ludwig van der Velde",
    "María del Carmen de la Fuente y Ortega",
    "Madonna",
    "Anna  Maria   Kjær",
)
HOSTILE = (
    "[red]Rød Rasmussen[/red]",
    "[@click=app.quit]Klik Her[/]",
    "[bold",
    "[/] [link=https://evil.example]Link[/link] \\[x]",
    "\x1b[2J\x1b[31mEscape Eskildsen\x1b[0m",
    "\x1b]0;pwned\x07\x1b]8;;https://evil.example\x07Osk\x1b]8;;\x07",
    "\x9b31mCsi Clausen\x90q\x9c",
    "Bidi \u202egnihtemoS\u202c Override",
    "\u2066Iso\u2069late \u200fRtl",
    "Zero\u200b\u200d\ufeffWidth Zander",
    "Line\nBreak\r\tTab \u2028Separator",
    "Z̸̡̛͖͇͂a̷̧̦̅̌l̶̘͒̕g̵͉̈́̚o̴̮͋͝ Zacharias",
    "👩‍👩‍👧‍👦 Familien Emoji 🇩🇰",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","Klik")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "Robert'); DROP TABLE tickets;--",
    "<script>alert(1)</script>",
    "%s %n {0} {name} ${HOME}",
    "Lang " + "Navnesen" * 30,
    "\x01\x08\x7fDel Delsen",
    "﷽ Wide Ligature",
    "-",
)
"""Names as the server holds them: markup, escape sequences, bidi overrides, formulas, length."""

_PLAIN = str.maketrans(
    {"ø": "oe", "æ": "ae", "å": "aa", "ł": "l", "ß": "ss", "þ": "th", "ð": "d", "ı": "i"}
)


@cache
def mailbox(name: str) -> str:
    """`name` as the first part of an e-mail address; empty where it has no Latin letter."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return "".join(char for char in folded if char.isascii() and char.isalnum())


def family(rnd: random.Random, size: int) -> list[tuple[str, str]]:
    """(first name, last name) of people who come together: mostly of one last name."""
    if size == 1 and rnd.random() < 0.04:
        first, _, last = rnd.choice(WHOLE).partition(" ")
        return [(first, last.strip())]
    danish = rnd.random() < 0.8
    firsts, lasts = (DANISH_FIRST, DANISH_LAST) if danish else (OTHER_FIRST, OTHER_LAST)
    last = rnd.choice(lasts)
    if rnd.random() < 0.15:
        last = f"{rnd.choice(DANISH_LAST)} {last}"
    return [
        (rnd.choice(firsts), last if rnd.random() < 0.8 else rnd.choice(lasts)) for _ in range(size)
    ]


def email(first: str, last: str, number: int) -> str:
    user = ".".join(part for part in (mailbox(first), mailbox(last)) if part) or "guest"
    return f"{user}{number % 97}@example.{('com', 'net', 'org')[number % 3]}"
