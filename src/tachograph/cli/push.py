"""`tacho push`: sends a past run over OTLP."""

from __future__ import annotations

import importlib
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tachograph.cli.formats import count, plural
from tachograph.cli.run_store import Directory, open_runs
from tachograph.errors import UsageError
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from tachograph.run.settings import Settings

EXAMPLE = "tacho push 1a2b3c4d --endpoint http://localhost:4318"

_EXPORTER = "tachograph_otlp"
"""The plug-in that sends; by name, because the core imports no plug-in."""
_LOOK_S = 0.1


def command(
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="The run: the first characters of its id. [default: the last run]"),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            metavar="URL",
            help="The OTLP receiver. [default: OTEL_EXPORTER_OTLP_ENDPOINT, or otlp.endpoint of the settings]",
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Resend everything, including what was already sent.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="Seconds to keep trying.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    directory: Directory = None,
) -> int:
    """Send a finished run over OTLP.

    Only what has not been sent yet is sent, unless you pass --again.

    Spans keep their ids and times. A different receiver than last time gets the whole run. The exit code is 1 if
    something could not be sent.
    """
    with open_runs(directory) as runs:
        run_dir = runs.folder(runs.find(run).id)
        # A run that cannot be read is refused before anything is sent.
        runs.report_in(run_dir)
    settings = _settings(endpoint)
    exporter = importlib.import_module(_EXPORTER)
    sending = exporter.send_past_run(run_dir, settings, resend=again)
    if sending is None:
        raise UsageError("no receiver is set. Name one: tacho push --endpoint http://localhost:4318")
    with sending as sender:
        before = {name: signal.sent for name, signal in sender.progress.signals.items()}
        until = time.monotonic() + timeout
        while not sender.is_done() and time.monotonic() < until:
            if not sender.send():
                time.sleep(_LOOK_S)
            _print_progress(sender)
        sender.close(f"not sent within {timeout:g} s")
    return _result(sender.progress.signals, before, as_json=as_json)


def _settings(endpoint: str | None) -> Settings:
    settings = load()
    if endpoint is not None:
        if not endpoint.startswith(("http://", "https://")):
            raise UsageError(f"--endpoint must be a URL such as http://localhost:4318, not {endpoint!r}")
        for name in [name for name in os.environ if name.startswith("OTEL_EXPORTER_OTLP_") and "ENDPOINT" in name]:
            del os.environ[name]
        settings = replace(settings, otlp_endpoint=endpoint)
    return settings


def _print_progress(sender: Any) -> None:
    if sys.stderr.isatty():
        done = sum(signal.sent for signal in sender.progress.signals.values())
        print(f"\r{count(done)} sent", end="", file=sys.stderr, flush=True)


def _result(signals: dict[str, Any], before: dict[str, int], *, as_json: bool) -> int:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    failed = any(signal.failure is not None or signal.waiting for signal in signals.values())
    if as_json:
        import json
        from dataclasses import asdict

        result = {
            name: {k: v for k, v in asdict(signal).items() if k not in {"files", "calls"}}
            for name, signal in signals.items()
        }
        print(json.dumps(result, indent=2))
        return int(failed)
    for name, signal in signals.items():
        where = f" to {signal.endpoint}" if signal.endpoint else ""
        line = f"{name}: {plural(signal.sent - before[name], 'item')} sent{where}"
        if before[name]:
            line += f", {count(before[name])} already sent before"
        if signal.refused:
            line += f", {count(signal.refused)} refused ({signal.refusal})"
        if signal.failure is not None or signal.waiting:
            line += f", {count(signal.waiting)} not sent: {signal.failure}"
        print(line)
    return int(failed)
