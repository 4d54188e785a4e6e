"""Passes on the signals that reach the launcher and not its child."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tachograph.launcher.terminal import in_foreground
from tachograph.launcher.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Sequence

_RELAYED = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGCONT,
    signal.SIGWINCH,
)
_FROM_TERMINAL = frozenset({signal.SIGINT, signal.SIGQUIT, signal.SIGWINCH})

_GRACE_S = 0.025
"""How long somebody who signals each process may take from the launcher to the witness."""
_LOOK_S = 5.0
"""How long a signal that reached the witness and not the launcher may be taken for part of one that reaches both."""


class _Received(NamedTuple):
    number: int
    due_s: float
    by_child: bool
    """Whether the child has received it too."""


class Relay:
    """Receives the launcher's signals from before its child starts until after its end.

    Parameters
    ----------
    command
        The command's words.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        # What the caller chose to ignore (nohup, a background job) is ignored by the child as well, and not relayed.
        self._relayed = {number for number in _RELAYED if signal.getsignal(number) is not signal.SIG_IGN}
        self._awaited = {*self._relayed, signal.SIGCHLD}
        # With a handler, signals arrive even if their default is to be ignored.
        self._handlers = {number: signal.signal(number, _nothing) for number in self._awaited}
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, self._awaited)
        """What was blocked before, for the child to start with."""
        self._child = 0
        self._received: list[_Received] = []
        # Signals that the witness has received and the launcher has not, and until when they count as one.
        self._ahead: dict[int, float] = {}
        self._witness: Witness | None = None

    def begin(self, child: int) -> None:
        """Pass on what came before the child and the witness were there.

        The child may have it too. A command that has just begun has no handler yet, so twice is as once.

        Parameters
        ----------
        child
            The child's process id.
        """
        self._child = child
        # After the child: who lists the processes first and signals them then, and has the witness, has the child.
        self._witness = _new_witness(self._command)
        for number in signal.sigpending() & self._relayed:
            self._pass_on(signal.sigwait({number}))
        self._judge()

    def wait(self) -> None:
        """Wait until something happens to a child, or to the launcher, and pass on what is only the launcher's."""
        if not hasattr(signal, "sigtimedwait"):
            # macOS does not report the sender of a signal.
            number = signal.sigwait(self._awaited)
            if number != signal.SIGCHLD:
                self._receive(number, from_terminal=number in _FROM_TERMINAL and in_foreground())
                self._judge()
            return
        info = self._next()
        if info is None:
            self._judge()
        elif info.si_signo != signal.SIGCHLD:
            self._receive(info.si_signo, from_terminal=_from_terminal(info))
        elif self._witness is not None and self._witness.ended():
            self._lose_witness()

    def close(self) -> None:
        """Receive no more."""
        self._lose_witness()
        # Pending signals were meant for the child, which has ended.
        for number in self._handlers:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _next(self) -> signal.struct_siginfo | None:
        if self._received:
            return signal.sigtimedwait(self._awaited, max(0.0, self._received[0].due_s - time.monotonic()))
        if self._witness is not None:
            return signal.sigtimedwait(self._awaited, _LOOK_S)
        return signal.sigwaitinfo(self._awaited)

    def _receive(self, number: int, *, from_terminal: bool) -> None:
        now_s = time.monotonic()
        by_child = from_terminal or now_s < self._ahead.get(number, 0.0)
        # Without a witness there is nothing to wait for.
        due_s = now_s + _GRACE_S if self._witness else now_s
        self._received.append(_Received(number, due_s, by_child))

    def _judge(self) -> None:
        """Decide on what has waited long enough."""
        seen = self._look()
        # What came while one witness took the other's place may be missing from the new one.
        while (info := _at_once(self._relayed)) is not None:
            self._receive(info.si_signo, from_terminal=_from_terminal(info))
        now_s = time.monotonic()
        received = [one._replace(by_child=one.by_child or one.number in seen) for one in self._received]
        # Whoever signals each process may come to the launcher last.
        self._ahead = dict.fromkeys(seen - {one.number for one in received}, now_s + _GRACE_S)
        self._received = [one for one in received if one.due_s > now_s]
        for one in received:
            if one.due_s <= now_s and not (one.by_child and self._child_is_in_reach()):
                self._pass_on(one.number)

    def _look(self) -> frozenset[int]:
        """What the witness was sent; another takes its place then, as what is pending does not show a second time."""
        seen: frozenset[int] = frozenset()
        if self._witness is not None:
            try:
                if seen := self._witness.pending():
                    before, self._witness = self._witness, _new_witness(self._command)
                    try:
                        seen = before.pending()
                    finally:
                        before.close()
            except OSError:
                self._lose_witness()
        return seen

    def _lose_witness(self) -> None:
        if self._witness is not None:
            self._witness.close()
            self._witness = None

    def _child_is_in_reach(self) -> bool:
        """Whether the child gets what is sent to the launcher's group, or would not get it without a launcher either.

        A leader cannot leave its group: without a launcher in the lead, the child would still be in it.
        """
        group = os.getpgrp()
        with suppress(OSError):
            return os.getpgid(self._child) == group or group != os.getpid()
        return True

    def _pass_on(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(self._child, number)


def _new_witness(command: Sequence[str]) -> Witness | None:
    """A witness, or None if there can be none: then every signal is passed on that is not from the terminal."""
    if not hasattr(signal, "sigtimedwait"):
        return None
    try:
        return Witness(command)
    except OSError:
        return None


def _nothing(number: int, frame: object) -> None:
    """Be a handler: the signals are waited for, it is never called."""


def _at_once(numbers: set[signal.Signals]) -> signal.struct_siginfo | None:
    return signal.sigtimedwait(numbers, 0) if hasattr(signal, "sigtimedwait") else None


def _from_terminal(info: signal.struct_siginfo) -> bool:
    """Whether the kernel sent it for the terminal, to the whole process group."""
    # What comes from the kernel comes from the terminal, except that a hang-up is for the session's leader alone.
    return info.si_code > 0 and (
        info.si_signo in _FROM_TERMINAL or (info.si_signo == signal.SIGHUP and os.getsid(0) != os.getpid())
    )
