"""What `./dev host` calls a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.host import table
from tests.host.compare import Comparison, Difference, compare, differing
from tests.host.known import Known, read
from tests.host.outcomes import Outcomes
from tests.host.suites import QUICK, every
from tests.host.ways import BARE, RECORDED, Way

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUN = Way("run", clients=False)
RESULTS = """\
{"started": "test.test_x.A.test_1"}
{"test": "test.test_x.A.test_1", "outcome": "passed", "taken_s": 0.1, "text": ""}
{"test": "setUpClass (test.test_x.B)", "outcome": "error", "taken_s": 0, "text": "…"}
{"started": "test.test_x.A.test_2"}
"""


def _ended(**tests: str) -> Outcomes:
    return Outcomes(tests, complete=True, taken_s=1.0)


def _runs(script: dict[str, list[Outcomes]]) -> tuple[Callable[[Way, int], Outcomes], list[tuple[str, int]]]:
    """A module that ends as a script says, the same in every way without one, and what was run."""
    asked: list[tuple[str, int]] = []

    def run(way: Way, number: int) -> Outcomes:
        asked.append((way.name, number))
        return script[way.name][number] if way.name in script else _ended(one="passed")

    return run, asked


def test_what_is_equal_is_run_once_in_each_way() -> None:
    run, asked = _runs({})
    assert compare("test_x", run).differences == []
    assert asked == [(way.name, 0) for way in (*BARE, *RECORDED)]
    assert [way.name for way in (*BARE, *RECORDED)] == [
        "bare",
        "bare+clients",
        "run",
        "instrument",
        "run+clients",
        "instrument+clients",
    ]


def test_what_differs_each_time_counts() -> None:
    run, asked = _runs({"run": [_ended(one="failed")] * 3})
    (found,) = compare("test_x", run).differences
    assert found == Difference("test_x", "one", RUN, ("passed",) * 3, ("failed",) * 3)
    assert found.consistent
    assert asked[6:] == [("bare", 1), ("run", 1), ("bare", 2), ("run", 2)]


@pytest.mark.parametrize(
    ("bare", "recorded"), [(["passed", "failed"], ["failed", "failed"]), (["passed", "passed"], ["failed", "passed"])]
)
def test_what_was_seen_on_both_sides_is_flaky_and_not_run_on(bare: list[str], recorded: list[str]) -> None:
    script = {"bare": [_ended(one=it) for it in bare], "run": [_ended(one=it) for it in recorded]}
    run, asked = _runs(script)
    (found,) = [one for one in compare("test_x", run).differences if one.way == RUN]
    assert not found.consistent
    assert ("run", 2) not in asked


def test_failing_alike_is_no_difference_and_missing_is() -> None:
    assert differing(_ended(one="failed", two="passed"), _ended(one="failed")) == {"two": ("passed", "not run")}


def test_of_a_process_that_broke_off_only_that_counts() -> None:
    broken = Outcomes({"one": "passed", "two": "not ended", "x (process)": "exit -11"}, complete=False, taken_s=1.0)
    whole = _ended(**{"one": "passed", "two": "passed", "three": "passed", "x (process)": "exit 0"})
    assert differing(whole, broken) == {"two": ("passed", "not ended"), "x (process)": ("exit 0", "exit -11")}


def test_the_outcomes_of_a_crash_are_read(tmp_path: Path) -> None:
    (tmp_path / "results").write_text(RESULTS + '{"test": "cut o', "utf-8")
    assert Outcomes.read(tmp_path / "results", "test_x", "exit -11", 2.5) == Outcomes(
        {
            "test.test_x.A.test_1": "passed",
            "setUpClass (test.test_x.B)": "error",
            "test.test_x.A.test_2": "not ended",
            "test_x (process)": "exit -11, before the tests had ended",
        },
        complete=False,
        taken_s=2.5,
    )


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        (Known("one", (), (), "failed", "why"), True),
        (Known("o*", ("run",), ("3.11",), "failed", "why"), True),
        (Known("two", (), (), "failed", "why"), False),
        (Known("one", ("instrument",), (), "failed", "why"), False),
        (Known("one", (), ("3.13",), "failed", "why"), False),
        (Known("one", (), (), "error", "why"), False),
    ],
)
def test_only_what_is_listed_is_known(entry: Known, covered: bool) -> None:
    found = Difference("test_x", "one", RUN, ("passed",), ("failed",))
    flaky = Difference("test_x", "two", RUN, ("passed", "failed"), ("failed", "passed"))
    verdict = table.judge([Comparison("test_x", {}, [found, flaky])], [entry], "3.11.7")
    assert verdict == table.Verdict([] if covered else [found], [(found, entry)] if covered else [], [flaky])


def test_the_list_can_be_read_and_gives_reasons() -> None:
    assert all(entry.because.endswith(".") for entry in read())


def test_the_quick_suites_are_some_of_all() -> None:
    assert {suite.partition(".")[0] for suite in QUICK} < set(every())
    assert len(set(every())) == len(every())
