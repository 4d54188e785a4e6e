"""One measurement in a process of its own: brings a contender up, warms up, does the work, prints what it took.

python -m benchmarks.worker WORK CONTENDER COUNT --provider URL --sink URL --folder PATH [--first NUMBER]
    [--warm COUNT] [--silent] [--callgrind]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from benchmarks.contenders import bring_up

if TYPE_CHECKING:
    from collections.abc import Callable

_WARM = 20
_SYSTEM = "You are a careful reviewer; answer in plain words. " * 20
_PARAGRAPH = "The tide tables of the harbour were printed anew, and nobody had compared them with the old ones. "
_CHUNKS = "50"


def _messages(number: int) -> list[dict[str, Any]]:
    """One message of 3 KB, new with every call."""
    return [{"role": "user", "content": f"Question {number}. " + _PARAGRAPH * 31}]


def _openai(provider: str, *, stream: bool) -> Callable[[int], object]:
    import openai

    client = openai.OpenAI(api_key="none", base_url=f"{provider}/v1", max_retries=0)
    create: Any = client.chat.completions.create

    def plain(number: int) -> object:
        messages = [{"role": "system", "content": _SYSTEM}, *_messages(number)]
        return create(model="gpt-5.1", messages=messages, temperature=0.2, max_completion_tokens=500)

    def streamed(number: int) -> object:
        messages = [{"role": "system", "content": _SYSTEM}, *_messages(number)]
        chunks = create(
            model="gpt-5.1",
            messages=messages,
            stream=True,
            stream_options={"include_usage": True},
            extra_headers={"X-Demo-Chunks": _CHUNKS},
        )
        for _ in chunks:
            pass
        return chunks

    return streamed if stream else plain


def _anthropic(provider: str, *, stream: bool) -> Callable[[int], object]:
    import anthropic

    client = anthropic.Anthropic(api_key="none", base_url=provider, max_retries=0)
    create: Any = client.messages.create

    def plain(number: int) -> object:
        return create(model="claude-sonnet-4-5", max_tokens=500, system=_SYSTEM, messages=_messages(number))

    def streamed(number: int) -> object:
        events = create(
            model="claude-sonnet-4-5",
            max_tokens=500,
            system=_SYSTEM,
            messages=_messages(number),
            stream=True,
            extra_headers={"X-Demo-Chunks": _CHUNKS},
        )
        for _ in events:
            pass
        return events

    return streamed if stream else plain


def _span(_: str) -> Callable[[int], object]:
    from opentelemetry import trace

    tracer = trace.get_tracer("benchmark")

    def work(number: int) -> object:
        with tracer.start_as_current_span("step", attributes={"step.number": number, "step.name": "compare"}) as span:
            span.set_attribute("step.result", "equal")
        return span

    return work


def _conversation(provider: str, *, paragraphs: int) -> Callable[[int], object]:
    """Each call is the next turn of one conversation; a worker that begins later finds the turns before it said."""
    import openai

    client = openai.OpenAI(api_key="none", base_url=f"{provider}/v1", max_retries=0)
    create: Any = client.chat.completions.create
    messages: list[dict[str, Any]] = [{"role": "system", "content": _SYSTEM}]

    def ask() -> None:
        turn = len(messages) // 2
        messages.append({"role": "user", "content": f"Turn {turn}. " + _PARAGRAPH * paragraphs})

    def work(number: int) -> object:
        while len(messages) < 2 * number:
            ask()
            messages.append({"role": "assistant", "content": f"Answer {len(messages) // 2}. " + _PARAGRAPH})
        ask()
        answer = create(model="gpt-5.1", messages=messages)
        messages.append({"role": "assistant", "content": answer.choices[0].message.content})
        return answer

    return work


WORKS: dict[str, Callable[[str], Callable[[int], object]]] = {
    "openai plain": lambda provider: _openai(provider, stream=False),
    "openai stream": lambda provider: _openai(provider, stream=True),
    "anthropic plain": lambda provider: _anthropic(provider, stream=False),
    "anthropic stream": lambda provider: _anthropic(provider, stream=True),
    "span": _span,
    "conversation": lambda provider: _conversation(provider, paragraphs=31),
    "short conversation": lambda provider: _conversation(provider, paragraphs=6),
}


def _silence() -> None:
    """Let the OpenAI client give an answer to each request without making it.

    It is recorded as any other is, by an instrumentor that finds the client as it is now.
    """
    base: Any = importlib.import_module("openai._base_client")
    types: Any = importlib.import_module("openai.types.chat")
    common: dict[str, Any] = {"id": "chatcmpl-1", "created": 1, "model": "gpt-5.1"}
    usage = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
    message = {"role": "assistant", "content": ""}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    answer = types.ChatCompletion(**common, object="chat.completion", choices=[choice], usage=usage)
    common["object"] = "chat.completion.chunk"
    chunks = [
        types.ChatCompletionChunk(**common, choices=[{"index": 0, "delta": {"content": f"{word} "}}])
        for word in _PARAGRAPH.split() * 3
    ]
    chunks.append(types.ChatCompletionChunk(**common, choices=[], usage=usage))
    number = count()

    def request(*_: object, stream: bool = False, **__: object) -> object:
        if not stream:
            answer.choices[0].message.content = f"Answer {next(number)}. {_PARAGRAPH}"
            return answer
        chunks[0].choices[0].delta.content = f"Answer {next(number)}. "
        made: Any = object.__new__(importlib.import_module("openai").Stream)
        made.__dict__ = {"_iterator": iter(chunks), "response": _Closed()}
        return made

    base.SyncAPIClient.request = request


class _Closed:
    """A response whose body was read."""

    is_closed = True


def _count_instructions(*, on: bool) -> None:
    order = ["callgrind_control", "-i", "on" if on else "off", str(os.getpid())]
    subprocess.run(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def main() -> None:
    """Measure; the result is a line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker")
    parser.add_argument("work", choices=list(WORKS))
    parser.add_argument("contender")
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--warm", type=int, default=_WARM)
    parser.add_argument("--provider", default="")
    parser.add_argument("--sink", default="")
    parser.add_argument("--folder", default="")
    parser.add_argument("--silent", action="store_true", help="the client gives an answer without a request")
    parser.add_argument("--callgrind", action="store_true")
    said = cast("Any", parser.parse_args())

    if said.silent:
        _silence()
    flush = bring_up(said.contender, said.sink, said.folder)
    work = WORKS[said.work](said.provider)
    counted = said.first + said.warm
    for number in range(said.first, counted):
        work(number)
    flush()
    if said.callgrind:
        _count_instructions(on=True)
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    for number in range(counted, counted + said.count):
        work(number)
    flush()
    cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    if said.callgrind:
        _count_instructions(on=False)
    sys.stdout.write(json.dumps({"cpu_s": cpu_s, "wall_s": wall_s, "ended": time.time()}) + "\n")


if __name__ == "__main__":
    main()
