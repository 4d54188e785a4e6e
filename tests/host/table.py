"""What a comparison found, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.host.ways import BARE, RECORDED

if TYPE_CHECKING:
    from tests.host.compare import Comparison, Difference
    from tests.host.known import Known

_WAYS = (*BARE, *RECORDED)


class Verdict(NamedTuple):
    """The differences of a run, sorted out."""

    new: list[Difference]
    known: list[tuple[Difference, Known]]
    flaky: list[Difference]


def judge(compared: list[Comparison], known: list[Known], version: str) -> Verdict:
    """Sort out the differences.

    Parameters
    ----------
    compared
        The modules that were run.
    known
        The differences that are explained.
    version
        The version of Python they were run with.
    """
    verdict = Verdict([], [], [])
    for difference in (one for each in compared for one in each.differences):
        entry = next((entry for entry in known if entry.covers(difference, version)), None)
        if not difference.consistent:
            verdict.flaky.append(difference)
        elif entry is None:
            verdict.new.append(difference)
        else:
            verdict.known.append((difference, entry))
    return verdict


def text(compared: list[Comparison], verdict: Verdict) -> str:
    """The table and the differences.

    Parameters
    ----------
    compared
        The modules that were run.
    verdict
        Their differences.
    """
    lines: list[tuple[str, ...]] = [
        ("module", "tests", "failing bare", *(f"{way.name} s" for way in _WAYS), "differ", "known", "flaky")
    ]
    lines.extend(_row(each, verdict) for each in compared)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip() for line in lines]
    parts = [
        *rows,
        "",
        *(line for one in verdict.new for line in _described("differs", one)),
        *(line for one, entry in verdict.known for line in _described("known", one, entry.because)),
        *(line for one in verdict.flaky for line in _described("flaky", one)),
        _sum(compared, verdict),
    ]
    return "\n".join(parts)


def document(version: str, compared: list[Comparison], verdict: Verdict, taken_s: float) -> dict[str, Any]:
    """The same as plain data.

    Parameters
    ----------
    version
        The version of Python.
    compared
        The modules that were run.
    verdict
        Their differences.
    taken_s
        How long all of it took.
    """
    return {
        "python": version,
        "taken_s": round(taken_s, 1),
        "modules": {
            each.module: {
                way.name: {"tests": _tests(outcomes[0].tests), "taken_s": [round(one.taken_s, 1) for one in outcomes]}
                for way, outcomes in each.runs.items()
            }
            for each in compared
        },
        "differences": [
            *(_plain(one, "new") for one in verdict.new),
            *({**_plain(one, "known"), "because": entry.because} for one, entry in verdict.known),
            *(_plain(one, "flaky") for one in verdict.flaky),
        ],
    }


def _row(compared: Comparison, verdict: Verdict) -> tuple[str, ...]:
    bare = compared.runs[BARE[0]][0].tests
    failing = sum(outcome.startswith(("failed", "error", "not ended")) for outcome in bare.values())
    own = (
        [one for one in verdict.new if one.module == compared.module],
        [one for one, _ in verdict.known if one.module == compared.module],
        [one for one in verdict.flaky if one.module == compared.module],
    )
    seconds = (f"{compared.runs[way][0].taken_s:.1f}" for way in _WAYS)
    counts = (str(len({one.test for one in found})) if found else "-" for found in own)
    return (compared.module, str(_tests(bare)), str(failing) if failing else "-", *seconds, *counts)


def _tests(outcomes: dict[str, str]) -> int:
    return sum(not test.endswith(" (process)") and not test.endswith(" (environment)") for test in outcomes)


def _described(kind: str, one: Difference, because: str = "") -> list[str]:
    head = f"{kind}: {one.test}"
    outcomes = f"    {one.way.name}: {_runs(one.recorded)}; bare: {_runs(one.bare)}"
    return [head, outcomes, *([f"    {because}"] if because else [])]


def _runs(outcomes: tuple[str, ...]) -> str:
    return outcomes[0] if len(set(outcomes)) == 1 else " | ".join(outcomes)


def _sum(compared: list[Comparison], verdict: Verdict) -> str:
    tests = sum(_tests(outcomes[0].tests) for each in compared for outcomes in each.runs.values())
    counts = (len({one.test for one in verdict.new}), len({one.test for one, _ in verdict.known}))
    flaky = len({one.test for one in verdict.flaky})
    return (
        f"{tests} outcomes of {len(compared)} modules: {counts[0]} tests differ, {counts[1]} differ as known, "
        f"{flaky} are flaky"
    )


def _plain(one: Difference, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "module": one.module,
        "test": one.test,
        "way": one.way.name,
        "bare": list(one.bare),
        "recorded": list(one.recorded),
    }
