"""P7: reading a run: its report, and its report with the index of the reading model."""

from __future__ import annotations

import random
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.measure import say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from benchmarks.measure import Bench
    from tachograph.journal import ContentStore, RecordBuilder

_SPANS = 50_000
_ROUNDS = 5
_FOLD_MB_S, _BOTH_MB_S = 100, 60
_BEGIN_NS = 1_800_000_000_000_000_000
_PID = 1000
_EXCEPTION = {
    "exception.type": "ValueError",
    "exception.message": "no such tool",
    "exception.stacktrace": 'File "/srv/agent.py", line 3, in run\nValueError: no such tool',
}


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:  # noqa: ARG001 - the parts are called alike
    """The table and whether the budgets hold: 100 MB/s for the report, 60 with the index, on a run of 50,000 spans."""
    from tachograph.report import fold
    from tachograph.report.index import open_index
    from tachograph.report.index.database import INDEX_FILE
    from tachograph.report.prices import Pricer

    say("P7 reading")
    with tempfile.TemporaryDirectory() as folder:
        run_dir = _run(Path(folder), _SPANS // 10 if quick else _SPANS)
        megabytes = sum(path.stat().st_size for path in run_dir.glob("journal-*")) / 1e6

        def both() -> None:
            (run_dir / INDEX_FILE).unlink(missing_ok=True)
            with open_index(run_dir, Pricer()) as index:
                index.report()

        works: dict[str, tuple[Callable[[], object], int]] = {
            "report": (lambda: fold(run_dir), _FOLD_MB_S),
            "report and index": (both, _BOTH_MB_S),
        }
        rows: list[list[str]] = []
        held = True
        for name, (work, budget) in works.items():
            work()
            rate = megabytes / min(_cpu_s(work) for _ in range(1 if quick else _ROUNDS))
            held = held and rate >= budget
            rows.append([name, f"{megabytes:.1f}", f"{rate:.0f}", str(budget)])
    return table(["read", "MB of journal", "MB/s of CPU time, best of 5", "budget"], rows), held


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


class _Unsealed:
    """What is made up here holds no secret."""

    def json(self, value: object, _: dict[str, int], /) -> bytes:
        return orjson.dumps(value)


def _run(base: Path, spans: int) -> Path:
    """A run of an agent: iterations of one call of a model and some tools, one in a hundred of which fails."""
    from tachograph.journal import ContentStore, JournalWriter, RecordBuilder, create_run_dir

    run_id = str(uuid.UUID(int=1))
    run_dir = create_run_dir(base, run_id, datetime.fromtimestamp(_BEGIN_NS / 1e9, UTC))
    builder = RecordBuilder(run_id, _Unsealed(), _PID)
    facts: dict[str, Any] = {"command": ["python", "agent.py"]}
    writer = JournalWriter(
        run_dir,
        lambda: builder.process_start(facts, ppid=1, start_ns=_BEGIN_NS, resource={}),
        pid=_PID,
        start_ns=_BEGIN_NS,
    )
    writer.write(builder.run_start({"name": "agent.py", **facts}, _BEGIN_NS))
    agent = _Agent(builder, writer.write, ContentStore(writer.write, builder))
    while agent.spans < spans:
        agent.iteration()
    writer.write(builder.run_end({"outcome": "completed", "exit_code": 0}, agent.now_ns))
    writer.close(builder.process_end({}, agent.now_ns))
    return run_dir


class _Agent:
    def __init__(self, builder: RecordBuilder, write: Callable[[bytes], object], contents: ContentStore) -> None:
        self._builder = builder
        self._write = write
        self._contents = contents
        self._random = random.Random(1)
        self._trace = self._random.getrandbits(128)
        self._history: list[dict[str, Any]] = []
        self._iterations = 0
        self.spans = 0
        self.now_ns = _BEGIN_NS

    def iteration(self) -> None:
        self._iterations += 1
        with self._span(None, f"iteration {self._iterations}", {"tachograph.iteration.number": self._iterations}) as it:
            self._call(it)
            for number in range(self._random.randint(2, 28)):
                attributes = {"tool.name": f"tool{number}", "url.full": f"http://example.org/{self.spans}"}
                with self._span(it, f"tool {number}", {"code.function.name": "tool.run", **attributes}):
                    pass

    def _call(self, parent: int) -> None:
        self._history.append({"role": "user", "content": f"Question {self._iterations} {'x' * 200}"})
        # An agent that compacts its history.
        del self._history[: 40 if len(self._history) > 60 else 0]
        question = self._contents.chain(list(self._history), _message)
        asked = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "tachograph.input.message.count": len(self._history),
            "tachograph.content.input": question,
        }
        with self._span(parent, "chat gpt-4o", asked):
            self._history.append({"role": "assistant", "content": f"Answer {self._iterations} {'y' * 300}"})
            asked |= {
                "gen_ai.response.id": f"answer-{self._iterations}",
                "gen_ai.response.model": "gpt-4o",
                "gen_ai.usage.input_tokens": 500,
                "gen_ai.usage.output_tokens": 50,
                "tachograph.usage.provenance": "reported",
                "tachograph.content.output": self._contents.message(_message(self._history[-1])),
            }

    @contextmanager
    def _span(self, parent: int | None, name: str, attributes: dict[str, Any]) -> Generator[int]:
        from tachograph.journal import span_ids

        span, begin_ns = self._random.getrandbits(63) | 1, self.now_ns
        ids = span_ids(self._trace, span, parent, "internal", begin_ns, sampled=True)
        members: dict[str, Any] = {"name": name, "scope": "agent", "attributes": attributes}
        self._write(self._builder.span_start(ids, {**members, "thread": "MainThread"}, begin_ns))
        yield span
        self.spans += 1
        self.now_ns += self._random.randint(1_000, 1_000_000)
        failed = self._random.random() < 0.01
        if failed:
            members["events"] = [{"name": "exception", "time_ns": self.now_ns, "attributes": _EXCEPTION}]
        status = "error" if failed else "unset"
        self._write(self._builder.span_end(ids, self.now_ns - begin_ns, status, [], members, self.now_ns))


def _message(message: Any) -> dict[str, Any]:
    return {"role": message["role"], "parts": [{"type": "text", "content": message["content"]}]}
