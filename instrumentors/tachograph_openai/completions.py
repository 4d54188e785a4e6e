"""Text completions: requests, answers, and streams of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members, text_or_none
from tachograph.instrument.stream import DONE
from tachograph.semconv import tacho
from tachograph_openai.chat import add_choices, identity
from tachograph_openai.embeddings import texts
from tachograph_openai.parameters import keep, parameters, without_unknown
from tachograph_openai.usage import add_estimate, add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Recorder


def request(body: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of a request; keeps the prompts, one part each.

    Parameters
    ----------
    body
        The body as it is sent.
    to
        Where content is kept.
    """
    attributes = parameters(body)
    if to.content_on:
        attributes[tacho.CONTENT_INPUT] = keep(to, {"role": "user", "parts": texts(body.get("prompt"))})
    return without_unknown(attributes)


def answer(fields: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its texts.

    Parameters
    ----------
    fields
        The members of the answer.
    to
        Where content is kept.
    """
    gathered = CompletionAccumulator()
    gathered.add(fields)
    return gathered.attributes(to, whole=True)


class CompletionAccumulator:
    """An answer as far as it, or its chunks, have come.

    Attributes
    ----------
    complete
        Whether the mark after the last chunk was seen; the client keeps it from its streams.
    """

    __slots__ = ("_choices", "_head", "_reasons", "_usage", "complete")

    def __init__(self) -> None:
        self._choices: dict[object, list[str]] = {}
        self._reasons: dict[object, str] = {}
        self._head: Mapping[str, Any] = {}
        self._usage: object = None
        self.complete = False

    def add(self, chunk: Any, /) -> None:
        """See a chunk, a model or plain JSON."""
        fields = members(chunk)
        if not self._head.get("model"):
            self._head = fields
        if fields.get("usage") is not None:
            self._usage = fields["usage"]
        for choice in items(fields.get("choices")):
            chosen = members(choice)
            index = chosen.get("index")
            text = chosen.get("text")
            if isinstance(text, str):
                self._choices.setdefault(index, []).append(text)
            reason = text_or_none(chosen.get("finish_reason"))
            if reason is not None:
                self._reasons[index] = reason
        self.complete = self.complete or chunk is DONE

    def attributes(self, to: Recorder, /, *, whole: bool = False) -> dict[str, Any]:
        """The attributes of the answer; keeps its texts.

        Parameters
        ----------
        to
            Where content is kept.
        whole
            Whether it came as a whole: then missing token counts are not replaced by an estimate.
        """
        attributes = identity(self._head)
        if not add_usage(attributes, self._usage) and not whole:
            add_estimate(attributes, [text for pieces in self._choices.values() for text in pieces])
        messages: list[Message] = []
        if to.content_on:
            for index, pieces in self._choices.items():
                message: Message = {"role": "assistant", "parts": [{"type": "text", "content": "".join(pieces)}]}
                if index in self._reasons:
                    message["finish_reason"] = self._reasons[index]
                messages.append(message)
        add_choices(attributes, list(self._reasons.values()), messages, to)
        return attributes
