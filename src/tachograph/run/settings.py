"""What a person can set: environment, then the project's file, then defaults.

`tacho run` resolves the settings once and hands them to its children in `TACHOGRAPH_SETTINGS`, so that a recorded
process reads no file at its start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from tachograph.errors import SettingsError, UnreadableSettingsError

Level = Literal["off", "error", "info", "debug"]
LEVELS: tuple[Level, ...] = ("off", "error", "info", "debug")

ENV_RUN = "TACHOGRAPH_RUN"
"""The id of the run a process belongs to; set by whoever opened the run and inherited by every child."""
ENV_RUN_DIR = "TACHOGRAPH_RUN_DIR"
"""The absolute path of the run's folder."""
ENV_SETTINGS = "TACHOGRAPH_SETTINGS"
"""The resolved settings as JSON, handed from the launcher to its children."""
ENV_CONFIG = "TACHOGRAPH_CONFIG"
"""Path of the configuration file, instead of the project's own."""

CONFIG_FILE = "tachograph.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    Parameters
    ----------
    level
        ``off`` records nothing, ``error`` failures only, ``info`` (default) all but ``debug`` details.
    content
        Whether prompts, answers and payloads are kept in the local journal.
    directory
        The ``.tachograph`` folder; None means the one at the project's root or, when that cannot be written, the user's
        state folder.
    name
        The name of the run; None means the command.
    max_file_size_mb
        Size in MB (10^6 bytes) at which a journal starts its next file.
    max_files
        Files kept per journal once it rotates; the oldest go first.
    currency
        The currency of `rates`, an ISO 4217 code.
    rates
        Prices of one's own per million tokens: model name to ``{input, cache_read, cache_write, output}``.
    disabled
        Names of event kinds that are not recorded.
    logging
        From which level on records of `logging` join: ``debug``, ``info``, ``warning`` (default), ``error``,
        ``critical``; ``off`` for none.
    http
        Whether HTTP requests that are no calls of models are recorded, those of `httpx` and `httpx2`; it needs the
        extra ``http``.
    http_propagate
        Whether the requests recorded by ``http`` carry the trace to their servers (``traceparent``).
    redaction
        What is redacted beside the secrets, and what is not: kinds of personal data (``personal``), patterns of one's
        own (``rules``), names under which anything goes (``keys``), SHA-256 digests of values that stay (``allow``).
    otlp_endpoint
        Base URL of an OTLP receiver; ``OTEL_EXPORTER_OTLP_ENDPOINT`` goes before it.
    otlp_protocol
        ``http/protobuf`` (default) or ``grpc``; ``OTEL_EXPORTER_OTLP_PROTOCOL`` goes before it.
    otlp_headers
        Headers of its requests; ``${NAME}`` stands for a variable of the environment.
    otlp_signals
        What is sent: ``traces`` (default), ``logs``, ``metrics``.
    otlp_content
        Whether prompts, answers and payloads are sent as well.
    otlp_own_provider
        Whether what goes through a TracerProvider, LoggerProvider or MeterProvider of the program's own, with exporters
        of its own, is sent too.
    otlp_grace_s
        The longest time, in seconds, that the end of a run waits for what is still to be sent.
    source
        The configuration file that was read, for messages.
    """

    level: Level = "info"
    content: bool = True
    directory: str | None = None
    name: str | None = None
    max_file_size_mb: float = 256
    max_files: int = 8
    currency: str = "USD"
    rates: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    disabled: tuple[str, ...] = ()
    logging: str = "warning"
    http: bool = False
    http_propagate: bool = False
    redaction: Mapping[str, Any] = field(default_factory=dict[str, Any])
    otlp_endpoint: str | None = None
    otlp_protocol: str = "http/protobuf"
    otlp_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    otlp_signals: tuple[str, ...] = ("traces",)
    otlp_content: bool = False
    otlp_own_provider: bool = False
    otlp_grace_s: float = 5
    source: str | None = None

    def to_json(self) -> str:
        """The settings as one line of JSON, read back by :func:`from_json`."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self)}, separators=(",", ":"))


def from_json(text: str) -> Settings:
    """Read what :meth:`Settings.to_json` wrote; names this version does not know are passed over.

    Raises
    ------
    SettingsError
        When the text is not a JSON object of settings.
    """
    try:
        loaded: object = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"{ENV_SETTINGS} is not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise SettingsError(f"{ENV_SETTINGS} must be a JSON object")
    values = cast("dict[str, Any]", loaded)
    known = {f.name for f in fields(Settings)}
    return replace(
        Settings(),
        **{k: tuple(cast("list[Any]", v)) if isinstance(v, list) else v for k, v in values.items() if k in known},
    )


def load(environ: Mapping[str, str] | None = None, start: Path | None = None) -> Settings:
    """The settings in force for a process.

    Parameters
    ----------
    environ
        The environment to read; None means this process's.
    start
        The folder from which the project's file is looked for, upwards; None means the working directory. There is none
        for a working directory that was deleted.

    Raises
    ------
    SettingsError
        When a value is of the wrong type or outside its range, or the file cannot be read as TOML.
    """
    env = os.environ if environ is None else environ
    if handed := env.get(ENV_SETTINGS):
        return from_json(handed)
    path = _config_path(env, start)
    settings = _from_file(path) if path else Settings()
    return _from_environment(settings, env)


def _config_path(env: Mapping[str, str], start: Path | None) -> Path | None:
    if named := env.get(ENV_CONFIG):
        if not os.path.isfile(named):  # noqa: PTH113 - as below
            raise SettingsError(f"{ENV_CONFIG} names {named}, which is not a file")
        return Path(named)
    try:
        here = (start or Path.cwd()).resolve()
    except FileNotFoundError:
        # The working directory was deleted.
        return None
    for folder in (here, *here.parents):
        # The methods of `Path` raise where a folder may not be entered, up to Python 3.13.
        if os.path.exists(folder / CONFIG_FILE):  # noqa: PTH110
            return folder / CONFIG_FILE
        pyproject = folder / "pyproject.toml"
        if os.path.isfile(pyproject) and b"[tool.tachograph" in _bytes(pyproject):  # noqa: PTH113
            return pyproject
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            break
    return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        # It may have settings of redaction, which must not be passed over.
        raise _unreadable(path, error.strerror or error) from error


def _unreadable(path: Path, reason: object) -> UnreadableSettingsError:
    return UnreadableSettingsError(f"{path}: {reason}. Mend the file or point {ENV_CONFIG} at another.")


def _from_file(path: Path) -> Settings:
    import tomllib

    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _unreadable(path, error.strerror or error) from error
    except ValueError as error:
        raise _unreadable(path, error) from error
    table: Any = document
    if path.name == "pyproject.toml":
        table = document.get("tool", {}).get("tachograph", {})
    settings = Settings(source=str(path))
    for key, value in table.items():
        settings = _set(settings, key, value, f"{path}: {key}")
    return settings


def _set(settings: Settings, key: str, value: Any, where: str) -> Settings:
    section = _SECTIONS.get(key)
    if section is not None:
        for inner, item in _table(value, where).items():
            settings = section(settings, inner, item, f"{where}.{inner}")
        return settings
    match key:
        case "level":
            return replace(settings, level=_level(value, where))
        case "content" | "http" | "http_propagate":
            return replace(settings, **{key: _typed(value, bool, "true or false", where)})
        case "dir":
            return replace(settings, directory=_typed(value, str, "a path", where))
        case "name":
            return replace(settings, name=_typed(value, str, "text", where))
        case "logging":
            return replace(settings, logging=_log_level(value, where))
        case _:
            known = ", ".join(
                ("level, content, dir, name, logging, http, http_propagate", *(f"[{name}]" for name in _SECTIONS))
            )
            raise SettingsError(f"{where} is not a setting. Known are: {known}.")


def _set_journal(settings: Settings, key: str, value: Any, where: str) -> Settings:
    match key:
        case "max_file_size_mb":
            return replace(settings, max_file_size_mb=_positive(value, where))
        case "max_files":
            count = _positive(value, where)
            if count != int(count):
                raise SettingsError(f"{where} must be a whole number, not {value!r}")
            return replace(settings, max_files=int(count))
        case _:
            raise SettingsError(f"{where} is not a setting. Known are: max_file_size_mb, max_files.")


def _set_cost(settings: Settings, key: str, value: Any, where: str) -> Settings:
    match key:
        case "currency":
            currency = _typed(value, str, "an ISO 4217 code such as USD", where).upper()
            if len(currency) != 3 or not currency.isalpha():
                raise SettingsError(f"{where} must be an ISO 4217 code such as USD, not {value!r}")
            return replace(settings, currency=currency)
        case "rates":
            rates = {
                str(model): _rate(_table(entry, f"{where}.{model}"), f"{where}.{model}")
                for model, entry in _table(value, where).items()
            }
            return replace(settings, rates=rates)
        case _:
            raise SettingsError(f"{where} is not a setting. Known are: currency, rates.")


def _set_otlp(settings: Settings, key: str, value: Any, where: str) -> Settings:
    match key:
        case "endpoint":
            endpoint = _typed(value, str, "a URL", where)
            if not endpoint.startswith(("http://", "https://")):
                raise SettingsError(f"{where} must be a URL such as http://localhost:4318, not {value!r}")
            return replace(settings, otlp_endpoint=endpoint)
        case "protocol":
            if value not in OTLP_PROTOCOLS:
                raise SettingsError(f"{where} must be one of {', '.join(OTLP_PROTOCOLS)}, not {value!r}")
            return replace(settings, otlp_protocol=value)
        case "headers":
            headers = {
                name: _typed(text, str, "text", f"{where}.{name}") for name, text in _table(value, where).items()
            }
            return replace(settings, otlp_headers=headers)
        case "signals":
            names = tuple(cast("list[Any]", _typed(value, list, "a list of signals", where)))
            for name in names:
                if name not in OTLP_SIGNALS:
                    raise SettingsError(f"{where} may hold {', '.join(OTLP_SIGNALS)}, not {name!r}")
            return replace(settings, otlp_signals=names)
        case "content":
            return replace(settings, otlp_content=_typed(value, bool, "true or false", where))
        case "own_provider":
            return replace(settings, otlp_own_provider=_typed(value, bool, "true or false", where))
        case "grace_s":
            return replace(settings, otlp_grace_s=_positive(value, where, zero=True))
        case _:
            known = "endpoint, protocol, headers, signals, content, own_provider, grace_s"
            raise SettingsError(f"{where} is not a setting. Known are: {known}.")


OTLP_PROTOCOLS = ("http/protobuf", "grpc")
OTLP_SIGNALS = ("traces", "logs", "metrics")


def _set_events(settings: Settings, key: str, value: Any, where: str) -> Settings:
    if key != "disabled":
        raise SettingsError(f"{where} is not a setting. Known are: disabled.")
    names = cast("list[Any]", _typed(value, list, "a list of event names", where))
    return replace(settings, disabled=tuple(str(name) for name in names))


def _set_redaction(settings: Settings, key: str, value: Any, _where: str) -> Settings:
    # What it may hold is known where it is used, which also says the line of a mistake.
    return replace(settings, redaction={**settings.redaction, key: value})


_SECTIONS: dict[str, Callable[[Settings, str, Any, str], Settings]] = {
    "journal": _set_journal,
    "cost": _set_cost,
    "events": _set_events,
    "redaction": _set_redaction,
    "otlp": _set_otlp,
}

RATE_KEYS = ("input", "cache_read", "cache_write", "cache_write_1h", "output")


def _rate(entry: dict[Any, Any], where: str) -> dict[str, float]:
    for key in entry:
        if key not in RATE_KEYS:
            raise SettingsError(f"{where}.{key} is not a rate. Known are: {', '.join(RATE_KEYS)} (per million tokens).")
    return {str(key): _positive(value, f"{where}.{key}", zero=True) for key, value in entry.items()}


def _positive(value: Any, where: str, *, zero: bool = False) -> float:
    wanted = "zero or a positive number" if zero else "a positive number"
    if isinstance(value, bool) or not isinstance(value, int | float) or not (value > 0 or (zero and value == 0)):
        raise SettingsError(f"{where} must be {wanted}, not {value!r}")
    if value == float("inf"):
        raise SettingsError(f"{where} must be finite")
    return value


_T = TypeVar("_T")


def _table(value: Any, where: str) -> dict[str, Any]:
    return cast("dict[str, Any]", _typed(value, dict, "a table", where))


def _typed(value: Any, kind: type[_T], wanted: str, where: str) -> _T:
    if not isinstance(value, kind):
        raise SettingsError(f"{where} must be {wanted}, not {value!r}")
    return value


def _level(value: Any, where: str) -> Level:
    for level in LEVELS:
        if value == level:
            return level
    raise SettingsError(f"{where} must be one of {', '.join(LEVELS)}, not {value!r}")


LOG_LEVELS = ("off", "debug", "info", "warning", "error", "critical")


def _log_level(value: Any, where: str) -> str:
    if value not in LOG_LEVELS:
        raise SettingsError(f"{where} must be one of {', '.join(LOG_LEVELS)}, not {value!r}")
    return value


_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def _on(value: str, where: str) -> bool:
    word = value.lower()
    if word not in _TRUE | _FALSE:
        raise SettingsError(f"{where} must be on or off, not {value!r}")
    return word in _TRUE


def _from_environment(settings: Settings, env: Mapping[str, str]) -> Settings:
    if level := env.get("TACHOGRAPH_LEVEL"):
        settings = replace(settings, level=_level(level.lower(), "TACHOGRAPH_LEVEL"))
    if content := env.get("TACHOGRAPH_CONTENT"):
        settings = replace(settings, content=_on(content, "TACHOGRAPH_CONTENT"))
    if http := env.get("TACHOGRAPH_HTTP"):
        settings = replace(settings, http=_on(http, "TACHOGRAPH_HTTP"))
    if level := env.get("TACHOGRAPH_LOGGING"):
        settings = replace(settings, logging=_log_level(level.lower(), "TACHOGRAPH_LOGGING"))
    if directory := env.get("TACHOGRAPH_DIR"):
        settings = replace(settings, directory=directory)
    if name := env.get("TACHOGRAPH_NAME"):
        settings = replace(settings, name=name)
    return settings
