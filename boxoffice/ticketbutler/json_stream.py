"""The elements of a JSON array, decoded as they are needed, in pieces.

No single call into the C decoder, which holds the interpreter, takes longer than a few
milliseconds; it is meant for a worker thread.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence

from boxoffice.ticketbutler.wire import DECODER, WrongShape

_PIECE = 256 * 1024
"""Characters decoded in one go: one or two milliseconds."""
_LARGEST = 1024 * 1024
"""Characters of one element; a larger one is none that a site means."""


def slices(chunks: Sequence[bytes]) -> Iterator[list[object]]:
    """The elements of the JSON array in `chunks`, some at a time. Raises WrongShape."""
    source = _Source(chunks)
    if source.peek() != "[":
        raise WrongShape("not a list")
    source.at += 1
    if source.peek() == "]":
        source.at += 1
    else:
        ended = False
        while not ended:
            yield source.many()
            row, ended = source.one()
            yield [row]
    if source.peek():
        raise WrongShape("more after the end of the list")


def elements_of(chunks: Iterable[bytes], name: str) -> Iterator[object]:
    """The elements of the JSON array that an object has under a name, each decoded alone.

    Raises:
        WrongShape: it has none, or breaks off, which may show only at the end.

    """
    source, found = _Source(chunks), False
    source.expect("{")
    while True:
        key = source.value()
        source.expect(":")
        if key == name and not found:
            source.expect("[")
            found = True
            yield from source.rest()
        else:
            source.value()
        if source.peek() == "}":
            break
        source.expect(",")
    source.expect("}")
    if source.peek() or not found:
        raise WrongShape(f"not one object with {name}")


class _Source:
    """The text of an array, decoded as it is needed, and the place up to which it has been read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.at = 0
        self._text = ""
        self._chunks = iter(chunks)
        # A name with broken bytes in it shall not cost the whole list.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._by_glance = True

    def peek(self) -> str:
        """The character that stands here, past white space; empty at the end."""
        while True:
            while self.at < len(self._text):
                sign = self._text[self.at]
                if sign not in " \t\r\n":
                    return sign
                self.at += 1
            if not self._more():
                return ""

    def many(self) -> list[object]:
        """The whole rows that stand here, where a glance can tell them: in a compact list.

        The cut is made between what looks like two rows. Where it is inside a text or inside a row
        instead, what stands before it cannot be decoded, and the rest is left to `one`.
        """
        if not self._by_glance:
            return []
        if len(self._text) - self.at < _PIECE and not self._more():
            return []
        cut = self._text.rfind("},{", self.at, self.at + _PIECE)
        try:
            rows = DECODER.decode(f"[{self._text[self.at : cut + 1]}]") if cut > 0 else None
        except (ValueError, RecursionError):
            rows = None
        if not isinstance(rows, list):
            self._by_glance = False
            return []
        self.at = cut + 2
        return rows

    def one(self) -> tuple[object, bool]:
        """The row that stands here, and whether it is the last."""
        row = self.value()
        sign = self.peek()
        if sign not in {",", "]"}:
            raise WrongShape("no comma after a row, or cut off")
        self.at += 1
        return row, sign == "]"

    def rest(self) -> Iterator[object]:
        """The rows that stand here, to the end of the array."""
        ended = self.peek() == "]"
        self.at += ended
        while not ended:
            row, ended = self.one()
            yield row

    def expect(self, sign: str) -> None:
        """Go past a character that has to stand here."""
        if self.peek() != sign:
            raise WrongShape(f"no {sign} where it has to be")
        self.at += 1

    def value(self) -> object:
        """Whatever stands here."""
        self.peek()
        while True:
            try:
                value, self.at = DECODER.raw_decode(self._text, self.at)
            except ValueError as error:
                left = len(self._text) - self.at
                if left > _LARGEST or not self._more():
                    raise WrongShape(f"a row that is no JSON, or cut off ({error})") from None
            except RecursionError:
                raise WrongShape("a row nested too deep") from None
            else:
                return value

    def _more(self) -> bool:
        """Add as much text as is left, or a piece; False when there is no more."""
        left = self._text[self.at :]
        wanted = max(len(left), _PIECE)
        parts = [left]
        self.at = 0
        for chunk in self._chunks:
            parts.append(self._decoder.decode(chunk))
            wanted -= len(parts[-1])
            if wanted <= 0:
                break
        else:
            parts.append(self._decoder.decode(b"", final=True))
        self._text = "".join(parts)
        return len(self._text) > len(left)
