"""Reads and checks the values of settings: those of the configuration file and those of environment variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from tachograph.errors import SettingsError
from tachograph.run.config_file import read_table
from tachograph.run.settings import RATE_KEYS, Kind, Setting, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_T = TypeVar("_T")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def read_file(path: Path) -> dict[str, Any]:
    """The settings in a configuration file, by the names of the fields of `Settings`.

    Raises
    ------
    SettingsError
        When the file cannot be read, a key is not a setting, or a value cannot be used.
    """
    return dict(_read_table(read_table(path), "", str(path)))


def read_variables(texts: Mapping[str, str]) -> dict[str, Any]:
    """The settings in environment variables.

    Parameters
    ----------
    texts
        The values of the variables, by the names of the fields of `Settings`.

    Raises
    ------
    SettingsError
        When a value cannot be used.
    """
    return {name: _read_variable(declared()[name], text) for name, text in texts.items()}


def _read_variable(setting: Setting, text: str) -> Any:
    where = setting.variable or setting.key
    value: Any = text
    if setting.kind == "switch":
        word = text.lower()
        if word not in _TRUE | _FALSE:
            raise SettingsError(f"{where} must be on or off, not {text!r}")
        value = word in _TRUE
    elif setting.kind == "word":
        value = text.lower()
    return _CHECKS[setting.kind](value, where, setting)


def _read_table(table: Mapping[str, Any], prefix: str, file: str) -> Iterable[tuple[str, Any]]:
    settings = {setting.key: (name, setting) for name, setting in declared().items()}
    for key, value in table.items():
        full = f"{prefix}{key}"
        where = f"{file}: {full}"
        if full in settings:
            name, setting = settings[full]
            yield name, _CHECKS[setting.kind](value, where, setting)
        elif any(known.startswith(f"{full}.") for known in settings):
            yield from _read_table(_as_table(value, where), f"{full}.", file)
        else:
            raise SettingsError(f"{where} is not a setting. {_hint(full, prefix, list(settings))}")


def _hint(unknown: str, prefix: str, keys: list[str]) -> str:
    """The key that was probably meant; all that this table may have if none is similar."""
    import difflib

    here = dict.fromkeys(key.removeprefix(prefix).partition(".")[0] for key in keys if key.startswith(prefix))
    shown = {name: f"{prefix}{name}" if f"{prefix}{name}" in keys else f"[{prefix}{name}]" for name in here}
    near = [shown[name] for name in difflib.get_close_matches(unknown.removeprefix(prefix), here, n=1)]
    if not near:
        # The name may be right and its table wrong.
        last = {key.rpartition(".")[2]: key for key in keys}
        near = [last[name] for name in difflib.get_close_matches(unknown.rpartition(".")[2], last, n=1, cutoff=0.8)]
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known are: {', '.join(text.removeprefix(prefix) for text in shown.values())}."


def _switch(value: Any, where: str, _: Setting) -> bool:
    return _typed(value, bool, "true or false", where)


def _word(value: Any, where: str, setting: Setting) -> str:
    for word in setting.allowed:
        if value == word:
            return word
    raise SettingsError(f"{where} must be one of {', '.join(setting.allowed)}, not {value!r}")


def _words(value: Any, where: str, setting: Setting) -> tuple[str, ...]:
    wanted = f"a list of {', '.join(setting.allowed)}"
    words = cast("list[Any]", _typed(value, list, wanted, where))
    for word in words:
        if word not in setting.allowed:
            raise SettingsError(f"{where} must be {wanted}, not {word!r}")
    return tuple(words)


def _path(value: Any, where: str, _: Setting) -> str:
    return _typed(value, str, "a path", where)


def _text(value: Any, where: str, _: Setting) -> str:
    return _typed(value, str, "text", where)


def _texts(value: Any, where: str, _: Setting) -> dict[str, str]:
    return {name: _typed(text, str, "text", f"{where}.{name}") for name, text in _as_table(value, where).items()}


def _names(value: Any, where: str, _: Setting) -> tuple[str, ...]:
    return tuple(str(name) for name in cast("list[Any]", _typed(value, list, "a list of names", where)))


def _url(value: Any, where: str, _: Setting) -> str:
    url = _typed(value, str, "a URL", where)
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"{where} must be a URL such as http://localhost:4318, not {url!r}")
    return url


def _size(value: Any, where: str, _: Setting) -> float:
    return _number(value, where)


def _count(value: Any, where: str, _: Setting) -> int:
    number = _number(value, where)
    if number != int(number):
        raise SettingsError(f"{where} must be a whole number, not {value!r}")
    return int(number)


def _seconds(value: Any, where: str, _: Setting) -> float:
    return _number(value, where, zero=True)


def _currency(value: Any, where: str, _: Setting) -> str:
    currency = _typed(value, str, "an ISO 4217 code such as USD", where).upper()
    if len(currency) != 3 or not currency.isalpha():
        raise SettingsError(f"{where} must be an ISO 4217 code such as USD, not {value!r}")
    return currency


def _rates(value: Any, where: str, _: Setting) -> dict[str, dict[str, float]]:
    return {
        str(model): _rate(_as_table(entry, f"{where}.{model}"), f"{where}.{model}")
        for model, entry in _as_table(value, where).items()
    }


def _rate(entry: dict[str, Any], where: str) -> dict[str, float]:
    for key in entry:
        if key not in RATE_KEYS:
            raise SettingsError(f"{where}.{key} is not a rate. Known are: {', '.join(RATE_KEYS)} (per million tokens).")
    return {str(key): _number(value, f"{where}.{key}", zero=True) for key, value in entry.items()}


def _free_table(value: Any, where: str, _: Setting) -> dict[str, Any]:
    # Its content is checked where it is used, which also knows the line of a mistake.
    return _as_table(value, where)


_CHECKS: dict[Kind, Callable[[Any, str, Setting], Any]] = {
    "switch": _switch,
    "word": _word,
    "words": _words,
    "path": _path,
    "text": _text,
    "texts": _texts,
    "names": _names,
    "url": _url,
    "size": _size,
    "count": _count,
    "seconds": _seconds,
    "currency": _currency,
    "rates": _rates,
    "table": _free_table,
}
"""The check of each kind of setting: raises `SettingsError` or returns the value to use."""


def _number(value: Any, where: str, *, zero: bool = False) -> float:
    wanted = "zero or a positive number" if zero else "a positive number"
    if isinstance(value, bool) or not isinstance(value, int | float) or not (value > 0 or (zero and value == 0)):
        raise SettingsError(f"{where} must be {wanted}, not {value!r}")
    if value == float("inf"):
        raise SettingsError(f"{where} must be finite")
    return value


def _as_table(value: Any, where: str) -> dict[str, Any]:
    return cast("dict[str, Any]", _typed(value, dict, "a table", where))


def _typed(value: Any, kind: type[_T], wanted: str, where: str) -> _T:
    if not isinstance(value, kind):
        raise SettingsError(f"{where} must be {wanted}, not {value!r}")
    return value
