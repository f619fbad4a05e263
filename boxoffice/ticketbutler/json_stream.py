"""The elements of a JSON array, decoded as they are needed, in pieces.

No single call into the C decoder, which holds the interpreter, takes longer than a few
milliseconds; it is meant for a worker thread.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from boxoffice.ticketbutler.wire import DECODER, WrongShape

_PIECE = 256 * 1024
"""Characters decoded in one go: one or two milliseconds."""
_LARGEST = 1024 * 1024
"""Characters of one element; a larger one is none that a site means."""
_SHORTEST_CUT = 32 * 1024
"""Bytes that are cut into rows in one go: what is received in one piece is best left in it."""
_SPACE = b" \t\r\n"
_OPENING = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\[[ \t\r\n]*(\{[ \t\r\n]*"\w+")')
"""Of an array and the first object in it."""


class RawRows:
    """The objects of the JSON array in `chunks`, as bytes that are not looked into, some at a time.

    They are cut where one object ends and another with the same first name begins, written as
    between the first two. What is cut off is a row of the array if it is JSON by itself, and if so
    are all before it, which is left to the caller: JSON can be read in one way only. From where
    one is not, `elements` reads on.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._left, text = iter(chunks), b""
        while len(text) < _PIECE and (more := _joined(self._left)):
            text += more
        self.first = b""
        """What all rows begin with, up to their first name; empty: no rows can be cut off."""
        self._border = b""
        self._before, self._rest, self._is_ended = b"", text, False
        opening = _OPENING.match(text)
        if opening is not None:
            first = opening[1]
            border = re.compile(rb"\}[ \t\r\n]*,[ \t\r\n]*" + re.escape(first)).search(text)
            if border is not None:
                self.first, self._border = first, border[0]
                self._before, self._rest = b"[" + first, text[opening.end() :]

    def pieces(self) -> Iterator[list[bytes]]:
        """Of each row what comes after the first name, without the brace at its end.

        Ends where the rest cannot be told apart, which `elements` then reads.
        """
        if not self.first:
            return
        while True:
            *ended, self._rest = self._rest.split(self._border)
            if ended:
                yield ended
            more = _joined(self._left)
            if not more:
                break
            if len(self._rest) > _LARGEST:
                self._left = chain([more], self._left)
                return
            self._rest += more
        text = self._rest.rstrip(_SPACE)
        row = text[:-1].rstrip(_SPACE)
        if text.endswith(b"]") and row.endswith(b"}"):
            self._is_ended, self._border, self._rest = True, b"", self._rest[len(row) - 1 :]
            yield [row[:-1]]

    def elements(self, rows: Sequence[bytes] = ()) -> Iterator[object]:
        """Each by itself decoded: the last `rows` of the last piece, and what was not cut off.

        Raises WrongShape, perhaps at the end.
        """
        if self._is_ended and not rows:
            return iter(())
        cut = b"".join(row + self._border for row in rows)
        return elements(chain([self._before + cut + self._rest], self._left))


def _joined(chunks: Iterator[bytes]) -> bytes:
    """The next of them that are long enough together; empty at the end."""
    parts, wanted = [], _SHORTEST_CUT
    for chunk in chunks:
        parts.append(chunk)
        wanted -= len(chunk)
        if wanted <= 0:
            break
    return b"".join(parts)


def decoded(row: bytes) -> object:
    """The value that is all of `row`. Raises ValueError or RecursionError."""
    text = str(row, "utf-8", "replace")
    value, end = DECODER.raw_decode(text)
    if end < len(text):
        raise ValueError("more than a row")
    return value


def elements(chunks: Iterable[bytes]) -> Iterator[object]:
    """The elements of a JSON array, each decoded alone. Raises WrongShape, perhaps at the end."""
    source = _Source(chunks)
    source.expect("[")
    yield from source.rest()
    if source.peek():
        raise WrongShape("more after the end of the list")


def elements_of(chunks: Iterable[bytes], name: str) -> Iterator[object]:
    """The elements of the JSON array that an object has under a name, each decoded alone.

    Raises WrongShape where it has none, or breaks off, which may show only at the end.
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
