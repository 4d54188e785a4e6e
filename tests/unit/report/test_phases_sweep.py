"""Self times: a partition of the run, whatever overlaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tachograph.report.folding.self_times import Stretch, self_times

MOMENT = st.integers(0, 60)


def stretch(start: int, length: int, depth: int, span: str, name: str) -> Stretch:
    return Stretch(start, depth, span, start + length, name)


STRETCHES = st.lists(
    st.builds(
        stretch,
        MOMENT,
        st.integers(0, 30),
        st.integers(0, 3),
        st.text("0123456789abcdef", min_size=2, max_size=2),
        st.sampled_from(["a", "b", "c", "other"]),
    ),
    max_size=12,
)


@given(STRETCHES, MOMENT, st.integers(0, 60))
def test_self_times_are_what_looking_at_each_instant_gives(stretches: list[Stretch], start: int, length: int) -> None:
    owned = self_times(stretches, start, start + length)
    expected: dict[str, int] = {}
    for instant in range(start, start + length):
        there = [s for s in stretches if s.start_ns <= instant < s.end_ns]
        # Two occurrences that agree in start, depth and span are told apart by nothing that matters here.
        name = max(there).name if there else "other"
        expected[name] = expected.get(name, 0) + 1
    assert {name: ns for name, ns in owned.items() if ns} == expected
    assert sum(owned.values()) == length


def test_nested_and_concurrent_phases() -> None:
    outer = Stretch(0, 0, "a", 100, "outer")
    inner = Stretch(20, 1, "b", 50, "inner")
    beside = Stretch(40, 0, "c", 70, "beside")
    assert self_times([beside, outer, inner], -10, 110) == {"other": 20, "outer": 50, "inner": 20, "beside": 30}


def test_of_two_that_began_together_the_nested_one_owns_the_time() -> None:
    assert self_times([Stretch(0, 1, "a", 5, "in"), Stretch(0, 0, "b", 9, "out")], 0, 9) == {
        "other": 0,
        "in": 5,
        "out": 4,
    }
