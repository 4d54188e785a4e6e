"""The page of settings."""

from __future__ import annotations

import json

from pages.docstrings import as_markdown, constants
from pages.markdown import code, heading, table
from tachograph.run import environment
from tachograph.run import settings as module
from tachograph.run.plugin_table import NAMES
from tachograph.run.settings import ENV_CONFIG, RATE_KEYS, Setting, Settings, declared

_INTRODUCTION = """\
The environment takes precedence over the project's file, and the file over the default. The file is
`tachograph.toml`, or the table `[tool.tachograph]` of `pyproject.toml`: the first that is found from the working
directory upwards, no further than the root of the git work tree; `TACHOGRAPH_CONFIG` names another. `tacho run`
resolves the settings once and hands them to the program and all its children.

A setting that cannot be used stops `tacho` with exit code 2 and one line that names its place and what is allowed.
A program that records itself is not stopped: the defaults are used, and one warning says so."""

_PLACES = """\
A run is kept in the folder that `--dir`, `TACHOGRAPH_DIR` or `dir` names. A folder that was named is never replaced by
another. If it cannot be used, `tacho run` exits with 125 and the command is not started, and a program that records
itself runs unrecorded.

Otherwise the run is kept in `.tachograph` at the project's root. If that cannot be created or written (a read-only or
foreign folder, a full disk, a working directory that was deleted), the run is kept in the user's state folder,
`$XDG_STATE_HOME/tachograph`, by default `~/.local/state/tachograph`. If that cannot be written either, the program
runs unrecorded. One line on standard error reports which, and the program keeps its exit code.

The state folder holds the runs of all projects. `tacho list`, `show` and `push` look there if the project's
`.tachograph` does not exist or cannot be written. They pick the runs whose working directory belongs to the project,
and name the folder on standard error. With `--dir` they read one folder, with all runs in it.

Only these folders are created and, in the home folder, the XDG base directories (`.local/state`, `.local/share`,
`.cache`), with mode 0700. The home folder is never created. A base directory that a variable names is created if only
its last folder is missing.

If a run's folder is deleted while the run goes on, the program is not disturbed and the folder is not created again.
The process that opened the run reports the loss in one line at the end.
"""

_STANDARD = (
    ("OTEL_SDK_DISABLED", "`true` records nothing, as with every OpenTelemetry SDK."),
    (
        "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS",
        (
            "The instrumentors to leave out, with commas between them: "
            f"{', '.join(f'`{name}`' for name in NAMES)}; `*` leaves out all."
        ),
    ),
    ("OTEL_SERVICE_NAME", "The `service.name` of the resource."),
    ("OTEL_RESOURCE_ATTRIBUTES", "Further attributes of the resource."),
    (
        "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS",
        "Detectors that add to the resource, such as `process,host`; none by default.",
    ),
    (
        "OTEL_TRACES_EXPORTER, OTEL_LOGS_EXPORTER, OTEL_METRICS_EXPORTER",
        (
            "`otlp` sends the signal, `none` does not. Another exporter that is installed, such as `console`, gets "
            "redacted copies, in the program, of what is reported through the OpenTelemetry API."
        ),
    ),
    (
        "OTEL_EXPORTER_OTLP_*",
        "Where and how OTLP is sent, for all signals or for one: endpoint, protocol, headers, compression, TLS.",
    ),
    (
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        (
            "`SPAN_ONLY` sends prompts and answers over OTLP with the spans, `EVENT_ONLY` those of events that other "
            "instrumentations emit, `SPAN_AND_EVENT` both, as `otlp.content` does."
        ),
    ),
    ("OTEL_METRIC_EXPORT_INTERVAL", "Time between two records, and exports, of metrics in ms; 60000 by default."),
    (
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "`cumulative` (default), `delta` or `lowmemory`: how metrics are recorded and sent.",
    ),
    (
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        "`explicit_bucket_histogram` (default) or `base2_exponential_bucket_histogram`.",
    ),
    (
        "OTEL_TRACES_SAMPLER",
        (
            "Spans that it drops are recorded and not sent. It affects neither log records (sent with the ids and the "
            "unsampled flag of their span) nor metrics."
        ),
    ),
    ("TRACEPARENT", "The trace to join (W3C Trace Context); handed on to children together with `TRACESTATE`."),
    ("XDG_DATA_HOME", "Directory of the installation key, `tachograph/key`; `~/.local/share` by default."),
    ("XDG_CACHE_HOME", "Directory of the compiled redaction rules; `~/.cache` by default."),
    (
        "XDG_STATE_HOME",
        "Directory of the runs that cannot be kept in the project's folder, `tachograph`; `~/.local/state` by default.",
    ),
)


def page() -> str:
    """The text of docs/settings.md."""
    settings = declared()
    defaults = Settings()
    rows = [_row(setting, getattr(defaults, name)) for name, setting in settings.items()]
    variables = {**constants(module, "ENV_"), **constants(environment, "ENV_")}
    handed = ((code(name), as_markdown(text)) for name, text in variables.items() if name != ENV_CONFIG)
    example = "\n".join(f"{setting.key} = {setting.example}" for setting in settings.values())
    rates = ", ".join(code(key) for key in RATE_KEYS)
    return "\n".join(
        [
            heading("Settings", "tachograph.run.settings", _INTRODUCTION),
            table(("in the file", "in the environment", "default", "meaning"), rows),
            f"A rate may have {rates}, each in the currency per million tokens.\n",
            "[Redaction](redaction.md) has what `redaction` may hold.\n",
            f"A file with all of them:\n\n```toml\n{example}\n```\n",
            "## Where runs are kept\n",
            _PLACES,
            "## Variables between processes\n",
            "Set by `tacho run` for the processes of a run, not by people.\n",
            table(("variable", "meaning"), handed),
            "## Variables of OpenTelemetry and the system\n",
            table(("variable", "meaning"), ((code(name), text) for name, text in _STANDARD)),
        ]
    )


def _row(setting: Setting, default: object) -> tuple[str, str, str, str]:
    variable = setting.variable or setting.standard
    return code(setting.key), code(variable) if variable else "", _default(default), as_markdown(setting.meaning)


def _default(value: object) -> str:
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, tuple):
        return code(json.dumps(value))
    return code(str(value).lower() if isinstance(value, bool) else str(value))
