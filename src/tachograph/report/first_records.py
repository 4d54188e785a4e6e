"""What the first records of a run's journals say, for when folding all of them would take too long."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.journal import REPORT_FILE, journal_files, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_LINES = 4


def run_id(run_dir: Path) -> str:
    """The full id of a run; its folder's name when nothing has it.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    for record in _first(run_dir, 1):
        with suppress(KeyError, TypeError):
            return str(record["run"])
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(orjson.loads((run_dir / REPORT_FILE).read_bytes())["run"]["id"])
    return run_dir.name


def directory(run_dir: Path) -> str | None:
    """The working directory of a run; None when it is not known.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    for record in _first(run_dir, _MOST_LINES):
        with suppress(KeyError, TypeError):
            return str(record["facts"]["directory"])
    return None


def _first(run_dir: Path, count: int) -> Iterator[Any]:
    """The first records of each journal of a run."""
    with suppress(OSError):
        for parts in journal_files(run_dir):
            yield from islice(read(parts), count)
