"""Which signals of a run are sent on over OTLP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.run.settings import OTLP_SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.run.settings import Settings


def signals(environ: Mapping[str, str], settings: Settings) -> tuple[str, ...]:
    """The signals that are sent over OTLP, a part of `OTLP_SIGNALS`.

    Traces go wherever an endpoint is named. Logs and metrics go where they are asked for, since many a backend takes
    traces only: by ``otlp`` among the exporters, by an endpoint of their own, or in the settings.

    Parameters
    ----------
    environ
        The environment, with the `OTEL_*` variables of the OpenTelemetry specification.
    settings
        The settings of the run.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return ()
    anywhere = bool(environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or settings.otlp_endpoint)
    found: list[str] = []
    for signal in OTLP_SIGNALS:
        exporters = environ.get(f"OTEL_{signal.upper()}_EXPORTER")
        if exporters:
            wanted = "otlp" in [name.strip().lower() for name in exporters.split(",")]
        elif environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"):
            wanted = True
        else:
            wanted = anywhere and signal in settings.otlp_signals
        if wanted:
            found.append(signal)
    return tuple(found)


def configuration_file_refused(path: str) -> str:
    """What is said where `OTEL_CONFIG_FILE` is set: the exporters it names would get what was not redacted.

    Parameters
    ----------
    path
        The variable's value.
    """
    return (
        f"OTEL_CONFIG_FILE ({path}) is not used, as what it configures would go past the redaction. "
        "Use OTEL_EXPORTER_OTLP_* variables or [otlp] in tachograph.toml."
    )
