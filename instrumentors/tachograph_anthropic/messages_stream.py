"""Gathers an answer from the events of its stream, at the least cost per event: pieces are joined at the end.

Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import count_or_none, members, text_or_none
from tachograph.semconv import genai
from tachograph_anthropic.messages import add_identity, keep_output
from tachograph_anthropic.parts import parts, tool_call
from tachograph_anthropic.usage import add_usage, estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tachograph.runtime.recording import Part, Recorder


class _Block:
    """One content block: how it began, and the pieces that followed."""

    __slots__ = ("pieces", "start")

    def __init__(self, start: object) -> None:
        self.start = start
        self.pieces: list[object] = []

    def text(self) -> str:
        """The pieces as one text."""
        return "".join([piece for piece in self.pieces if isinstance(piece, str)])


class MessageAccumulator:
    """The answer as far as its events have come.

    Attributes
    ----------
    complete
        Whether the stream's own last event was seen.
    """

    __slots__ = ("_append", "_blocks", "_final", "_identity", "_index", "_reason", "_usage", "complete")

    def __init__(self) -> None:
        self._blocks: dict[object, _Block] = {}
        # The block the last piece belonged to: nearly always the next one's too.
        self._index: object = None
        self._append: Callable[[object], None] = _Block(None).pieces.append
        self._identity: Mapping[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self._reason: str | None = None
        # Whether the provider's account of the output was seen; the one of `message_start` is a beginning.
        self._final = False
        self.complete = False

    def add(self, event: Any, /) -> None:
        """See one event, a model or plain JSON.

        Those that helpers of the client make of it (`text`, `input_json`, …) repeat a raw event and are passed
        over.
        """
        try:
            # Nearly every event: a model with another piece of the block the last one belonged to.
            fields = event.__dict__
            if fields["type"] == "content_block_delta" and fields["index"] == self._index:
                delta = fields["delta"].__dict__
                self._append(delta[_PIECES[delta["type"]]])
                return
        except (AttributeError, KeyError):
            # Plain JSON, or nothing that is kept.
            pass
        self._add_other(members(event))

    def _turn_to(self, index: object) -> None:
        block = self._blocks.get(index)
        if block is None:
            block = self._blocks[index] = _Block(None)
        self._append = block.pieces.append
        self._index = index

    def _add_other(self, fields: Mapping[str, Any]) -> None:
        kind = fields.get("type")
        if kind == "content_block_delta":
            delta = members(fields.get("delta"))
            name = _PIECES.get(delta.get("type"))
            if name is not None:
                if fields.get("index") != self._index:
                    self._turn_to(fields.get("index"))
                self._append(delta.get(name))
        elif kind == "content_block_start":
            self._blocks[fields["index"]] = _Block(fields.get("content_block"))
            self._index = None
        elif kind == "message_start":
            self._begin(members(fields.get("message")))
        elif kind == "message_delta":
            self._delta(fields)
        elif kind == "message_stop":
            self.complete = True
        elif kind == "completion":
            self._completion(fields)

    def _begin(self, message: Mapping[str, Any]) -> None:
        self._identity = message
        self._usage.update(members(message.get("usage")))

    def _delta(self, fields: Mapping[str, Any]) -> None:
        reason = text_or_none(members(fields.get("delta")).get("stop_reason"))
        if reason is not None:
            self._reason = reason
        # The counts are cumulative: they replace those known so far.
        for name, value in members(fields.get("usage")).items():
            if value is not None:
                self._usage[name] = value
                if name == "output_tokens" and count_or_none(value) is not None:
                    self._final = True

    def _completion(self, fields: Mapping[str, Any]) -> None:
        self._identity = fields
        block = self._blocks.get(0)
        if block is None:
            block = self._blocks[0] = _Block({"type": "text"})
        piece = fields.get("completion")
        if isinstance(piece, str):
            block.pieces.append(piece)
        reason = text_or_none(fields.get("stop_reason"))
        if reason is not None:
            self._reason = reason
            self.complete = True

    def attributes(self, to: Recorder, /) -> dict[str, Any]:
        """The attributes of the answer; keeps its content."""
        attributes: dict[str, Any] = {}
        add_identity(attributes, self._identity)
        add_usage(attributes, self._usage, self._estimate())
        if self._reason is not None:
            attributes[genai.RESPONSE_FINISH_REASONS] = [self._reason]
        if to.content_on:
            parts_of_answer: list[Part] = []
            for block in self._blocks.values():
                parts_of_answer.extend(_parts(block))
            keep_output(attributes, parts_of_answer, self._reason, to)
        return attributes

    def _estimate(self) -> int | None:
        """Output tokens estimated by the length of the text, if the provider reported no final count; else None."""
        if self._final:
            return None
        size = sum(len(block.text().encode("utf-8", "surrogatepass")) for block in self._blocks.values())
        begun = count_or_none(self._usage.get("output_tokens"))
        if not size and begun is None:
            return None
        return max(estimate(size), begun or 0)


_PIECES: dict[object, str] = {
    "text_delta": "text",
    "input_json_delta": "partial_json",
    "thinking_delta": "thinking",
    "compaction_delta": "content",
}
"""By type of delta, the member that holds the text; signatures and citations are not kept."""


def _parts(block: _Block) -> list[Part]:
    joined = block.text()
    start = members(block.start)
    kind = start.get("type")
    if kind == "thinking":
        return [{"type": "reasoning", "content": (text_or_none(start.get("thinking")) or "") + joined}]
    if isinstance(kind, str) and kind.endswith("tool_use"):
        return [tool_call(start.get("id"), start.get("name"), _arguments(joined) if joined else start.get("input"))]
    if kind == "text" or (kind is None and joined):
        return [{"type": "text", "content": (text_or_none(start.get("text")) or "") + joined}]
    if joined:
        return parts([{**start, "content": joined}])
    return parts([start])


def _arguments(written: str) -> object:
    try:
        return json.loads(written)
    except ValueError:
        # The stream ended in the middle of them.
        return written
