"""Redacts a text of any size, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tachograph.redaction.text import TextRedactor
    from tachograph.redaction.text_span import Span

_PIECE = 1 << 18
_HELD = 1 << 16
_CUT = b"\n \t,;"


class RedactedStream:
    """Redacts a text that arrives in pieces of any size, and holds back what cannot be decided yet.

    A secret may extend over several pieces: what is within 64 KiB of the end of the known text waits for more, and so
    does a secret of any length that reaches that end. A longer one can pass in part only if its beginning does not
    identify it, such as base 64 without a line break.

    Parameters
    ----------
    redact
        Redacts texts.
    tally
        Counts by kind; added to.
    note
        Called with each secret, its tag, and the place in the whole text that the secret's place is relative to.
    """

    def __init__(
        self, redact: TextRedactor, tally: dict[str, int], note: Callable[[Span, str | None, int], None] | None = None
    ) -> None:
        self._redact = redact
        self._tally = tally
        self._note = note
        self._waiting = b""
        self._done = 0

    def pieces(self, read: Iterable[bytes]) -> Iterator[bytes]:
        """The text redacted.

        Parameters
        ----------
        read
            Its pieces, in UTF-8; a byte that is not is kept as it is. An empty one says that the source pauses: then
            whole lines are given back that no secret reaches out of.
        """
        for piece in read:
            self._waiting += piece
            if not piece:
                yield self._part(self._waiting.rfind(b"\n") + 1, pause=True)
            elif len(self._waiting) >= _PIECE + _HELD:
                yield self._part(len(self._waiting) - _HELD)
        yield self._part(len(self._waiting))

    def _part(self, size: int, *, pause: bool = False) -> bytes:
        text = self._waiting
        spans = self._redact.spans(text)
        if size < len(text) or pause:
            # Cut outside of secrets and at the end of a line or a word, because rules depend on what is around.
            size = _last_of(text, size)
            if spans and spans[-1].end >= len(text):
                # The secret may continue.
                size = min(size, spans[-1].start)
            for span in reversed(spans):
                if span.start < size < span.end:
                    size = span.start
        kept = [span for span in spans if span.end <= size]
        if self._note is not None:
            for span in kept:
                self._note(span, self._redact.tag(text, span), self._done)
        # Once more, because a marker may give away what is next to it.
        out = self._redact(self._redact.replaced(text[:size], kept, self._tally)[0], self._tally)
        self._waiting = text[size:]
        self._done += size
        return out


def _last_of(text: bytes, size: int) -> int:
    if text[size - 1 : size] == b"\n":
        return size
    for sign in _CUT:
        at = text.rfind(sign, size // 2, size)
        if at >= 0:
            return at + 1
    return size
