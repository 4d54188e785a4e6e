"""The page of what recording changes in a program, and what it does not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pages.markdown import code, heading, table

KNOWN = Path(__file__).parents[2] / "tests" / "host" / "known.toml"

_INTRODUCTION = """\
A recorded program behaves as it does alone. Two checks compare programs that run bare, under `tacho run` and under
`opentelemetry-instrument`.

`./dev host` runs CPython's own tests of threads, processes, asyncio, signals, imports, errors and more, each suite with
and without the clients imported, and compares them test by test: passed, failed, skipped, or what CPython's runner
calls a changed environment. A test that differs is run up to twice more, bare and recorded. If no outcome was seen on
both sides, it counts as a difference; otherwise it is reported as flaky.

`./dev host --quick` runs a part in minutes, `--python PATH` takes another Python, `--list` shows the suites. The Python
needs its `test` package.

The tests of `tests/integration/endings`, a part of `./dev check`, end programs in every way: exits, errors, hooks,
signals, threads, children, exhausted resources. Exit code or signal, standard output and standard error are compared
byte by byte; only the addresses of objects may differ."""

_SEEN = Path(__file__).with_name("host.md")

_KNOWN = """\
## Known differences

`./dev host` fails at a difference that is not in this list."""


def page() -> str:
    """The text of docs/host.md."""
    known: list[dict[str, Any]] = tomllib.loads(KNOWN.read_text("utf-8")).get("known", [])
    rows = [
        (
            code(entry["test"]),
            ", ".join(map(code, entry.get("ways", ()))) or "all",
            ", ".join(entry.get("pythons", ())) or "all",
            entry["recorded"],
            entry["because"],
        )
        for entry in known
    ]
    head = ("test of CPython", "recorded by", "Python", "recorded it has", "because")
    parts = [
        heading("Host", "docs/pages/host.md and tests/host/known.toml", _INTRODUCTION),
        _SEEN.read_text("utf-8"),
        _KNOWN,
        "",
        table(head, rows),
    ]
    return "\n".join(parts)
