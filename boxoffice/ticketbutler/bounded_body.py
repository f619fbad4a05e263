"""The body of an answer while it arrives: decompressed within a bound, hashed, kept in pieces."""

import hashlib
import zlib

from boxoffice.ticketbutler.wire import WrongShape

_PIECE = 1024 * 1024


class BoundedBody:
    """Takes pieces as they come; `chunks` and `fingerprint` are of what they decompress to.

    Decompresses itself instead of leaving it to the HTTP library, which makes the whole of a piece
    before its size can be seen: a few kilobytes may stand for gigabytes.
    """

    def __init__(self, encoding: str, bound: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise WrongShape("a compression that was not asked for")
        self._unzip = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
        self._hash = hashlib.blake2b(digest_size=16)
        self._left = bound
        self.chunks: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Take what has come; WrongShape when it is too much or no gzip."""
        if self._unzip is None:
            self._keep(part)
            return
        while part and not self._unzip.eof:
            try:
                self._keep(self._unzip.decompress(part, _PIECE))
            except zlib.error:
                raise WrongShape("broken gzip") from None
            part = self._unzip.unconsumed_tail

    def end(self) -> str:
        """The fingerprint of the whole; WrongShape when the end is missing."""
        if self._unzip is not None and not self._unzip.eof:
            raise WrongShape("gzip cut off")
        return self._hash.hexdigest()

    def _keep(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise WrongShape("larger than the bound")
        if piece:
            self._hash.update(piece)
            self.chunks.append(piece)
