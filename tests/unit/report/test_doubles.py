"""Several layers around one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.report import fold

if TYPE_CHECKING:
    from pathlib import Path

OURS, NATIVE, FRAMEWORK = "tachograph.anthropic", "com.anthropic.sdk.python", "langchain"


def counted(run_dir: Path) -> tuple[list[str | None], int | None, list[tuple[str | None, str | None, int]]]:
    report = fold(run_dir)
    doubles = [(d.kept, d.folded, d.calls) for d in report.doubles]
    return [call.scope for call in report.calls], report.tokens.sum.total, doubles


def test_a_second_layer_inside_ours_is_not_counted(alone: Any, run_dir: Path) -> None:
    for number in range(2):
        alone.start(f"a{number}", number, "chat", None, OURS, **{"gen_ai.operation.name": "chat"})
        alone.call(f"b{number}", number + 0.1, number + 0.8, f"a{number}", NATIVE, **{"gen_ai.response.id": "m"})
        alone.call(f"a{number}", number, number + 0.9, None, OURS, begun=False, **{"gen_ai.response.id": "m"})
    alone.run_end(3)
    assert counted(run_dir) == ([OURS, OURS], 2200, [(OURS, NATIVE, 2)])


def test_of_layers_side_by_side_ours_is_counted(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 2, None, FRAMEWORK, **{"gen_ai.response.id": "m"})
    alone.call("b", 1.1, 1.9, None, OURS, **{"gen_ai.response.id": "m"})
    alone.run_end(3)
    assert counted(run_dir) == ([OURS], 1100, [(OURS, FRAMEWORK, 1)])


def test_a_span_around_calls_repeats_them(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1, "chat", None, FRAMEWORK, **{"gen_ai.operation.name": "chat"})
    alone.start("b", 1, "plain", "a")
    alone.call("c", 1, 2, "b", OURS, tokens=None)
    alone.call("d", 2, 3, "b", OURS)
    alone.end("b", 1, 3, "plain", "a")
    alone.call("a", 1, 3, None, FRAMEWORK, begun=False)
    alone.run_end(3)
    assert counted(run_dir) == ([OURS, OURS], 1100, [(OURS, FRAMEWORK, 1)])


def test_one_id_for_every_answer_is_no_double(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 2, None, OURS, **{"gen_ai.response.id": "fixed"})
    alone.call("b", 1, 2, None, OURS, **{"gen_ai.response.id": "fixed"})
    alone.call("c", 3, 4, None, NATIVE, **{"gen_ai.response.id": "fixed"})
    alone.run_end(5)
    assert counted(run_dir) == ([OURS, OURS, NATIVE], 3300, [])
