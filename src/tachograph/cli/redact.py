"""`tacho redact`: copies standard input without its secrets."""

from __future__ import annotations

import json
import os
import select
import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tachograph.errors import UsageError
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from tachograph.redaction.text import TextRedactor
    from tachograph.redaction.text_span import Span

EXAMPLE = "kubectl logs web-0 | tacho redact > log.txt"

_READ = 1 << 16
_PAUSE_S = 1


def command(
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="List what would be redacted (line, column, kind, tag, length) instead of the text; no values.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --explain: print one JSON object per line.")] = False,
    counts: Annotated[
        bool, typer.Option("--count", help="Print the number of redacted values of each kind to standard error.")
    ] = False,
) -> int:
    """Copy standard input to standard output with secrets and personal data removed.

    The input may be a stream of any size. All rules are on, including those for private IP addresses, MAC addresses,
    addresses of crypto wallets and the values of secrets in this environment. The [redaction] settings in
    tachograph.toml apply.
    """
    if sys.stdin.isatty():
        raise UsageError("no input: pipe a text into it. Example: " + EXAMPLE)
    if as_json and not explain:
        raise UsageError("--json requires --explain. Example: tacho redact --explain --json < log.txt")
    redact = _redactor()
    from tachograph.redaction.stream import RedactedStream

    tally: dict[str, int] = {}
    source = _Source()
    explanation = _Explained(source, as_json=as_json) if explain else None
    stream = RedactedStream(redact, tally, None if explanation is None else explanation.note)
    out = sys.stdout.buffer
    for piece in stream.pieces(source.pieces()):
        if not explain:
            out.write(piece)
            out.flush()
    if counts:
        total = sum(tally.values())
        kinds = ", ".join(f"{kind} {tally[kind]}" for kind in sorted(tally, key=lambda kind: (-tally[kind], kind)))
        print(f"{total} redacted{': ' if kinds else ''}{kinds}", file=sys.stderr)
    return 0


def _redactor() -> TextRedactor:
    from tachograph.redaction import installation_key
    from tachograph.redaction.configuration import policy_of
    from tachograph.redaction.environment import Known, secret_values
    from tachograph.redaction.policy import ON_REQUEST
    from tachograph.redaction.scan import engine_loader
    from tachograph.redaction.text import TextRedactor

    settings = load()
    policy = policy_of(settings.redaction, settings.source)
    personal = settings.redaction.get("personal", {})
    policy = policy._replace(personal=policy.personal | {kind for kind in ON_REQUEST if personal.get(kind, True)})
    known = Known()
    for _, value in secret_values(os.environ):
        known.add(value, "environment")
    engine_loader.wait()
    return TextRedactor(installation_key(), lambda: engine_loader.engine(optional=policy.optional)[0], policy, known)


class _Source:
    """Standard input, and the positions of its lines."""

    def __init__(self) -> None:
        self.newlines: list[int] = []
        self.line = 1
        self.line_start = 0
        self._read = 0

    def pieces(self) -> Iterator[bytes]:
        stream = cast("BufferedReader", sys.stdin.buffer)
        while True:
            if not _has_more(stream):
                yield b""
            piece = stream.read1(_READ)
            if not piece:
                return
            at = piece.find(b"\n")
            while at >= 0:
                self.newlines.append(self._read + at)
                at = piece.find(b"\n", at + 1)
            self._read += len(piece)
            yield piece

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset; offsets rise from call to call."""
        passed = 0
        for newline in self.newlines:
            if newline >= offset:
                break
            passed += 1
            self.line += 1
            self.line_start = newline + 1
        del self.newlines[:passed]
        return self.line, offset - self.line_start + 1


def _has_more(stream: BufferedReader) -> bool:
    """Whether there is something to read, or its end, within a second."""
    try:
        return bool(select.select([stream], [], [], _PAUSE_S)[0])
    except (OSError, ValueError):
        # Some files cannot be waited for.
        return True


class _Explained:
    """Prints one line for each value that is redacted."""

    def __init__(self, source: _Source, *, as_json: bool) -> None:
        self._source = source
        self._as_json = as_json

    def note(self, span: Span, tag: str | None, done: int) -> None:
        offset = done + span.start
        line, column = self._source.place(offset)
        size = span.end - span.start
        if self._as_json:
            found = {"line": line, "column": column, "offset": offset, "bytes": size, "kind": span.kind, "tag": tag}
            print(json.dumps(found))
        else:
            print(f"{line}:{column}: {span.kind}{'' if tag is None else ':' + tag}, {size} bytes")
