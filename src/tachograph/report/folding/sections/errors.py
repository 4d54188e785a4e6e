"""Errors of a run: those that spans ended with, and those that ended a process, each counted once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.part import Part
from tachograph.run.own_files import is_library
from tachograph.semconv import general as g
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan

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


class ErrorReport(Part):
    """One error, or several of the same type and text."""

    type: str
    message: str | None
    count: int
    handled: bool = Field(description="Whether the program went on; false where the error ended a process")
    span: str | None = Field(description="Name of the innermost span it passed through")
    where: str | None = Field(description="file:line function, where known")
    phase: str | None
    iteration: int | None
    pid: int
    first_ns: int
    last_ns: int


class Errors(Section[list[ErrorReport]]):
    """Collects errors.

    An exception that passes through several nested spans is recorded on each of them; it is one error, of the
    innermost. Errors of one type and text are one entry with a count.
    """

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._errors: dict[_Key, _Error] = {}
        self._passing: dict[str, _Key] = {}
        self._of_calls: dict[str, _Key] = {}

    def span_end(self, span: EndedSpan) -> None:
        """Collect what a span failed with."""
        if span.failed and span.record.get("scope") != tacho.SCOPE_HTTP:
            self._failed(span)
        elif self._passing:
            # What its children failed with was handled in it.
            self._passing.pop(span.record["span_id"], None)

    def _failed(self, span: EndedSpan) -> None:
        record = span.record
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
        around, at = span.ancestry, span.end_ns
        if span.is_marked:
            self._of_calls[record["span_id"]] = key
        self._add(key, _Error(record.get("name"), where, around.phase, around.iteration, record["pid"], at, at))

    def _take_back(self, repeats: Mapping[str, str]) -> None:
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
            # What ended a process stays, whichever span recorded it.
            if not known.count and not known.handled:
                known.count = 1
            elif not known.count:
                del self._errors[key]

    def event(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Collect an error that no code handled."""
        if not is_uncaught(record):
            return
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
        self._take_back(self.fold.section(Calls).folded.repeats)
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


def is_uncaught(record: dict[str, Any]) -> bool:
    """Whether an event is an error that no code handled; a record of the Logs API, which has a severity, is none."""
    return record["name"] == "error" and "severity" not in record


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
