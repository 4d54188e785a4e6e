"""Finds the tests that end differently when they are recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tests.host.outcomes import NOT_RUN
from tests.host.ways import BARE, RECORDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.host.outcomes import Outcomes
    from tests.host.ways import Way

REPEATS = 2
"""How often a module is run again, bare and recorded, while a test of it differs."""


class Difference(NamedTuple):
    """A test that ended differently in one way of recording."""

    module: str
    test: str
    way: Way
    bare: tuple[str, ...]
    """Its outcomes in bare runs, in order."""
    recorded: tuple[str, ...]
    """Its outcomes in recorded runs, in order."""

    @property
    def consistent(self) -> bool:
        """Whether no outcome was seen both bare and recorded; otherwise the test is flaky."""
        return not set(self.bare) & set(self.recorded)


@dataclass
class Comparison:
    """One module of tests, run in all ways."""

    module: str
    runs: dict[Way, list[Outcomes]] = field(default_factory=dict["Way", "list[Outcomes]"])
    differences: list[Difference] = field(default_factory=list[Difference])


def compare(module: str, run: Callable[[Way, int], Outcomes]) -> Comparison:
    """Run a module in all ways and compare; where tests differ, both sides are run again.

    Parameters
    ----------
    module
        The module, without `test.`.
    run
        Runs it in a way, for the given time.
    """
    compared = Comparison(module)

    def nth(way: Way, number: int) -> Outcomes:
        made = compared.runs.setdefault(way, [])
        while len(made) <= number:
            made.append(run(way, len(made)))
        return made[number]

    for way in (*BARE, *RECORDED):
        nth(way, 0)
    for way in RECORDED:
        tests = differing(nth(way.bare, 0), nth(way, 0))
        number = 0
        seen = {test: Difference(module, test, way, (bare,), (found,)) for test, (bare, found) in tests.items()}
        while number < REPEATS and any(one.consistent for one in seen.values()):
            number += 1
            bare, recorded = nth(way.bare, number), nth(way, number)
            seen = {
                test: one._replace(
                    bare=(*one.bare, bare.tests.get(test, NOT_RUN)),
                    recorded=(*one.recorded, recorded.tests.get(test, NOT_RUN)),
                )
                for test, one in seen.items()
            }
        compared.differences.extend(seen.values())
    return compared


def differing(bare: Outcomes, recorded: Outcomes) -> dict[str, tuple[str, str]]:
    """The tests that ended differently, with both outcomes.

    Parameters
    ----------
    bare
        The outcomes without a recorder.
    recorded
        Those with one. Where one of the two broke off, what it has not come to is no difference; that it broke off is.
    """
    tests = {**bare.tests, **recorded.tests}
    if not (bare.complete and recorded.complete):
        tests = {test: "" for test in tests if test in bare.tests and test in recorded.tests}
    pairs = {test: (bare.tests.get(test, NOT_RUN), recorded.tests.get(test, NOT_RUN)) for test in tests}
    return {test: pair for test, pair in pairs.items() if pair[0] != pair[1]}
