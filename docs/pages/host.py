"""The page of what recording leaves as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pages.markdown import code, heading, table

KNOWN = Path(__file__).parents[2] / "tests" / "host" / "known.toml"

_INTRODUCTION = """\
A recorded program behaves as it does alone. Two checks compare programs bare, under `tacho run` and under
`opentelemetry-instrument`.

`./dev host` runs CPython's own tests of threads, processes, asyncio, signals, imports, errors and more, each suite with
and without the clients imported, and compares them test by test: passed, failed, skipped, or what CPython's runner
calls a changed environment. A test that differs is run up to twice more, bare and recorded. It counts if no outcome
was seen on both sides, and is named as flaky otherwise. `./dev host --quick` runs a part in minutes, `--python PATH`
takes another Python, `--list` shows the suites. The Python needs its `test` package.

The tests of `tests/integration/endings`, a part of `./dev check`, end programs in every way: exits, errors, hooks,
signals, threads, children, what runs out. Exit code or signal, standard output and standard error are compared byte by
byte; only the addresses of objects may differ."""

_SEEN = """\
## The interpreter

| what | what the recorder does | what a program sees |
| --- | --- | --- |
| `sys.excepthook`, `sys.unraisablehook`, `sys.displayhook` | nothing | its own, or the interpreter's |
| `threading.excepthook` | nothing | its own, or the interpreter's |
| errors that end the program | read from `sys.last_value` when the interpreter has printed them, before it waits for threads | nothing |
| errors that end a thread | `threading._make_invoke_excepthook` is wrapped | a wrapper, if it looks for that name |
| `sys.meta_path` | two finders in front, and one behind all others in a program of another virtual environment | the finders |
| loaders of modules that are waited for | a stand-in until the module is executed | the loader: by class, `repr`, comparison, hash, attributes, copy and pickle; only `type()` of it differs. A module has its own loader |
| `sys.path_hooks`, `sys.path` | nothing; the folder of the start-up hook is taken out again | its own |
| `sys.modules` | what recording needs is imported once there is something to record | more modules |
| `warnings.filters` | nothing; the SDK's `LoggerProvider` adds one filter when the program first uses the Logs API without a provider | warnings as often as alone, with that exception: once |
| `logging` | `Logger.callHandlers` is wrapped where `logging` joins in; the loggers `tachograph` and `opentelemetry` exist | root, levels, handlers and filters as they are |
| signal handlers, masks, timers, `set_wakeup_fd` | nothing | its own |
| `atexit` | handlers that run after all that the program registers later | its handlers in their order |
| `uvicorn.server.signal` | stands for the module `signal`, so that the journal is closed before the server ends itself by SIGTERM | a module that behaves as `signal` |
| `gc`, `sys.settrace`, `sys.setprofile`, `random`, locale, `umask`, limits | nothing | its own |
| threads | none of the recorder's, unless metrics are wanted | its own |
| descriptors | one for the journal, moved to a high number | its own numbers |
| environment | `TACHOGRAPH_*`, `PYTHONPATH` and `TRACEPARENT`, for its children | these variables |

## Functions that are wrapped

A wrapper has the name, documentation, signature and `__wrapped__` of what it wraps. It takes its own frame out of the
traceback of an error that passes through it, so that the program prints what it prints alone; `inspect.stack()` during
a call shows it. Wrapped are `request` of the OpenAI and Anthropic clients and `send` of the HTTP library below them;
`Thread.start` and `Thread._bootstrap_inner`; the work items of `concurrent.futures`; `multiprocessing.Process` and
`Pool` where they hand work over, and `Popen.poll` of `multiprocessing` and billiard, which learns how a child ended.

No reference to an error, a frame or a thread of the program outlives its handling: what a failed task held is freed
when it is freed alone, without the garbage collector.

## OpenTelemetry

A program that looks for a TracerProvider, LoggerProvider or MeterProvider and has set none finds the API's own kind of
placeholder, without a `resource`. Its headers are those it sends alone: the Anthropic client, which puts the current
trace context and baggage into its requests, puts in what it would find without a recording. A call that is made inside
a span of a provider that was handed to an instrumentation, and not set, leaves no trace in what that provider exports:
the recorder's span is in the journal only and never current.

## Signals

A signal reaches the program as often as it would alone, whether it is sent to the program, to `tacho run`, to the
process group or to each process. See [design](design.md#start-up)."""

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
    return "\n".join([heading("Host", "tests/host/known.toml", _INTRODUCTION), _SEEN, "", _KNOWN, "", table(head, rows)])
