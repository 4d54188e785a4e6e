"""What the report says of the HTTP attempts of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.report import fold

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = ("attempts", "retries", "rate_limited", "overloaded", "waited_ns")


def told(run_dir: Path) -> list[tuple[int | None, ...]]:
    return [tuple(getattr(call, member) for member in MEMBERS) for call in fold(run_dir).calls]


def test_what_was_seen_goes_before_what_the_client_says(alone: Any, run_dir: Path) -> None:
    seen = {
        "tachograph.http.attempts": 4,
        "tachograph.http.rate_limited": 2,
        "tachograph.http.overloaded": 1,
        "tachograph.http.waited_ns": 1_200_000_000,
        "tachograph.request.retries": 9,
    }
    alone.call("a", 1, 2, **seen)
    alone.call("b", 2, 3, **{"tachograph.http.attempts": 1})
    alone.call("c", 3, 4, **{"tachograph.request.retries": 1})
    alone.call("d", 4, 5)
    alone.run_end(6)
    assert told(run_dir) == [
        (4, 3, 2, 1, 1_200_000_000),
        (1, 0, 0, 0, 0),
        (None, 1, None, None, None),
        (None, None, None, None, None),
    ]


def test_what_an_attempt_fails_with_is_no_error_of_the_program(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1, "chat gpt-4o", **{"gen_ai.operation.name": "chat"})
    alone.end("b", 1, 1.5, "POST", "a", "tachograph.http", {"error.type": "429"}, status="error")
    alone.call("a", 1, 2, begun=False, **{"tachograph.http.attempts": 2})
    alone.run_end(3)
    assert fold(run_dir).errors == []
