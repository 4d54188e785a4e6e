"""The member `errors` of the report: errors that spans or processes ended with, each counted once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tachograph.journal.coerce import text_of
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

_NO_ERRORS = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration"})
"""Exceptions that leave a block in an ordinary way."""
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
    handled: bool = Field(description="Whether the program went on; false if the error ended a process")
    span: str | None = Field(description="Name of the innermost span it passed through")
    where: str | None = Field(description="file:line function; null if not known")
    phase: str | None
    iteration: int | None
    pid: int
    first_ns: int
    last_ns: int


class Errors(Section[list[ErrorReport]]):
    """Collects errors.

    An exception that passes through several nested spans is recorded on each of them; it counts as one error, of the
    innermost span. Errors with the same type and message are one entry with a count.
    """

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._errors: dict[_Key, _Error] = {}
        self._passing: dict[str, _Key] = {}
        self._of_calls: dict[str, _Key] = {}

    def span_end(self, span: EndedSpan) -> None:
        """Collect the error that a span ended with."""
        if span.failed and span.record.get("scope") != tacho.SCOPE_HTTP:
            self._failed(span)
        elif self._passing:
            # The errors of its children were handled in it.
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
        ancestry, end_ns = span.ancestry, span.end_ns
        if span.is_marked:
            self._of_calls[record["span_id"]] = key
        error = _Error(
            text_of(record.get("name")), where, ancestry.phase, ancestry.iteration, record["pid"], end_ns, end_ns
        )
        self._add(key, error)

    def _take_back(self, repeats: Mapping[str, str]) -> None:
        """Remove the errors of spans that repeat a call whose error is counted.

        Parameters
        ----------
        repeats
            The id of each such span, and of the one it repeats.
        """
        for repeat, counted in repeats.items():
            key = self._of_calls.get(repeat)
            if key is None or counted not in self._of_calls:
                continue
            del self._of_calls[repeat]
            error = self._errors[key]
            error.count -= 1
            # An error that ended a process stays, whichever span recorded it.
            if not error.count and not error.handled:
                error.count = 1
            elif not error.count:
                del self._errors[key]

    def event(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Collect an error that no code handled."""
        if not is_uncaught(record):
            return
        fields: dict[str, Any] = record["fields"]
        key = (_without_builtins(str(fields.get("type"))), fields.get("message"))
        frames: list[dict[str, Any]] = fields.get("stack") or []
        where = None
        if frames:
            last = next((frame for frame in reversed(frames) if _is_program_file(frame.get("file"))), frames[-1])
            where = f"{last.get('file')}:{last.get('line')} {last.get('function')}"
        known_error = self._errors.get(key)
        handled = fields.get("handled") is not False
        if known_error is not None and not handled:
            known_error.handled = False
            known_error.where = where or known_error.where
            return
        time_ns = record["time_ns"]
        self._add(key, _Error(None, where, None, None, record["pid"], time_ns, time_ns, handled=handled))

    def _add(self, key: _Key, error: _Error) -> None:
        known_error = self._errors.get(key)
        if known_error is None:
            self._errors[key] = error
            return
        known_error.count += 1
        known_error.first_ns = min(known_error.first_ns, error.first_ns)
        known_error.last_ns = max(known_error.last_ns, error.last_ns)

    def report(self) -> list[ErrorReport]:
        """The errors: first those that ended a process, then the others, each in order of time."""
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
    """Whether an event is an error that no code handled. A log record, which has a severity, is none."""
    return record["name"] == "error" and "severity" not in record


def _exception(record: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Type, message and place of the exception that a span ended with; all None if that is no error."""
    attributes: dict[str, Any] = record.get("attributes") or {}
    kind: Any = attributes.get(g.ERROR_TYPE)
    message: Any = record.get("description")
    where = _call_place(attributes)
    events: list[dict[str, Any]] = record.get("events") or []
    for event in reversed(events):
        if event.get("name") != "exception":
            continue
        exception: dict[str, Any] = event.get("attributes") or {}
        kind = exception.get(g.EXCEPTION_TYPE) or kind
        message = exception.get(g.EXCEPTION_MESSAGE, message)
        where = where or _innermost_place(exception.get(g.EXCEPTION_STACKTRACE))
        break
    name = _without_builtins(kind) if isinstance(kind, str) else "error"
    if name in _NO_ERRORS:
        return None, None, None
    return name, message if isinstance(message, str) else None, where


def _without_builtins(kind: str) -> str:
    return kind.removeprefix("builtins.")


def _innermost_place(trace: object) -> str | None:
    """The innermost frame of a traceback that is in a file of the program or, if there is none, in a library."""
    frames = list(_FRAME.finditer(trace)) if isinstance(trace, str) else []
    if not frames:
        return None
    last = next((frame for frame in reversed(frames) if _is_program_file(frame["file"])), frames[-1])
    return f"{last['file']}:{last['line']} {last['function'].strip()}"


def _call_place(attributes: dict[str, Any]) -> str | None:
    """The place in the program where a failed call was made."""
    file, line, function = (attributes.get(key) for key in (g.CODE_FILE_PATH, g.CODE_LINE_NUMBER, g.CODE_FUNCTION_NAME))
    return f"{file}:{line} {function}" if file and line else None


def _is_program_file(file: object) -> bool:
    """Whether a file belongs to the program, rather than to a library."""
    return isinstance(file, str) and not is_library(file)
