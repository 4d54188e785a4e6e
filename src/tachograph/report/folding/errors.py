"""Errors of a run: those that spans ended with, and those that ended a process, each counted once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tachograph.report.model import ErrorReport
from tachograph.run.own_files import is_library
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.report.folding.open_spans import Ancestry, OpenSpans

# Ways to leave a block that are no errors.
_NO_ERRORS = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration"})
_FRAME = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<function>.+)$', re.MULTILINE)

_Key = tuple[str, str | None]


@dataclass(slots=True)
class _Error:
    span: str | None
    where: str | None
    phase: str | None
    iteration: int | None
    pid: int
    first_ns: int
    last_ns: int
    count: int = 1
    handled: bool = True


class Faults:
    """Collects errors while records go by.

    An exception that passes through several nested spans is recorded on each of them; it is one error, of the
    innermost. Errors of one type and text are one entry with a count.
    """

    def __init__(self, opened: OpenSpans) -> None:
        self._opened = opened
        self._errors: dict[_Key, _Error] = {}
        self._passing: dict[str, _Key] = {}
        self._of_calls: dict[str, _Key] = {}

    def span(self, record: dict[str, Any], ancestry: Ancestry | None) -> None:
        """A span ended with an error."""
        kind, message, where = _exception(record)
        if kind is None:
            return
        key = (kind, message)
        parent = record.get("parent_id")
        passed = self._passing.pop(record["span_id"], None) == key
        if isinstance(parent, str):
            self._passing[parent] = key
        if passed:
            return
        end_ns = record["start_ns"] + record["duration_ns"]
        around = ancestry or self._opened.ancestry(parent)
        if ancestry is not None:
            self._of_calls[record["span_id"]] = key
        self._add(key, _Error(record.get("name"), where, around.phase, around.iteration, record["pid"], end_ns, end_ns))

    def forget(self, span_id: str) -> None:
        """A span ended without an error: what its children failed with was handled in it."""
        if self._passing:
            self._passing.pop(span_id, None)

    def told_again(self, repeats: Mapping[str, str]) -> None:
        """Take back the errors of spans that repeat a call whose error is counted.

        Parameters
        ----------
        repeats
            The span of each such call, and the one it repeats.
        """
        for again, kept in repeats.items():
            key = self._of_calls.get(again)
            if key is None or kept not in self._of_calls:
                continue
            del self._of_calls[again]
            known = self._errors[key]
            known.count -= 1
            # What ended a process stays, whoever told of it.
            if not known.count and not known.handled:
                known.count = 1
            elif not known.count:
                del self._errors[key]

    def uncaught(self, record: dict[str, Any]) -> None:
        """An event says that an error was not handled."""
        fields: dict[str, Any] = record["fields"]
        key = (_plain(str(fields.get("type"))), fields.get("message"))
        frames: list[dict[str, Any]] = fields.get("stack") or []
        where = None
        if frames:
            last = next((frame for frame in reversed(frames) if _is_own(frame.get("file"))), frames[-1])
            where = f"{last.get('file')}:{last.get('line')} {last.get('function')}"
        known = self._errors.get(key)
        handled = fields.get("handled") is not False
        if known is not None and not handled:
            known.handled = False
            known.where = where or known.where
            return
        at = record["time_ns"]
        self._add(key, _Error(None, where, None, None, record["pid"], at, at, handled=handled))

    def _add(self, key: _Key, error: _Error) -> None:
        known = self._errors.get(key)
        if known is None:
            self._errors[key] = error
            return
        known.count += 1
        known.first_ns = min(known.first_ns, error.first_ns)
        known.last_ns = max(known.last_ns, error.last_ns)

    def report(self) -> list[ErrorReport]:
        """The errors: those that ended a process first, then in order of time."""
        ordered = sorted(self._errors.items(), key=lambda item: (item[1].handled, item[1].first_ns, item[0][0]))
        return [
            ErrorReport(
                type=kind,
                message=message,
                count=e.count,
                handled=e.handled,
                span=e.span,
                where=e.where,
                phase=e.phase,
                iteration=e.iteration,
                pid=e.pid,
                first_ns=e.first_ns,
                last_ns=e.last_ns,
            )
            for (kind, message), e in ordered
        ]


def _exception(record: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Type, message and place of what a span failed with; type None where that is no error."""
    attributes: dict[str, Any] = record.get("attributes") or {}
    kind: Any = attributes.get(g.ERROR_TYPE)
    message: Any = record.get("description")
    where = _call(attributes)
    events: list[dict[str, Any]] = record.get("events") or []
    for event in reversed(events):
        if event.get("name") != "exception":
            continue
        given: dict[str, Any] = event.get("attributes") or {}
        kind = given.get(g.EXCEPTION_TYPE) or kind
        message = given.get(g.EXCEPTION_MESSAGE, message)
        where = where or _place(given.get(g.EXCEPTION_STACKTRACE))
        break
    plain = _plain(kind) if isinstance(kind, str) else "error"
    if plain in _NO_ERRORS:
        return None, None, None
    return plain, message if isinstance(message, str) else None, where


def _plain(kind: str) -> str:
    return kind.removeprefix("builtins.")


def _place(trace: object) -> str | None:
    frames = list(_FRAME.finditer(trace)) if isinstance(trace, str) else []
    if not frames:
        return None
    last = next((frame for frame in reversed(frames) if _is_own(frame["file"])), frames[-1])
    return f"{last['file']}:{last['line']} {last['function'].strip()}"


def _call(attributes: dict[str, Any]) -> str | None:
    """Where the program made the call that failed."""
    file, line, function = (attributes.get(key) for key in (g.CODE_FILE_PATH, g.CODE_LINE_NUMBER, g.CODE_FUNCTION_NAME))
    return f"{file}:{line} {function}" if file and line else None


def _is_own(file: object) -> bool:
    """Whether a file belongs to the program, rather than to a library."""
    return isinstance(file, str) and not is_library(file)
