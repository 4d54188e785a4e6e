"""Decides which signals of a run are sent over OTLP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.run.settings import OTLP_SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.run.settings import Settings


def signals(environ: Mapping[str, str], settings: Settings) -> tuple[str, ...]:
    """The signals that are sent over OTLP, a part of `OTLP_SIGNALS`.

    Traces are sent if an endpoint is named. Logs and metrics are sent only on request, because many backends accept
    traces only: by ``otlp`` among their exporters, by an endpoint for them, or in the settings.

    Parameters
    ----------
    environ
        The environment, with the `OTEL_*` variables of the OpenTelemetry specification.
    settings
        The settings of the run.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return ()
    has_endpoint = bool(environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or settings.otlp_endpoint)
    chosen: list[str] = []
    for signal in OTLP_SIGNALS:
        exporters = environ.get(f"OTEL_{signal.upper()}_EXPORTER")
        if exporters:
            is_sent = "otlp" in [name.strip().lower() for name in exporters.split(",")]
        elif environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"):
            is_sent = True
        else:
            is_sent = has_endpoint and signal in settings.otlp_signals
        if is_sent:
            chosen.append(signal)
    return tuple(chosen)


def configuration_file_refused(path: str) -> str:
    """The warning if `OTEL_CONFIG_FILE` is set: the exporters it names would get data that is not redacted.

    Parameters
    ----------
    path
        The variable's value.
    """
    return (
        f"OTEL_CONFIG_FILE ({path}) is not used, because what it configures would bypass the redaction. "
        "Use OTEL_EXPORTER_OTLP_* variables or [otlp] in tachograph.toml."
    )
