"""What tests of several rooms share: a recording in this process, read back from its journal."""

from __future__ import annotations

import signal
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.util._once import Once

from tachograph.distro.sealed_processors import SealedProcessors
from tachograph.distro.tracer_provider import RecordingProvider
from tachograph.journal import journal_files, read
from tachograph.recorder import JournalSpanProcessor, ProcessRecorder
from tachograph.redaction import Sealer
from tachograph.run import Settings
from tachograph.runtime import install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


# A time that a test is given says what else the machine does, and what was found by chance would fail another change:
# `--hypothesis-profile=search` looks for it.
settings.register_profile("tests", deadline=None, derandomize=True, max_examples=150)
settings.register_profile("search", deadline=None, max_examples=15_000)
settings.load_profile("tests")

KEY = bytes(range(32))

# In the background and under nohup these are ignored, and what is ignored stays so in every program a test starts.
for _number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(_number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


class Recording:
    """A recording of this process into a folder of its own."""

    def __init__(self, run_dir: Path, settings: Settings) -> None:
        self.run_dir = run_dir
        self.run_id = str(uuid.UUID(int=7))
        sealer = Sealer(KEY, {})
        self.recorder = ProcessRecorder(self.run_id, run_dir, settings, sealer, {"service.name": "test"})
        self.provider = RecordingProvider(
            Resource({"service.name": "test"}), SealedProcessors(JournalSpanProcessor(self.recorder), sealer), None
        )

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The records written so far, of one type or all; a problem in the journal fails the test."""
        problems: list[str] = []
        found = [
            dict[str, Any](record) for parts in journal_files(self.run_dir) for record in read(parts, problems.append)
        ]
        assert problems == []
        return [record for record in found if kind is None or record.get("type") == kind]

    def spans(self) -> list[dict[str, Any]]:
        """The spans that have ended."""
        return self.records("span.end")

    def conversation(self, last: str) -> list[dict[str, Any]]:
        """The messages of a conversation, oldest first, with their bodies, from the id of its last."""
        contents = {record["id"]: record for record in self.records("content")}
        bodies: dict[str, dict[str, Any]] = {}
        for record in contents.values():
            for part_id, part in zip(record["part_ids"], record["parts"], strict=True):
                if not part.get("ref"):
                    bodies[part_id] = part
        messages: list[dict[str, Any]] = []
        at: str | None = last
        while at is not None:
            record = contents[at]
            message = {key: record[key] for key in ("role", "finish_reason") if key in record}
            messages.append({**message, "parts": [bodies[part_id] for part_id in record["part_ids"]]})
            at = record["prev"]
        return messages[::-1]


@pytest.fixture
def record_with(tmp_path: Path) -> Iterator[Callable[[Settings], Recording]]:
    """Starts a recording with given settings; it is the process's recording until the test ends."""
    api: Any = trace
    before = (api._TRACER_PROVIDER, api._TRACER_PROVIDER_SET_ONCE)
    started: list[Recording] = []

    def start(settings: Settings) -> Recording:
        run_dir = tmp_path / "run"
        run_dir.mkdir()
        made = Recording(run_dir, settings)
        started.append(made)
        api._TRACER_PROVIDER, api._TRACER_PROVIDER_SET_ONCE = made.provider, Once()
        install(made.recorder)
        return made

    yield start
    install(None)
    for made in started:
        made.recorder.close(None)
    api._TRACER_PROVIDER, api._TRACER_PROVIDER_SET_ONCE = before


@pytest.fixture
def recording(record_with: Callable[[Settings], Recording]) -> Recording:
    """A recording with default settings."""
    return record_with(Settings())
