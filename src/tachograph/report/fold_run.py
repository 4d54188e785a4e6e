"""Folds the journals of a run to its report."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tachograph._version import __version__
from tachograph.errors import RunNotFoundError
from tachograph.journal import Tail
from tachograph.journal.merge import merged
from tachograph.report.folding.fold import Fold
from tachograph.report.folding.garbage import rare_collections
from tachograph.report.folding.record_pass import Pass
from tachograph.report.model import SECTIONS, RunReport
from tachograph.report.prices import Pricer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tachograph.report.folding.section import Section


def fold(
    run_dir: Path,
    *,
    rates: Mapping[str, Mapping[str, float]] | None = None,
    currency: str = "USD",
    pricer: Pricer | None = None,
    now_ns: int | None = None,
) -> RunReport:
    """The report of a run, from its journals.

    Parameters
    ----------
    run_dir
        The run's folder.
    rates
        The user's prices, see :class:`~tachograph.report.prices.Pricer`.
    currency
        Their currency.
    pricer
        Prices the calls; None makes one of the rates.
    now_ns
        The time until which a running run is taken to have run, in ns since the epoch; None means now.

    Raises
    ------
    RunNotFoundError
        If the folder holds no journal.
    JournalVersionError
        If a journal is of a newer version.
    """
    tail = Tail(run_dir, torn=True)
    try:
        tail.look()
    except FileNotFoundError as error:
        raise RunNotFoundError(f"{run_dir} does not exist") from error
    if not tail.sources:
        raise RunNotFoundError(f"{run_dir} holds no journal")
    state = Fold(run_dir, tail.sources, pricer or Pricer(rates, currency))
    Pass(state, sections_of(state)).read(merged(tail))
    return report_of(state, time.time_ns() if now_ns is None else now_ns)


def sections_of(state: Fold) -> list[Section[Any]]:
    """The sections of the report, and those that they need.

    Parameters
    ----------
    state
        The run.
    """
    kinds = dict.fromkeys(SECTIONS.values())
    for kind in SECTIONS.values():
        kinds.update(dict.fromkeys(kind.needs))
    return [state.section(kind) for kind in kinds]


def report_of(state: Fold, now_ns: int) -> RunReport:
    """The report of what was gathered, once.

    Parameters
    ----------
    state
        The run, all of whose records have gone by.
    now_ns
        The end of what a running run has done so far, in ns since the epoch.
    """
    state.now_ns = now_ns
    with rare_collections():
        members = {name: state.section(kind).report() for name, kind in SECTIONS.items()}
        return RunReport(made_by=__version__, **members)
