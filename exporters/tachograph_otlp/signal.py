"""One signal on its way: from its feed through its sender, with what has become of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Generic

from tachograph_otlp.batches import Batch, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tachograph.sending.progress import SignalProgress
    from tachograph_otlp.batches import Feed
    from tachograph_otlp.transport import Answer, Transport

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0


class SignalSender(Generic[Item]):
    """One signal of a run.

    Parameters
    ----------
    sender
        Sends it.
    feed
        Gives it.
    state
        What has become of it; kept current.
    save
        Called whenever the state has changed.
    pack
        Makes what the exporter takes of the items of a batch; None where it takes them as they are.
    """

    def __init__(
        self,
        sender: Transport,
        feed: Feed[Item],
        state: SignalProgress,
        save: Callable[[], None],
        pack: Callable[[list[Item]], Any] | None = None,
    ) -> None:
        self._sender = sender
        self._pack = pack
        self._feed = feed
        self._state = state
        self._save = save
        self._batches: Iterator[Batch[Item]] | None = None
        self._held: Batch[Item] | None = None
        self._wait_s = _FIRST_WAIT_S
        self._not_before = 0.0
        self.stopped = False
        """Whether nothing more is tried: the receiver will never take anything."""

    def push(self) -> bool:
        """Send one batch, if there is one and its time has come; whether there may be more at once."""
        if self.stopped or time.monotonic() < self._not_before:
            return False
        batch = self._held or self._next()
        if batch is None:
            return False
        self._held = None
        if not batch.items:
            self._done(batch, 0)
            return True
        answer = self._sender.send(batch.items if self._pack is None else self._pack(batch.items))
        match answer.verdict:
            case "sent":
                self._wait_s = _FIRST_WAIT_S
                self._state.failure = None
                if answer.rejected:
                    self._state.refused += answer.rejected
                    self._state.refusal = answer.reason or None
                # Of metrics it is points that are rejected, of which an item has several.
                self._done(batch, max(len(batch.items) - answer.rejected, 0))
            case "later":
                self._held = batch
                self._not_before = time.monotonic() + max(self._wait_s, answer.wait_s)
                self._wait_s = min(self._wait_s * 2, _LONGEST_WAIT_S)
                self._fail(answer.reason)
            case "refused":
                self._refused(batch, answer)
            case "never":
                self._held = batch
                self.stopped = True
                self._fail(answer.reason)
        return not self.stopped and self._held is None

    def flush(self) -> None:
        """Nothing is held back."""

    def is_done(self) -> bool:
        """Whether all that has been written is sent."""
        return self._held is None and self._batches is None and self._feed.is_at_end()

    def _next(self) -> Batch[Item] | None:
        if self._batches is None:
            self._batches = self._feed.batches()
        batch = next(self._batches, None)
        if batch is None:
            self._batches = None
        return batch

    def _refused(self, batch: Batch[Any], answer: Answer) -> None:
        """Find the items the receiver minds: what is wrong with one must not keep the others."""
        if len(batch.items) == 1:
            self._state.refused += 1
            self._state.refusal = answer.reason
            self._done(batch, 0)
            return
        middle = len(batch.items) // 2
        rest = self._batches
        halves = [Batch(batch.items[:middle], {}), Batch(batch.items[middle:], batch.files)]

        def both() -> Iterator[Batch[Any]]:
            yield from halves
            if rest is not None:
                yield from rest

        self._batches = both()

    def _done(self, batch: Batch[Any], sent: int) -> None:
        self._state.sent += sent
        self._state.files.update(batch.files)
        self._save()

    def _fail(self, reason: str) -> None:
        self._state.failure = reason or "unknown"
        self._save()
