"""The agent's two ways of talking to a model, one for each client library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYSTEM = "You are a careful programmer. Use the tools; say when the tests pass. " * 8
_PATH = {"path": {"type": "string"}}
_TOOLS: list[tuple[str, str, dict[str, Any]]] = [
    ("read_file", "Read a file of the project.", _PATH),
    ("write_file", "Write a file of the project.", {**_PATH, "content": {"type": "string"}}),
    ("run_tests", "Run the tests of the project.", {}),
]
_MOST_TOKENS = 2000


class Asked(NamedTuple):
    """A tool that the model asked for."""

    id: str
    name: str
    arguments: dict[str, Any]


class Talk(Protocol):
    """A conversation with a model, and single questions outside of it."""

    def say(self, text: str) -> None:
        """Add a message of the user's."""
        ...

    def turn(self) -> list[Asked]:
        """Let the model go on; the tools it asks for, none when it is done."""
        ...

    def answer(self, results: Sequence[tuple[Asked, str]]) -> None:
        """Add the results of the tools."""
        ...

    def ask(self, text: str, fault: str | None) -> str:
        """The answer to a single question; the stand-in fails on the way, if a failure is named."""
        ...

    def stream(self, text: str) -> Iterator[str]:
        """The answer to a question, piece by piece."""
        ...

    def embed(self, texts: Sequence[str]) -> None:
        """Have some texts embedded, if the provider can do that."""
        ...


def _headers(fault: str | None) -> dict[str, str]:
    return {} if fault is None else {"X-Demo-Fault": fault}


class OpenAITalk:
    """Talks to OpenAI or anything compatible, by ``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``.

    Parameters
    ----------
    model
        The model for chats.
    embedding_model
        The model for vectors.
    """

    def __init__(self, model: str, embedding_model: str) -> None:
        from openai import OpenAI

        self._client: Any = OpenAI()
        self._model = model
        self._embedding_model = embedding_model
        self._messages: list[Any] = [{"role": "system", "content": _SYSTEM}]
        self._tools = [
            {
                "type": "function",
                "function": {
                    "name": name,
                    "description": brief,
                    "parameters": {"type": "object", "properties": fields, "required": list(fields)},
                },
            }
            for name, brief, fields in _TOOLS
        ]

    def say(self, text: str) -> None:
        """See :class:`Talk`."""
        self._messages.append({"role": "user", "content": text})

    def turn(self) -> list[Asked]:
        """See :class:`Talk`."""
        done = self._client.chat.completions.create(model=self._model, messages=self._messages, tools=self._tools)
        message = done.choices[0].message
        self._messages.append(message)
        calls: list[Any] = message.tool_calls or []
        return [Asked(call.id, call.function.name, json.loads(call.function.arguments)) for call in calls]

    def answer(self, results: Sequence[tuple[Asked, str]]) -> None:
        """See :class:`Talk`."""
        self._messages += [{"role": "tool", "tool_call_id": call.id, "content": result} for call, result in results]

    def ask(self, text: str, fault: str | None) -> str:
        """See :class:`Talk`."""
        done = self._client.with_options(max_retries=1).responses.create(
            model=self._model, input=text, extra_headers=_headers(fault)
        )
        return done.output_text

    def stream(self, text: str) -> Iterator[str]:
        """See :class:`Talk`."""
        chunks = self._client.chat.completions.create(
            model=self._model,
            messages=[{"role": "user", "content": text}],
            stream=True,
            stream_options={"include_usage": True},
        )
        for chunk in chunks:
            for choice in chunk.choices:
                yield choice.delta.content or ""

    def embed(self, texts: Sequence[str]) -> None:
        """See :class:`Talk`."""
        self._client.embeddings.create(model=self._embedding_model, input=list(texts))


class AnthropicTalk:
    """Talks to Anthropic, by ``ANTHROPIC_API_KEY`` and ``ANTHROPIC_BASE_URL``.

    Parameters
    ----------
    model
        The model.
    """

    def __init__(self, model: str) -> None:
        import anthropic

        self._client: Any = anthropic.Anthropic()
        self._model = model
        self._messages: list[Any] = []
        self._system = [{"type": "text", "text": _SYSTEM, "cache_control": {"type": "ephemeral"}}]
        self._tools = [
            {
                "name": name,
                "description": brief,
                "input_schema": {"type": "object", "properties": fields, "required": list(fields)},
            }
            for name, brief, fields in _TOOLS
        ]

    def say(self, text: str) -> None:
        """See :class:`Talk`."""
        self._messages.append({"role": "user", "content": text})

    def turn(self) -> list[Asked]:
        """See :class:`Talk`."""
        done = self._client.messages.create(
            model=self._model,
            max_tokens=_MOST_TOKENS,
            system=self._system,
            messages=self._messages,
            tools=self._tools,
        )
        self._messages.append({"role": "assistant", "content": done.content})
        return [Asked(part.id, part.name, part.input) for part in done.content if part.type == "tool_use"]

    def answer(self, results: Sequence[tuple[Asked, str]]) -> None:
        """See :class:`Talk`."""
        if results:
            parts = [{"type": "tool_result", "tool_use_id": call.id, "content": result} for call, result in results]
            self._messages.append({"role": "user", "content": parts})

    def ask(self, text: str, fault: str | None) -> str:
        """See :class:`Talk`."""
        done = self._client.with_options(max_retries=1).messages.create(
            model=self._model,
            max_tokens=_MOST_TOKENS,
            messages=[{"role": "user", "content": text}],
            extra_headers=_headers(fault),
        )
        return "".join(part.text for part in done.content if part.type == "text")

    def stream(self, text: str) -> Iterator[str]:
        """See :class:`Talk`."""
        with self._client.messages.stream(
            model=self._model, max_tokens=_MOST_TOKENS, messages=[{"role": "user", "content": text}]
        ) as stream:
            yield from stream.text_stream

    def embed(self, texts: Sequence[str]) -> None:
        """Anthropic makes no vectors."""
