"""The sealer: the only way from a value of the program to a record."""

from __future__ import annotations

import sys
from functools import cache, partial
from typing import TYPE_CHECKING, cast

import orjson

from tachograph.redaction.environment import Known, adding, is_worth_knowing, secret_values
from tachograph.redaction.key import installation_key
from tachograph.redaction.marker import ERROR
from tachograph.redaction.policy import STRICT, Policy
from tachograph.redaction.scan import engine_loader
from tachograph.semconv import number_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sized

    from tachograph.redaction.scan.engine import Engine
    from tachograph.redaction.walk import Walk

REDACTED_ERROR = ERROR
"""Replaces a value that could not be redacted."""

# There is no `default`, so orjson refuses what it passes through: such values are walked, which calls none of their
# code.
_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_LIMIT = 65536
_NEWLINE = ord("\n")
_SHORT = 512
_MOST_CLEAN = 4096

_dumps = orjson.dumps


class Sealer:
    """Redacts values and texts.

    Parameters
    ----------
    key
        The key of the tags in the markers, see :func:`installation_key`.
    environ
        The environment whose secret-looking values are redacted wherever they appear; None for none.
    policy
        What is redacted besides the secrets; None for the defaults.
    """

    __slots__ = (
        "_clean",
        "_count",
        "_environ",
        "_exact",
        "_exempt",
        "_has_custom_rules",
        "_hit",
        "_key",
        "_known",
        "_leaves",
        "_new_walk",
        "_optional",
        "_policy",
        "_variables",
    )

    def __init__(self, key: bytes, environ: Mapping[str, str] | None = None, policy: Policy | None = None) -> None:
        self._environ: Mapping[str, str] = {} if environ is None else environ
        # The mapping inside `os.environ` has a length at a tenth of the cost.
        self._variables: Sized = getattr(environ, "_data", self._environ)
        self._key = key
        self._hit: Callable[[bytes], bool] = self._first_hit
        # Short values that are known to be clean: spans of one kind begin in the same way in each call.
        self._clean: set[bytes] = set()
        self._leaves: set[bytes] = set()
        self._exempt = number_keys()
        self._policy = Policy() if policy is None else policy
        self._optional = self._policy.optional
        self._has_custom_rules = self._policy.has_custom_rules
        self._known = Known()
        self._new_walk: Callable[..., Walk] | None = None
        self._count = -1
        self._exact: list[bytes] = []
        self._learn()

    def json(self, value: object, tally: dict[str, int], limit: int = _LIMIT) -> bytes:
        """Redact a value and dump it as compact JSON: one line of UTF-8 for any value.

        Never raises; what fails becomes ``[REDACTED:error]`` and is counted as ``error``.

        Parameters
        ----------
        value
            Anything. Objects that are not plain data become ``<module.Type>``; none of their code is called.
        tally
            Counts by kind of what was redacted; added to.
        limit
            Most characters a text keeps; it is cut after it was redacted.
        """
        try:
            body = _dumps(value, None, _OPTIONS)
            size = len(body)
            if size <= limit and not self._has_custom_rules:
                clean = self._clean
                if len(self._variables) != self._count:
                    self._learn()
                if size <= _SHORT and body in clean:
                    return body
                # A line break can only come from an `orjson.Fragment`, which is dumped unchanged.
                if not self._hit(body) and _NEWLINE not in body:
                    for secret in self._exact:
                        if body.find(secret) >= 0:
                            break
                    else:
                        if size <= _SHORT:
                            if len(clean) >= _MOST_CLEAN:
                                clean.clear()
                            clean.add(body)
                        return body
            elif not (
                self._has_custom_rules or self._hit(body) or _NEWLINE in body or any(s in body for s in self._exact)
            ):
                # It is clean; only some of its texts may be too long.
                return _dumps(self._walk(tally, limit, is_clean=True).value(value))
        except Exception:  # noqa: S110 (whatever it was, the walk handles it)
            pass
        return self._long_way(value, tally, limit)

    def know(self, value: object) -> None:
        """Redact a value wherever it appears from now on. Never raises.

        Parameters
        ----------
        value
            A secret. It is ignored if it is not text, is shorter than eight characters or looks like words, as
            placeholders do: it would match everywhere.
        """
        try:
            if not issubclass(type(value), str):
                return
            # The method is the base type's, so that nothing a subclass overrides is called.
            secret = str.encode(cast("str", value), "utf-8", "surrogateescape")
            if is_worth_knowing(secret):
                with adding():
                    if self._known.add(secret, "client-key", passing=True):
                        self._keep_exact()
        except Exception:  # noqa: S110 (the rules are applied all the same)
            pass

    def _learn(self) -> None:
        """Read the secrets of the environment. Called again if the number of variables changes: programs load files."""
        count = len(self._variables)
        with adding():
            for _, value in secret_values(dict(self._environ)):
                self._known.add(value, "environment")
            self._keep_exact()
        self._count = count

    def _keep_exact(self) -> None:
        # As they are written in the JSON of a text.
        written = {_dumps(form.decode("utf-8", "replace"))[1:-1] for form in self._known.forms}
        self._clean.clear()
        self._leaves.clear()
        self._exact = sorted(written)

    def _first_hit(self, body: bytes) -> bool:
        """Load the engine with the first value: a process that records nothing does not need it."""
        engine, is_final = engine_loader.engine(optional=self._optional)
        if is_final:
            self._hit = engine.hit
        return engine.hit(body)

    def _walk(self, tally: dict[str, int], limit: int, *, is_clean: bool = False) -> Walk:
        if self._new_walk is None:
            self._new_walk = self._walks()
        return self._new_walk(tally, limit, clean=None if is_clean else self._leaves)

    def _walks(self) -> Callable[..., Walk]:
        # The rules are imported after the first hit.
        from tachograph.redaction.text import TextRedactor
        from tachograph.redaction.walk import Walk

        redact = TextRedactor(self._key, self._engine, self._policy, self._known)
        return partial(Walk, redact, self._key, self._exempt, self._policy)

    def _engine(self) -> Engine:
        return engine_loader.engine(optional=self._optional)[0]

    def text(self, value: str, tally: dict[str, int]) -> str:
        """Redact a text. Never raises.

        Parameters
        ----------
        value
            The text.
        tally
            Counts by kind of what was redacted; added to.
        """
        try:
            sealed = self._walk(tally, sys.maxsize).value(value)
        except Exception:
            tally["error"] = tally.get("error", 0) + 1
            return ERROR
        return sealed if type(sealed) is str else ERROR

    def _long_way(self, value: object, tally: dict[str, int], limit: int) -> bytes:
        try:
            counts: dict[str, int] = {}
            body = _dumps(self._walk(counts, limit).value(value))
        except Exception:
            tally["error"] = tally.get("error", 0) + 1
            return (
                b'{"%b":"%b"}' % (ERROR.encode(), ERROR.encode()) if type(value) is dict else b'"%b"' % ERROR.encode()
            )
        for kind, count in counts.items():
            tally[kind] = tally.get(kind, 0) + count
        return body


@cache
def _default() -> Sealer:
    return Sealer(installation_key(), None, STRICT)


def redact_text(text: str) -> str:
    """Redact a text, with all kinds of personal data, and tag secrets with the installation's key.

    Parameters
    ----------
    text
        The text.
    """
    return _default().text(text, {})
