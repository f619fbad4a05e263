"""What scanners type, made up: codes of guests in every form, and all that must do nothing.

The same for the same seed and the same people.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from tests.hands.burst import (
    ALONE,
    CONTROL,
    ENDS,
    ESCAPED,
    FORMS,
    GAPS,
    HOSTILE,
    PALETTE,
    PREFIXES,
    QUICK,
    SEQUENCES,
    SITE,
    STALL,
    Burst,
    Person,
)
from tests.hands.keys import Keyboard
from tests.hands.layouts import typed


@dataclass
class Bursts:
    """Makes bursts about these people; each of `fresh` may come in, and is used once."""

    seed: int
    people: Sequence[Person]
    fresh: list[Person] = field(default_factory=list)
    is_in: Callable[[str], bool] = lambda _: False
    """Whether a ticket, by its uuid, is in by now: then it is no longer fresh."""

    def __post_init__(self) -> None:
        self._rnd = random.Random(self.seed)
        named = [(p.slug, p.order_id, str(p.number), p.external or "") for p in self.people]
        self._codes = {code.lower() for codes in named for code in codes}

    def hostile(self, count: int, kinds: Sequence[str] = HOSTILE) -> Iterator[Burst]:
        """So many that admit nobody, or nobody but whom they name; these kinds in turn."""
        makers: dict[str, Callable[[], Burst]] = {
            "word": self._word,
            "name": self._name,
            "e-mail": self._email,
            "letter": self._letter,
            "digits": self._digits,
            "number": self._number,
            "part of a number": self._part_of_number,
            "part of a uuid": self._part_of_uuid,
            "changed uuid": self._changed,
            "two codes": self._two,
            "glued codes": self._glued,
            "keys in text": self._keys_in_text,
            "keys in a code": self._keys_in_code,
            "keys beside a code": self._keys_beside_code,
            "keys alone": self._keys_alone,
            "escape sequence": self._sequence,
            "clicks in escapes": self._clicks,
            "unclosed paste": self._unclosed,
            "palette": self._palette,
            "Tab and Enter": self._tab_enter,
            "pasted": self._pasted,
        }
        for at in range(count):
            yield self._sent(makers[kinds[at % len(kinds)]]())

    def good(self, count: int, kinds: Sequence[str] = FORMS) -> Iterator[Burst]:
        """So many codes of fresh tickets, these forms in turn."""
        for at in range(count):
            person = self.next_fresh()
            if person is None:
                raise ValueError(f"the list has only {at} fresh tickets of {count} that are wanted")
            kind = kinds[at % len(kinds)]
            keys = self._form(kind, person)
            yield self._sent(Burst(kind, keys, names=frozenset({person.uuid}), admits=True))

    def next_fresh(self) -> Person | None:
        """Somebody who may come in; None: nobody is left."""
        while self.fresh:
            person = self.fresh.pop()
            if not self.is_in(person.uuid):
                return person
        return None

    # How it is sent

    def _sent(self, burst: Burst) -> Burst:
        rnd = self._rnd
        end = rnd.choice(tuple(ENDS))
        gaps = [gap for gap in GAPS if gap < 0.05 or burst.kind not in QUICK]
        if burst.kind in ALONE:
            end = rnd.choice(("CR", "none"))  # a Tab more would make them something else
        gap, size = rnd.choice(gaps), len(burst.keys) + len(ENDS[end])
        stall = None
        if size > 8 and burst.kind not in QUICK and rnd.random() < 0.4:
            stall = (rnd.randrange(6, size), STALL * rnd.uniform(0.4, 0.9))
        keyboard = rnd.choices(tuple(Keyboard), (3, 2, 1))[0]
        if burst.kind in ESCAPED:
            keyboard = Keyboard.PLAIN
        return replace(burst, end=end, gap=gap, stall=stall, keyboard=keyboard)

    # Codes

    def _form(self, kind: str, person: Person) -> tuple[str, ...]:
        """The ticket's code in one of its forms."""
        code, dashed = person.uuid, str(uuid.UUID(person.uuid))
        link = f"{SITE}/da/tickets/{dashed}/"
        any_of = self._rnd.choice
        match kind.split():
            case ["layout", layout]:
                return tuple(typed(dashed, layout))
            case ["link,", "layout", layout]:
                return tuple(typed(link, layout))
        forms = {
            "hex": code,
            "dashed": dashed,
            "upper case": any_of((code, dashed)).upper(),
            "link": link,
            "encoded link": f"https://safe.example/?u={quote(link, safe='')}&d=1",
            "twice encoded": quote(quote(link, safe=""), safe=""),
            "prefix": any_of(PREFIXES) + any_of((code, dashed, link)),
            "Code 39": f"*{code.upper()}*",
            "STX and ETX": ("stx", *dashed, "etx"),
            "GS inside": (*dashed[:18], "gs", *dashed[18:]),
            "pasted code": (f"paste:{any_of((code, dashed, link))}",),
            "short link": f"{SITE}/t/{person.slug}/",
            "external uuid": person.external or code,
        }
        return tuple(forms[kind])

    # What is no code, or more than one

    def _someone(self) -> Person:
        """Anybody, rather one who could be let in by mistake."""
        for _ in range(9):
            person = self._rnd.choice(self.people)
            if not self.is_in(person.uuid):
                break
        return person

    def _no_code(self, text: str) -> str:
        """`text`, made longer where somebody's code happens to be the same."""
        return text + "qx" if text.lower() in self._codes else text

    def _of(self, kind: str, text: str) -> Burst:
        return Burst(kind, tuple(self._no_code(text)))

    def _word(self) -> Burst:
        words = ("a ticket", "vip", "standard", "student", "all", "in", "not in", "yes", "42nd")
        return self._of("word", self._rnd.choice(words))

    def _name(self) -> Burst:
        parts = self._someone().name.split()
        text = self._rnd.choice((*parts, " ".join(parts)))
        return self._of("name", self._rnd.choice((text, text.lower(), text.upper(), text[:4])))

    def _email(self) -> Burst:
        email = self._someone().email
        user, _, host = email.partition("@")
        return self._of("e-mail", self._rnd.choice((email, user, host, user.split(".")[0])))

    def _letter(self) -> Burst:
        return self._of("letter", self._rnd.choice("abcdefghijklmnoprstuvåøæABES"))

    def _digits(self) -> Burst:
        return self._of("digits", str(self._rnd.randrange(10 ** self._rnd.randrange(1, 14))))

    def _number(self) -> Burst:
        """A real one: it shows somebody, and lets in nobody."""
        return Burst("number", tuple(str(self._someone().number)))

    def _part_of_number(self) -> Burst:
        number = str(self._someone().number)
        return self._of("part of a number", self._rnd.choice((number[:-1], number[1:], number[:3])))

    def _part_of_uuid(self) -> Burst:
        code = self._rnd.choice((self._someone().uuid, str(uuid.UUID(self._someone().uuid))))
        at = self._rnd.randrange(4, len(code) - 1)
        return self._of("part of a uuid", self._rnd.choice((code[:at], code[at:])))

    def _changed(self) -> Burst:
        code = list(self._someone().uuid)
        at = self._rnd.randrange(32)
        code[at] = self._rnd.choice([digit for digit in "0123456789abcdef" if digit != code[at]])
        text = str(uuid.UUID("".join(code)))
        return Burst("changed uuid", tuple(self._rnd.choice((text, "".join(code), text.upper()))))

    def _two(self) -> Burst:
        one, other = self._rnd.sample([person.uuid for person in self.people], 2)
        between = self._rnd.choice((" ", ",", ";", "|", "/", "gs", "nul"))
        return Burst("two codes", (*one, between, *other))

    def _glued(self) -> Burst:
        one, other = self._rnd.sample([person.uuid for person in self.people], 2)
        cut = self._rnd.randrange(8, 30)
        texts = (one + other, str(uuid.UUID(one)) + str(uuid.UUID(other)), one[:cut] + other[cut:])
        return Burst("glued codes", tuple(self._rnd.choice(texts)))

    # Keys that are commands

    def _mixed(self, keys: Sequence[str], number: int, *, inside: bool = True) -> tuple[str, ...]:
        mixed = list(keys)
        for key in self._rnd.choices(CONTROL, k=number):
            at = self._rnd.randrange(1, len(mixed)) if inside else self._rnd.choice((0, len(mixed)))
            mixed.insert(at, key)
        return tuple(mixed)

    def _upon(self) -> str | None:
        person = self.next_fresh()
        return person.uuid if person else None

    def _keys_in_text(self) -> Burst:
        text = self._rnd.choice((self._someone().name, self._someone().uuid[:20], "confirm"))
        keys = self._mixed(tuple(text), self._rnd.randrange(1, 4))
        return Burst("keys in text", keys, upon=self._upon())

    def _keys_in_code(self) -> Burst:
        person = self._someone()
        keys = self._mixed(tuple(person.uuid), self._rnd.randrange(1, 3))
        return Burst("keys in a code", keys, names=frozenset({person.uuid}), upon=self._upon())

    def _keys_beside_code(self) -> Burst:
        person = self._someone()
        keys = self._mixed(tuple(person.uuid), self._rnd.randrange(1, 3), inside=False)
        return Burst("keys beside a code", keys, names=frozenset({person.uuid}), upon=self._upon())

    def _keys_alone(self) -> Burst:
        """Several commands, faster than anybody's fingers."""
        keys = tuple(self._rnd.choices(CONTROL, k=self._rnd.randrange(2, 6)))
        return Burst("keys alone", keys, upon=self._upon())

    def _sequence(self) -> Burst:
        text = self._someone().uuid[: self._rnd.randrange(3, 16)]
        at = self._rnd.randrange(len(text))
        keys = (*text[:at], "esc", *self._rnd.choice(SEQUENCES), *text[at:])
        return Burst("escape sequence", keys, upon=self._upon())

    def _clicks(self) -> Burst:
        """Two clicks on a row of the list, as a terminal tells of them."""
        row = str(self._rnd.randrange(11, 20))
        click = ("esc", *f"[<0;9;{row}M", "esc", *f"[<0;9;{row}m")
        return Burst("clicks in escapes", click * 2)

    def _unclosed(self) -> Burst:
        """A paste that never ends, as far as the terminal is told."""
        return Burst("unclosed paste", ("esc", *"[200~", *self._someone().uuid[:9]))

    def _palette(self) -> Burst:
        text = self._rnd.choice(PALETTE)
        return Burst("palette", ("ctrl+p", *text, "enter"), upon=self._upon())

    def _tab_enter(self) -> Burst:
        opens = self._rnd.choice(("ctrl+q", "f9", "ctrl+o", "f10", "f4", "f2", "f3"))
        presses = self._rnd.choice((("tab", "enter"), ("enter", "enter"), ("down", "enter")))
        return Burst("Tab and Enter", (opens, *presses, "enter"), upon=self._upon())

    def _pasted(self) -> Burst:
        one, other = self._someone(), self._someone()
        texts = (one.name, f"{one.name}\n{other.name}\n", one.email, one.uuid[3:], "quit\r")
        return Burst("pasted", (f"paste:{self._rnd.choice(texts)}",))
