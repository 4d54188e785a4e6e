"""What a person can set: environment, then the project's file, then defaults. Each setting is declared once, here.

`tacho run` resolves the settings once and hands them to its children in `TACHOGRAPH_SETTINGS`, so that a recorded
process reads no file at its start. The modules that check values are imported only if there is something to read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

if TYPE_CHECKING:
    from tachograph.errors import SettingsError

Level = Literal["off", "error", "info", "debug"]
LEVELS: tuple[Level, ...] = ("off", "error", "info", "debug")
LOG_LEVELS = ("off", "debug", "info", "warning", "error", "critical")
OTLP_PROTOCOLS = ("http/protobuf", "grpc")
OTLP_SIGNALS = ("traces", "logs", "metrics")
RATE_KEYS = ("input", "cache_read", "cache_write", "cache_write_1h", "output")

ENV_RUN = "TACHOGRAPH_RUN"
"""The id of the run that a process belongs to; set by the process that opened the run, inherited by every child."""
ENV_RUN_DIR = "TACHOGRAPH_RUN_DIR"
"""The absolute path of the run's folder."""
ENV_SETTINGS = "TACHOGRAPH_SETTINGS"
"""The resolved settings as JSON, handed from the launcher to its children."""
ENV_CONFIG = "TACHOGRAPH_CONFIG"
"""Path of the configuration file, instead of that of the project."""

Kind = Literal[
    "switch", "word", "words", "path", "text", "texts", "names", "url", "size", "count", "seconds", "currency", "rates",
    "table",
]  # fmt: skip
"""What a setting may hold; `tachograph.run.setting_values` has the check of each."""

_T = TypeVar("_T")


class Setting:
    """The declaration of one setting.

    Attributes
    ----------
    key
        Its key in the configuration file, with dots between tables: ``journal.max_files``.
    kind
        What it may hold.
    meaning
        One line for the documentation.
    example
        A value other than the default, in TOML.
    variable
        The environment variable that takes precedence over the file; None if there is none.
    standard
        The variable of OpenTelemetry that takes precedence when runs are sent; None if there is none.
    allowed
        The words that it may hold; empty if there is no list of them.
    """

    __slots__ = ("allowed", "example", "key", "kind", "meaning", "standard", "variable")

    def __init__(
        self,
        key: str,
        kind: Kind,
        meaning: str,
        example: str,
        variable: str | None,
        standard: str | None,
        allowed: tuple[str, ...],
    ) -> None:
        self.key = key
        self.kind: Kind = kind
        self.meaning = meaning
        self.example = example
        self.variable = variable
        self.standard = standard
        self.allowed = allowed


def _setting(
    key: str,
    kind: Kind,
    meaning: str,
    *,
    default: _T,
    example: str,
    variable: str | None = None,
    standard: str | None = None,
    allowed: tuple[str, ...] = (),
) -> _T:
    """Declare a setting: a field of `Settings` with its default; see :class:`Setting` for the rest."""
    metadata = {"setting": Setting(key, kind, meaning, example, variable, standard, allowed)}
    if isinstance(default, dict):
        return field(default_factory=cast("Any", default).copy, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """The settings of one run, by the names that the code uses; each field is the declaration of a setting."""

    level: Level = _setting(
        "level", "word", "``off`` records nothing, ``error`` only failures, ``info`` and ``debug`` everything.",
        default="info", example='"debug"', variable="TACHOGRAPH_LEVEL", allowed=LEVELS,
    )  # fmt: skip
    content: bool = _setting(
        "content", "switch", "Whether prompts, answers and payloads are kept in the local journal.",
        default=True, example="false", variable="TACHOGRAPH_CONTENT",
    )  # fmt: skip
    directory: str | None = _setting(
        "dir", "path",
        "The ``.tachograph`` folder; unless set: the one at the project's root or, when that cannot be written, the "
        "user's state folder.",
        default=None, example='"recordings"', variable="TACHOGRAPH_DIR",
    )  # fmt: skip
    name: str | None = _setting(
        "name", "text", "The name of the run; unless set: the command.",
        default=None, example='"nightly"', variable="TACHOGRAPH_NAME",
    )  # fmt: skip
    max_file_size_mb: float = _setting(
        "journal.max_file_size_mb", "size", "Size in MB (10^6 bytes) at which a journal starts its next file.",
        default=256, example="64",
    )  # fmt: skip
    max_files: int = _setting(
        "journal.max_files", "count", "Number of files kept per journal once it rotates; the oldest are deleted first.",
        default=8, example="4",
    )  # fmt: skip
    currency: str = _setting(
        "cost.currency", "currency", "The currency of `rates`, an ISO 4217 code.",
        default="USD", example='"EUR"',
    )  # fmt: skip
    rates: Mapping[str, Mapping[str, float]] = _setting(
        "cost.rates", "rates",
        "Your prices per million tokens: model name to ``{input, cache_read, cache_write, output}``.",
        default=dict[str, Mapping[str, float]](), example="{ my-model = { input = 2.5, output = 10.0 } }",
    )  # fmt: skip
    disabled: tuple[str, ...] = _setting(
        "events.disabled", "names", "Names of the kinds of events that are not recorded.",
        default=(), example='["cache_miss"]',
    )  # fmt: skip
    logging: str = _setting(
        "logging", "word",
        "Lowest level of `logging` records to record: ``debug``, ``info``, ``warning`` (default), ``error`` or "
        "``critical``; ``off`` records none.",
        default="warning", example='"error"', variable="TACHOGRAPH_LOGGING", allowed=LOG_LEVELS,
    )  # fmt: skip
    http: bool = _setting(
        "http", "switch",
        "Whether HTTP requests made with `httpx` and `httpx2` that are not model calls are recorded; requires the "
        "extra ``http``.",
        default=False, example="true", variable="TACHOGRAPH_HTTP",
    )  # fmt: skip
    http_propagate: bool = _setting(
        "http_propagate", "switch",
        "Whether the requests recorded by ``http`` carry the trace to their servers (``traceparent``).",
        default=False, example="true",
    )  # fmt: skip
    redaction: Mapping[str, Any] = _setting(
        "redaction", "table",
        "What is redacted besides secrets, and what is not: kinds of personal data (``personal``), your patterns "
        "(``rules``), names whose values are always redacted (``keys``), SHA-256 digests of values that are kept "
        "(``allow``).",
        default=dict[str, Any](), example=(
            '{ keys = ["badge"], personal = { phone = false }, '
            'rules = [{ name = "staff", pattern = "EMP-[0-9]+" }] }'
        ),
    )  # fmt: skip
    otlp_endpoint: str | None = _setting(
        "otlp.endpoint", "url", "Base URL of an OTLP receiver; ``OTEL_EXPORTER_OTLP_ENDPOINT`` takes precedence.",
        default=None, example='"http://collector:4318"', standard="OTEL_EXPORTER_OTLP_ENDPOINT",
    )  # fmt: skip
    otlp_protocol: str = _setting(
        "otlp.protocol", "word",
        "``http/protobuf`` (default) or ``grpc``; ``OTEL_EXPORTER_OTLP_PROTOCOL`` takes precedence.",
        default="http/protobuf", example='"grpc"', standard="OTEL_EXPORTER_OTLP_PROTOCOL", allowed=OTLP_PROTOCOLS,
    )  # fmt: skip
    otlp_headers: Mapping[str, str] = _setting(
        "otlp.headers", "texts",
        "Headers of the requests to the receiver; ``${NAME}`` is replaced by an environment variable.",
        default=dict[str, str](), example='{ authorization = "Bearer ${COLLECTOR_TOKEN}" }',
    )  # fmt: skip
    otlp_signals: tuple[str, ...] = _setting(
        "otlp.signals", "words", "What is sent: ``traces`` (default), ``logs``, ``metrics``.",
        default=("traces",), example='["traces", "logs"]', allowed=OTLP_SIGNALS,
    )  # fmt: skip
    otlp_content: bool = _setting(
        "otlp.content", "switch", "Whether prompts, answers and payloads are sent as well.",
        default=False, example="true",
    )  # fmt: skip
    otlp_own_provider: bool = _setting(
        "otlp.own_provider", "switch",
        "Whether telemetry of a program that sets its own OpenTelemetry providers with exporters is sent too.",
        default=False, example="true",
    )  # fmt: skip
    otlp_grace_s: float = _setting(
        "otlp.grace_s", "seconds", "Maximum time in seconds that the end of a run waits for what is still to be sent.",
        default=5, example="2",
    )  # fmt: skip
    source: str | None = None
    """The configuration file that was read, for messages; not a setting."""

    def to_json(self) -> str:
        """The settings as one line of JSON, read back by :func:`from_json`."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self)}, separators=(",", ":"))


def declared() -> dict[str, Setting]:
    """The declarations of all settings, by the names of the fields of `Settings`."""
    return {f.name: f.metadata["setting"] for f in fields(Settings) if f.metadata}


def from_json(text: str) -> Settings:
    """Read what :meth:`Settings.to_json` wrote; names that this version does not know are ignored.

    Raises
    ------
    SettingsError
        When the text is not a JSON object of settings.
    """
    try:
        loaded: object = json.loads(text)
    except ValueError as error:
        raise _not_handed(f"is not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise _not_handed("must be a JSON object")
    values = cast("dict[str, Any]", loaded)
    known = {f.name for f in fields(Settings)}
    return replace(
        Settings(),
        **{k: tuple(cast("list[Any]", v)) if isinstance(v, list) else v for k, v in values.items() if k in known},
    )


def _not_handed(reason: str) -> SettingsError:
    from tachograph.errors import SettingsError

    return SettingsError(f"{ENV_SETTINGS} {reason}. Unset it: tacho run sets it for the processes of a run.")
