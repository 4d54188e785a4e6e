"""The seam between the recorded program and its recorder: one object, or None if nothing records.

Instrumentors and the public API use it; the distribution puts it in place once the SDK is up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from tachograph._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.trace import SpanContext, Tracer

    from tachograph.run_status import RunStatus


class Part(TypedDict, total=False):
    """One part of a message in the terms of the GenAI conventions.

    ``type`` is text, reasoning, tool_call, tool_call_response, blob, file or uri; the other keys go with it:
    ``content`` (text, reasoning), ``id``, ``name``, ``arguments`` (tool_call), ``id``, ``response``
    (tool_call_response), ``mime_type``, ``uri``, ``file_id``, ``modality``, ``size`` (bytes of a blob, which is not
    kept).
    """

    type: str
    content: object
    id: object
    name: object
    arguments: object
    response: object
    mime_type: object
    uri: object
    file_id: object
    modality: object
    size: int


class Message(TypedDict, total=False):
    """One message: ``role``, ``parts`` and, on an answer, ``finish_reason``."""

    role: str
    parts: list[Part]
    name: object
    finish_reason: object


class PlainAttributes(dict[str, Any]):
    """Attributes known to be valid: non-empty names, values that are text, numbers, booleans or lists of text.

    A span of our own takes them as they are, without looking at each.
    """

    __slots__ = ()


class Recorder(Protocol):
    """What a process records to. No method raises or waits for a network."""

    @property
    def run_id(self) -> str:
        """The run's UUID4."""
        ...

    @property
    def content_on(self) -> bool:
        """Whether content is kept."""
        ...

    def chain(self, messages: Sequence[object], normalise: Callable[[object], Message]) -> str | None:
        """Keep a conversation, each message once, and return the id of its last message.

        Parameters
        ----------
        messages
            The messages as the client sends them. Only those not seen before as the continuation of a known
            conversation are normalised, redacted and written.
        normalise
            Turns one of them into a :class:`Message`. It is called back under a lock, and must not record anything.
        """
        ...

    def content(self, message: Message) -> str | None:
        """Keep one message outside of a conversation (an answer, instructions, tool definitions) and return its id."""
        ...

    def sealed(self, value: Mapping[str, object]) -> dict[str, Any]:
        """A redacted copy, for anything that another sink than this recorder gets."""
        ...

    def secret(self, value: object) -> None:
        """Redact a value wherever it occurs from here on, whatever it looks like.

        Parameters
        ----------
        value
            A secret, e.g. the key of a client. What is no text, too short or a word is passed over.
        """
        ...

    def journal_only_tracer(
        self, scope: str, *, already_reported: bool, version: str | None = __version__
    ) -> Tracer | None:
        """A tracer whose spans go to the journal only; None if the program's exporters should receive them too.

        If somebody else reports the calls of models to these exporters, our spans would report them a second time.

        Parameters
        ----------
        scope
            The instrumentation scope of the tracer.
        already_reported
            Whether somebody else is known to report this call.
        version
            The version of the instrumentation, by default that of Tachograph.
        """
        ...

    def event(self, name: str, fields: Mapping[str, object], context: SpanContext | None) -> None:
        """Keep one event, under a span if there is one."""
        ...

    def facts(self, facts: Mapping[str, object]) -> None:
        """Add to what is known of the run (task, role, name, …); later values win."""
        ...

    def child_ended(self, pid: int, exit_code: int) -> None:
        """Keep how a child of this process ended, as it may not have been able to record it.

        Parameters
        ----------
        pid
            Its process id.
        exit_code
            Its exit code; the negative number of the signal that ended it.
        """
        ...

    def outcome(self, outcome: RunStatus, reason: str | None) -> None:
        """Record how the run ended; it overrides the exit code."""
        ...


def goes_to_foreign_provider(tracer: object) -> bool:
    """Whether the spans of a tracer go to the program's provider, whose exporters get them as they are.

    Parameters
    ----------
    tracer
        Any tracer. Ours have an attribute `successor`, None until they hand over; others have none.
    """
    return getattr(tracer, "successor", tracer) is not None


_recorder: Recorder | None = None


def recorder() -> Recorder | None:
    """The recorder of this process, None if nothing records."""
    return _recorder


def install(new: Recorder | None) -> None:
    """Put a recorder in place, or take it away with None."""
    global _recorder
    _recorder = new
