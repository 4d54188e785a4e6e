"""Sends one signal of a run, batch by batch, and keeps its progress current."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Generic, Protocol

from tachograph_otlp.batches import Batch, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tachograph.sending.progress import SignalProgress
    from tachograph_otlp.answer import Answer
    from tachograph_otlp.batches import Batcher
    from tachograph_otlp.transport import Transport

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0


class Sender(Protocol):
    """Sends a part of a run.

    Attributes
    ----------
    stopped
        Whether no further attempt is made, because the receiver will never accept anything.
    """

    stopped: bool

    def send(self) -> bool:
        """Send what is due; whether there may be more to send at once."""
        ...

    def flush(self) -> None:
        """From now on, send everything without waiting for its time."""
        ...

    def is_done(self) -> bool:
        """Whether everything that has been written is sent."""
        ...


class SignalSender(Generic[Item]):
    """Sends the items that one signal has in the journals of a run.

    Parameters
    ----------
    transport
        Sends a batch.
    batcher
        Reads the batches.
    progress
        The progress of the signal; kept current.
    save
        Called whenever the progress has changed.
    pack
        Turns the items of a batch into what the exporter accepts; None if it accepts a list of the items.

    Attributes
    ----------
    stopped
        Whether no further attempt is made, because the receiver will never accept anything.
    """

    def __init__(
        self,
        transport: Transport,
        batcher: Batcher[Item],
        progress: SignalProgress,
        save: Callable[[], None],
        pack: Callable[[list[Item]], Any] | None = None,
    ) -> None:
        self._transport = transport
        self._pack = pack
        self._batcher = batcher
        self._progress = progress
        self._save = save
        self._batches: Iterator[Batch[Item]] | None = None
        self._unsent: Batch[Item] | None = None
        self._wait_s = _FIRST_WAIT_S
        self._not_before = 0.0
        self.stopped = False

    def send(self) -> bool:
        """Send one batch, if there is one and it is time for it; whether there may be more to send at once."""
        if self.stopped or time.monotonic() < self._not_before:
            return False
        batch = self._unsent or self._next()
        if batch is None:
            return False
        self._unsent = None
        if not batch.items:
            self._advance(batch, 0)
            return True
        answer = self._transport.send(batch.items if self._pack is None else self._pack(batch.items))
        match answer.verdict:
            case "sent":
                self._wait_s = _FIRST_WAIT_S
                self._progress.failure = None
                if answer.rejected:
                    self._progress.refused += answer.rejected
                    self._progress.refusal = answer.reason or None
                # A receiver of metrics counts rejected points, and an item has several points.
                self._advance(batch, max(len(batch.items) - answer.rejected, 0))
            case "later":
                self._unsent = batch
                self._not_before = time.monotonic() + max(self._wait_s, answer.wait_s)
                self._wait_s = min(self._wait_s * 2, _LONGEST_WAIT_S)
                self._fail(answer.reason)
            case "refused":
                self._divide(batch, answer)
            case "never":
                self._unsent = batch
                self.stopped = True
                self._fail(answer.reason)
        return not self.stopped and self._unsent is None

    def flush(self) -> None:
        """Do nothing: a signal never waits for its time."""

    def is_done(self) -> bool:
        """Whether everything that has been written is sent."""
        return self._unsent is None and self._batches is None and self._batcher.is_at_end()

    def _next(self) -> Batch[Item] | None:
        if self._batches is None:
            self._batches = self._batcher.batches()
        batch = next(self._batches, None)
        if batch is None:
            self._batches = None
        return batch

    def _divide(self, batch: Batch[Item], answer: Answer) -> None:
        """Send the halves of a batch that was refused, so that one bad item does not keep back the others."""
        if len(batch.items) == 1:
            self._progress.refused += 1
            self._progress.refusal = answer.reason
            self._advance(batch, 0)
            return
        middle = len(batch.items) // 2
        following = self._batches
        halves = [Batch(batch.items[:middle], {}), Batch(batch.items[middle:], batch.positions)]

        def halves_first() -> Iterator[Batch[Item]]:
            yield from halves
            if following is not None:
                yield from following

        self._batches = halves_first()

    def _advance(self, batch: Batch[Item], sent: int) -> None:
        self._progress.sent += sent
        self._progress.files.update(batch.positions)
        self._save()

    def _fail(self, reason: str) -> None:
        self._progress.failure = reason or "unknown"
        self._save()
