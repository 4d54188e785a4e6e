"""Gathers what the chunks of a chat completion say, at the least cost per chunk: pieces are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.body import DONE
from tachograph.instrument.endpoint import members
from tachograph_openai.chat import add_choices, identity
from tachograph_openai.parameters import items
from tachograph_openai.parts import blob, size_of_base64, tool_call
from tachograph_openai.usage import add_estimate, add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part, Recorder


class _Choice:
    """One choice: the pieces of what it says."""

    __slots__ = ("audio_bytes", "calls", "reason", "reasoning", "refusal", "text", "transcript")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.refusal: list[str] = []
        self.transcript: list[str] = []
        self.audio_bytes = 0
        self.calls: dict[object, list[Any]] = {}
        self.reason: str | None = None

    def add_rest(self, delta: Mapping[str, Any]) -> None:
        """Add what is not plain text."""
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(thought, str):
            self.reasoning.append(thought)
        refusal = delta.get("refusal")
        if isinstance(refusal, str):
            self.refusal.append(refusal)
        for call in items(delta.get("tool_calls")):
            asked = members(call)
            self._add_call(asked.get("index"), asked.get("id"), asked.get("function"))
        if delta.get("function_call") is not None:
            self._add_call(None, None, delta["function_call"])
        audio = delta.get("audio")
        if audio is not None:
            spoken = members(audio)
            if isinstance(spoken.get("data"), str):
                self.audio_bytes += size_of_base64(spoken["data"])
            if isinstance(spoken.get("transcript"), str):
                self.transcript.append(spoken["transcript"])

    def _add_call(self, index: object, call_id: object, function: object) -> None:
        known = self.calls.get(index)
        if known is None:
            known = self.calls[index] = [None, None, []]
        if call_id is not None:
            known[0] = call_id
        own = members(function)
        if own.get("name") is not None:
            known[1] = own["name"]
        if isinstance(own.get("arguments"), str):
            known[2].append(own["arguments"])

    def seen(self) -> list[str]:
        """All the text that was received."""
        calls = [piece for call in self.calls.values() for piece in (str(call[1] or ""), *call[2])]
        return [*self.reasoning, *self.text, *self.refusal, *self.transcript, *calls]

    def message(self) -> Message:
        """What the choice says so far."""
        parts: list[Part] = []
        if self.reasoning:
            parts.append({"type": "reasoning", "content": "".join(self.reasoning)})
        parts.extend({"type": "text", "content": "".join(pieces)} for pieces in (self.text, self.refusal) if pieces)
        if self.audio_bytes:
            spoken = blob("audio", None)
            spoken["size"] = self.audio_bytes
            parts.append(spoken)
        if self.transcript:
            parts.append({"type": "text", "content": "".join(self.transcript)})
        parts.extend(tool_call(call_id, name, "".join(pieces)) for call_id, name, pieces in self.calls.values())
        made: Message = {"role": "assistant", "parts": parts}
        if self.reason is not None:
            made["finish_reason"] = self.reason
        return made


class ChatAccumulator:
    """What a stream of chat completion chunks has said so far.

    Attributes
    ----------
    complete
        Whether the mark after the last chunk was seen; the client keeps it from its streams.
    """

    __slots__ = ("_choices", "_head", "_tier", "_usage", "complete")

    def __init__(self) -> None:
        self._choices: dict[object, _Choice] = {}
        self._head: Mapping[str, Any] = {}
        self._usage: object = None
        self._tier: object = None
        self.complete = False

    def add(self, chunk: Any, /) -> None:
        """See a chunk, a model or plain JSON."""
        own = members(chunk)
        if not self._head.get("model"):
            # Azure sends a chunk about its content filter ahead, which names no model.
            self._head = own
        usage = own.get("usage")
        if usage is not None:
            # Where a provider sends it with every chunk, the last one counts.
            self._usage = usage
        tier = own.get("service_tier")
        if tier is not None:
            self._tier = tier
        choices = own.get("choices")
        if not choices:
            self.complete = self.complete or chunk is DONE
            return
        for choice in choices:
            chosen = members(choice)
            index = chosen.get("index")
            known = self._choices.get(index)
            if known is None:
                known = self._choices[index] = _Choice()
            reason = chosen.get("finish_reason")
            if reason is not None and isinstance(reason, str):
                known.reason = reason
            delta = members(chosen.get("delta"))
            text = delta.get("content")
            if text is not None and type(text) is str:
                known.text.append(text)
            else:
                known.add_rest(delta)

    def attributes(self, to: Recorder, /) -> dict[str, Any]:
        """What the answer says; keeps its messages."""
        found = identity({**self._head, "service_tier": self._tier})
        choices = list(self._choices.values())
        if not add_usage(found, self._usage):
            add_estimate(found, [text for choice in choices for text in choice.seen()])
        said = [choice.message() for choice in choices] if to.content_on else []
        add_choices(found, [choice.reason for choice in choices if choice.reason is not None], said, to)
        return found
