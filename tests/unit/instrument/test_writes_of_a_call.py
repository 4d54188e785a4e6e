"""What is known before a request leaves is one write, what is known when the call returns is another."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from tachograph.instrument.operation import begin
from tachograph.runtime.recording import PlainAttributes
from tachograph.semconv import tacho

if TYPE_CHECKING:
    import pytest
    from tests.conftest import Recording

    from tachograph.runtime.recording import Message


def _message(raw: Any) -> Message:
    return {"role": raw["role"], "parts": [{"type": "text", "content": raw["content"]}]}


def _call(recording: Recording, question: str) -> None:
    to = recording.recorder
    asked = to.chain([{"role": "system", "content": "Be brief."}, {"role": "user", "content": question}], _message)
    attributes = PlainAttributes({tacho.CONTENT_INPUT: asked})
    opened = begin(to, recording.provider.get_tracer("test"), "test", "chat", attributes)
    assert opened is not None
    answered = to.content({"role": "assistant", "parts": [{"type": "text", "content": f"{question} No."}]})
    opened.end({tacho.CONTENT_OUTPUT: answered})


def test_a_call_is_two_writes(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    _call(recording, "The first call also writes the scope?")
    writes: list[list[dict[str, Any]]] = []
    write = os.write

    def noting(fd: int, data: bytes) -> int:
        if data.startswith(b'{"type":'):
            writes.append([json.loads(line) for line in data.splitlines()])
        return write(fd, data)

    monkeypatch.setattr(os, "write", noting)
    _call(recording, "Another one?")
    monkeypatch.undo()

    assert [[record["type"] for record in records] for records in writes] == [
        ["content", "span.start"],
        ["content", "span.end"],
    ]
    (question, start), (answer, end) = writes
    assert start["attributes"] == {tacho.CONTENT_INPUT: question["id"]}
    assert end["attributes"] == {tacho.CONTENT_INPUT: question["id"], tacho.CONTENT_OUTPUT: answer["id"]}
    assert question["ts"] == start["ts"]
    assert answer["ts"] == end["ts"]
    assert [message["parts"][0]["content"] for message in recording.conversation(question["id"])] == [
        "Be brief.",
        "Another one?",
    ]


def test_content_without_a_span_is_written_when_the_recording_ends(recording: Recording) -> None:
    recording.recorder.content({"role": "user", "parts": [{"type": "text", "content": "asked, and never sent"}]})
    assert recording.records("content") == []
    recording.recorder.close(None)
    assert [record["parts"][0]["content"] for record in recording.records("content")] == ["asked, and never sent"]


def test_content_that_has_no_span_of_a_recording_is_written_at_once(recording: Recording) -> None:
    recording.recorder.content({"role": "user", "parts": [{"type": "text", "content": "a foreign span"}]})
    recording.recorder.write_content()
    recording.recorder.write_content()
    assert [record["parts"][0]["content"] for record in recording.records("content")] == ["a foreign span"]
