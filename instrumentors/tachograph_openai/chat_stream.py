"""Gathers a chat completion from its chunks, at the least cost per chunk: pieces are joined at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members, text_or_none
from tachograph.instrument.parts import blob, size_of_base64
from tachograph.instrument.stream import DONE
from tachograph_openai.chat import add_choices, identity
from tachograph_openai.parts import tool_call
from tachograph_openai.usage import add_estimate, add_usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        call = self.calls.get(index)
        if call is None:
            call = self.calls[index] = [None, None, []]
        if call_id is not None:
            call[0] = call_id
        fields = members(function)
        if fields.get("name") is not None:
            call[1] = fields["name"]
        if isinstance(fields.get("arguments"), str):
            call[2].append(fields["arguments"])

    def seen(self) -> list[str]:
        """All the text that was received."""
        calls = [piece for call in self.calls.values() for piece in (str(call[1] or ""), *call[2])]
        return [*self.reasoning, *self.text, *self.refusal, *self.transcript, *calls]

    def message(self) -> Message:
        """The message of the choice as far as it has come."""
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
        message: Message = {"role": "assistant", "parts": parts}
        if self.reason is not None:
            message["finish_reason"] = self.reason
        return message


class ChatAccumulator:
    """A chat completion as far as its chunks have come.

    Attributes
    ----------
    complete
        Whether the mark after the last chunk was seen; the client keeps it from its streams.
    """

    __slots__ = ("_append", "_choices", "_head", "_index", "_usage", "complete")

    def __init__(self) -> None:
        self._choices: dict[object, _Choice] = {}
        self._head: dict[str, Any] = {}
        self._usage: object = None
        # The choice the last chunk belonged to: nearly always the next one's too.
        self._index: object = None
        self._append: Callable[[str], None] = _Choice().text.append
        self.complete = False

    def add(self, chunk: Any, /) -> object:
        """See a chunk, a model or plain JSON."""
        try:
            # Nearly every chunk: a model with one choice, of which there is more text and nothing else.
            fields = chunk.__dict__
            (choice,) = fields["choices"]
            chosen = choice.__dict__
            delta = chosen["delta"].__dict__
            text = delta["content"]
            if (
                text
                and type(text) is str
                and chosen["index"] == self._index
                and chosen["finish_reason"] is None
                and delta["tool_calls"] is None
                and fields["usage"] is None
            ):
                self._append(text)
                return None
        except (AttributeError, KeyError, TypeError, ValueError):
            # Plain JSON, another number of choices, or a release that declares less.
            pass
        return self._add_other(members(chunk))

    def _add_other(self, fields: Mapping[str, Any]) -> object:
        for choice in items(fields.get("choices")):
            chosen = members(choice)
            self._add_choice(chosen, members(chosen.get("delta")))
        return self._add_head(fields)

    def _add_head(self, fields: Mapping[str, Any]) -> object:
        """See what is not of one choice; it comes with the first chunk, or with the last, or both."""
        for name in ("id", "model", "service_tier"):
            # Azure sends a chunk about its content filter ahead, with empty ones.
            if fields.get(name):
                self._head[name] = fields[name]
        if fields.get("usage") is not None:
            # If a provider sends it with every chunk, the last one counts.
            self._usage = fields["usage"]
        if fields is DONE:
            self.complete = True
            return DONE
        return None

    def _add_choice(self, chosen: Mapping[str, Any], delta: Mapping[str, Any]) -> None:
        index = chosen.get("index")
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = _Choice()
        reason = text_or_none(chosen.get("finish_reason"))
        if reason is not None:
            choice.reason = reason
        text = delta.get("content")
        if isinstance(text, str) and text:
            choice.text.append(text)
        choice.add_rest(delta)
        self._index, self._append = index, choice.text.append

    def attributes(self, to: Recorder, /) -> dict[str, Any]:
        """The attributes of the answer; keeps its messages."""
        attributes = identity(self._head)
        choices = list(self._choices.values())
        if not add_usage(attributes, self._usage):
            add_estimate(attributes, [text for choice in choices for text in choice.seen()])
        messages = [choice.message() for choice in choices] if to.content_on else []
        add_choices(attributes, [choice.reason for choice in choices if choice.reason is not None], messages, to)
        return attributes
