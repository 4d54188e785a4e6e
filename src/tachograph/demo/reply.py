"""What the stub answers: derived from the request by a few rules, the same for the same request.

The rules make a small coding agent work: they ask for the tools that were offered in the order a person would use them,
and end when the tests pass.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, cast

_FILE = re.compile(r"[\w./-]+\.py\b")
_WRONG = "return a - b"
_RIGHT = "return a + b"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model asks for."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, before it takes the shape of one of the APIs."""

    text: str
    calls: list[ToolCall] = field(default_factory=list[ToolCall])


@dataclass(frozen=True, slots=True)
class Turn:
    """What the rules look at.

    Parameters
    ----------
    asked
        The text of the first message of the user's.
    last
        The text of the last message.
    tools
        Names of the tools offered.
    results
        The results of tools in the conversation, oldest first.
    wants_json
        Whether the answer has to be a JSON object.
    """

    asked: str
    last: str
    tools: frozenset[str]
    results: tuple[str, ...]
    wants_json: bool


def reply(turn: Turn) -> Reply:
    """The answer to a turn."""
    if turn.wants_json:
        return Reply('{"verdict":"good","score":9}')
    call = _next_tool(turn)
    if call is not None:
        return Reply(f"I will use {call.name}.", [call])
    if turn.results:
        return Reply(f"Done after {len(turn.results)} tool calls: {_first_line(turn.results[-1])}")
    return Reply(f"You said: {_first_line(turn.last)}")


def _next_tool(turn: Turn) -> ToolCall | None:
    named = _FILE.search(turn.asked)
    if named is None:
        return None
    latest = turn.results[-1] if turn.results else None
    if latest is None:
        return ToolCall("read_file", {"path": named.group()}) if "read_file" in turn.tools else None
    if _WRONG in latest and "write_file" in turn.tools:
        return ToolCall("write_file", {"path": named.group(), "content": latest.replace(_WRONG, _RIGHT)})
    if latest.startswith("wrote") and "run_tests" in turn.tools:
        return ToolCall("run_tests", {})
    return None


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line[:200]


def listed(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list in a request; empty if it is missing or not a list."""
    value = body.get(key)
    if not isinstance(value, list):
        return []
    return [cast("dict[str, Any]", item) for item in cast("list[Any]", value) if isinstance(item, dict)]


def table(body: dict[str, Any], key: str) -> dict[str, Any]:
    """An object in a request; empty if it is missing or not an object."""
    value = body.get(key)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def tokens(text: str) -> int:
    """A count of tokens for a text: one for each four bytes of it, rounded up."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)


def identity(kind: str, *texts: str) -> str:
    """An id that is the same for the same request, e.g. ``chatcmpl-…``."""
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}{digest[:24]}"


def pieces(text: str, count: int | None) -> list[str]:
    """A text in pieces, as a stream delivers it: word by word, or in a number of pieces."""
    if count is None:
        return re.findall(r"\S+\s*|\s+", text) or [""]
    size = max(1, -(-len(text) // count))
    cut = [text[at : at + size] for at in range(0, len(text), size)]
    return cut + [""] * (count - len(cut))
