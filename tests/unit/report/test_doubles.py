"""Several layers around one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.report import fold

if TYPE_CHECKING:
    from pathlib import Path

OURS, NATIVE, FRAMEWORK = "tachograph.anthropic", "com.anthropic.sdk.python", "langchain"
OPENAI = "tachograph.openai"


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


THEIRS = "openinference.instrumentation.openai"
TOLD: dict[str, Any] = {"openinference.span.kind": "LLM", "llm.system": "openai"}
COUNTED: dict[str, Any] = {
    **TOLD,
    "llm.model_name": "gpt-4o",
    "llm.token_count.prompt": 1000,
    "llm.token_count.completion": 100,
}


def test_a_layer_without_an_id_is_the_call_it_lies_around(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1.1, 1.9, None, OPENAI, **{"gen_ai.response.id": "r"})
    alone.end("b", 1, 2, "ChatCompletion", None, THEIRS, COUNTED)
    alone.run_end(3)
    assert counted(run_dir) == ([OPENAI], 1100, [(OPENAI, THEIRS, 1)])


def test_layers_that_differ_in_what_both_know_are_two_calls(alone: Any, run_dir: Path) -> None:
    different: list[dict[str, Any]] = [
        {"llm.token_count.prompt": 999},
        {"llm.token_count.completion": 99},
        {"llm.model_name": "gpt-4o-mini"},
        {"openinference.span.kind": "EMBEDDING"},
    ]
    for at, more in enumerate(different):
        alone.call(f"a{at}", at + 0.1, at + 0.8, None, OPENAI, **{"gen_ai.response.id": f"r{at}"})
        alone.end(f"b{at}", at, at + 0.9, "ChatCompletion", None, THEIRS, {**COUNTED, **more})
    # One that is there for a short part of it only.
    alone.call("a9", 10, 12, None, OPENAI, **{"gen_ai.response.id": "r9"})
    alone.end("b9", 11.5, 14, "ChatCompletion", None, THEIRS, COUNTED)
    alone.run_end(15)
    scopes, _, folded = counted(run_dir)
    assert (len(scopes), folded) == (10, [])


def test_calls_side_by_side_find_a_layer_each(alone: Any, run_dir: Path) -> None:
    for number in range(3):
        alone.call(f"a{number}", 1.1, 2 + number, None, OPENAI, **{"gen_ai.response.id": f"r{number}"})
        alone.end(f"b{number}", 1, 2.1 + number, "ChatCompletion", None, THEIRS, COUNTED)
    alone.run_end(6)
    assert counted(run_dir) == ([OPENAI] * 3, 3300, [(OPENAI, THEIRS, 3)])


def test_three_layers_of_a_call_that_failed_are_one_call_and_one_error(alone: Any, run_dir: Path) -> None:
    failed = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "error.type": "openai.RateLimitError"}
    alone.end("a", 1.2, 1.8, "chat gpt-4o", None, OPENAI, failed, "error", description="slow down")
    alone.end("b", 1.1, 1.9, "ChatCompletion", None, THEIRS, TOLD, "error", description="RateLimitError: slow down")
    alone.end("c", 1, 2, "openai.chat", None, "their.own", {**failed, "error.type": "api_error"}, "error")
    alone.run_end(3)

    report = fold(run_dir)
    assert [call.scope for call in report.calls] == [OPENAI]
    assert [(error.type, error.message, error.count) for error in report.errors] == [
        ("openai.RateLimitError", "slow down", 1)
    ]
    assert {(double.kept, double.folded) for double in report.doubles} == {(OPENAI, THEIRS), (OPENAI, "their.own")}


def test_the_error_of_a_layer_stays_where_the_call_went_well(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1, "chat", None, FRAMEWORK, **{"gen_ai.operation.name": "chat"})
    alone.call("b", 1.1, 1.9, "a", OPENAI)
    attributes = {"gen_ai.operation.name": "chat", "error.type": "ValidationError"}
    alone.end("a", 1, 2, "chat", None, FRAMEWORK, attributes, "error", description="no JSON")
    alone.run_end(3)

    report = fold(run_dir)
    assert [call.scope for call in report.calls] == [OPENAI]
    assert [(error.type, error.count) for error in report.errors] == [("ValidationError", 1)]


LOGFIRE = "logfire.openai"


def streamed(alone: Any, name: str, at: float, until: float, tokens: tuple[int, int] | None) -> None:
    """A stream as Logfire tells of it: a span until its first byte, and a record of what it brought."""
    first: dict[str, Any] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"}
    alone.end(name, at, at + 0.1, "Chat Completion", None, LOGFIRE, {**first, "logfire.span_type": "span"})
    brought = (
        {} if tokens is None else {"gen_ai.usage.input_tokens": tokens[0], "gen_ai.usage.output_tokens": tokens[1]}
    )
    more = {"logfire.span_type": "log", "duration": until - at - 0.1}
    alone.end(f"{name}f", until, until, "streaming response", None, LOGFIRE, {**first, **brought, **more})


def test_a_stream_that_is_told_twice_is_one_call(alone: Any, run_dir: Path) -> None:
    streamed(alone, "a", 1, 3, (1000, 100))
    # It begins later and ends before.
    streamed(alone, "b", 1.5, 2.5, (500, 50))
    streamed(alone, "c", 4, 5, None)
    alone.run_end(6)

    report = fold(run_dir)
    assert [(call.duration_ns, call.tokens.total, call.provenance) for call in report.calls] == [
        (2_000_000_000, 1100, "reported"),
        (1_000_000_000, 550, "reported"),
        (1_000_000_000, None, "missing"),
    ]
    assert [(double.kept, double.folded, double.calls) for double in report.doubles] == [(LOGFIRE, LOGFIRE, 3)]


def test_a_stream_that_is_told_twice_around_the_clients_own_span(alone: Any, run_dir: Path) -> None:
    alone.call("c", 1.01, 3, "a", NATIVE, **{"gen_ai.response.id": "m"})
    alone.start("a", 1, "Message", None, LOGFIRE)
    streamed(alone, "a", 1, 3, (1000, 100))
    alone.run_end(6)
    scopes, total, folded = counted(run_dir)
    assert (scopes, total, folded) == ([NATIVE], 1100, [(NATIVE, LOGFIRE, 2)])


def test_one_of_ours_is_not_two_of_theirs(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 3, None, OPENAI, **{"gen_ai.response.id": "m"})
    alone.call("b", 1.1, 3, None, THEIRS)
    alone.call("c", 1.2, 3, None, THEIRS)
    alone.run_end(4)
    assert counted(run_dir) == ([OPENAI, THEIRS], 2200, [(OPENAI, THEIRS, 1)])


def test_clients_of_ours_are_never_one_call(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 3, None, OPENAI)
    alone.call("b", 1, 3, None, OURS)
    alone.run_end(4)
    assert counted(run_dir) == ([OPENAI, OURS], 2200, [])


def test_a_call_of_another_operation_inside_is_another_call(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1, "chat", None, FRAMEWORK, **{"gen_ai.operation.name": "chat"})
    alone.call("b", 1, 2, "a", OPENAI, **{"gen_ai.operation.name": "embeddings"})
    alone.call("a", 1, 3, None, FRAMEWORK, begun=False)
    alone.run_end(4)
    assert counted(run_dir) == ([FRAMEWORK, OPENAI], 2200, [])
