"""Gathers a response from its events, at the least cost per event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import members, text_or_none
from tachograph.semconv import general, tacho
from tachograph_openai.chat import identity
from tachograph_openai.responses import add_output, answer
from tachograph_openai.usage import add_estimate, add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Recorder

_DELTAS = {
    "response.output_text.delta": "output_text",
    "response.refusal.delta": "output_text",
    "response.audio.transcript.delta": "output_text",
    "response.reasoning_text.delta": "reasoning_text",
    "response.reasoning_summary_text.delta": "reasoning_text",
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "arguments",
    "response.mcp_call_arguments.delta": "arguments",
}
_LAST = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_ITEMS = frozenset({"response.output_item.added", "response.output_item.done"})


class ResponseAccumulator:
    """A response as far as its events have come.

    Attributes
    ----------
    complete
        Whether the event with the whole response was seen.
    """

    __slots__ = ("_error", "_items", "_pieces", "_response", "complete")

    def __init__(self) -> None:
        self._pieces: list[tuple[object, str, object]] = []
        self._items: dict[object, tuple[bool, Mapping[str, Any]]] = {}
        self._response: Mapping[str, Any] = {}
        self._error: Mapping[str, Any] = {}
        self.complete = False

    def add(self, event: Any, /) -> None:
        """See an event, a model or plain JSON."""
        fields = members(event)
        kind = fields.get("type")
        delta = _DELTAS.get(kind) if type(kind) is str else None
        if delta is not None:
            self._pieces.append((fields.get("output_index"), delta, fields.get("delta")))
        elif kind in _ITEMS:
            self._items[fields.get("output_index")] = (kind == "response.output_item.done", members(fields.get("item")))
        elif kind == "error":
            self._error = fields
        elif fields.get("response") is not None:
            self._response = members(fields["response"])
            self.complete = self.complete or kind in _LAST

    def attributes(self, to: Recorder, /) -> dict[str, Any]:
        """The attributes of the answer; keeps its output."""
        if self.complete:
            return answer(self._response, to)
        attributes = identity(self._response)
        if not add_usage(attributes, self._response.get("usage")):
            add_estimate(attributes, [piece for _, _, piece in self._pieces if isinstance(piece, str)])
        if self._error:
            attributes[general.ERROR_TYPE] = text_or_none(self._error.get("code")) or "error"
        add_output(attributes, self._unfinished(), None, to)
        attributes.setdefault(tacho.TOKENS_PROVENANCE, tacho.PROVENANCE_MISSING)
        return attributes

    def _unfinished(self) -> list[Mapping[str, Any]]:
        """The items of the output as far as they were received."""
        pieces: dict[object, dict[str, list[str]]] = {index: {} for index in self._items}
        for index, kind, piece in self._pieces:
            if isinstance(piece, str):
                pieces.setdefault(index, {}).setdefault(kind, []).append(piece)
        output: list[Mapping[str, Any]] = []
        for index, kinds in pieces.items():
            done, item = self._items.get(index, (False, {}))
            if done or not kinds:
                output.append(item)
                continue
            text = {kind: "".join(parts) for kind, parts in kinds.items()}
            if "arguments" in text:
                output.append(
                    {"type": "function_call", **item, "arguments": text["arguments"], "input": text["arguments"]}
                )
            elif "reasoning_text" in text:
                output.append(
                    {"type": "reasoning", "content": [{"type": "reasoning_text", "text": text["reasoning_text"]}]}
                )
            if "output_text" in text:
                output.append({"type": "message", "content": [{"type": "output_text", "text": text["output_text"]}]})
        return output
