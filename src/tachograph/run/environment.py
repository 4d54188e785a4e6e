"""The environment of a run's processes: the run, the settings, the trace and the start-up hook."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tachograph.run.plugin_table import NAMES
from tachograph.run.settings import ENV_RUN, ENV_RUN_DIR, ENV_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.run.settings import Settings

ENV_LIBRARY = "TACHOGRAPH_LIBRARY"
"""What a Python of another environment needs to import Tachograph: the tag of the ABI, then the folders."""

_HOOK = str(Path(__file__).resolve().parent.parent / "distro" / "hook")
_NEEDED = ("tachograph", *NAMES, "opentelemetry", "orjson")

# https://www.w3.org/TR/trace-context/#traceparent-header; a later version may carry more fields.
_TRACEPARENT = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace_id>[0-9a-f]{32})-(?!0{16})(?P<span_id>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?\Z"
)


class RunSpan(NamedTuple):
    """The span of a whole run: a child of the span that `TRACEPARENT` names, or the root of a new trace."""

    trace_id: str
    span_id: str
    parent_id: str | None
    flags: str

    @classmethod
    def below(cls, environ: Mapping[str, str]) -> RunSpan:
        """A new span.

        Parameters
        ----------
        environ
            The environment of the caller.
        """
        parent = _traceparent(environ.get("TRACEPARENT", ""))
        span_id = os.urandom(8).hex()
        if parent is None:
            return cls(os.urandom(16).hex(), span_id, None, "01")
        return cls(parent["trace_id"], span_id, parent["span_id"], parent["flags"])

    @property
    def sampled(self) -> bool:
        """Whether the caller wants the trace to be sent."""
        return bool(int(self.flags, 16) & 1)

    @property
    def traceparent(self) -> str:
        """The value for children, https://www.w3.org/TR/trace-context/#traceparent-header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def recorded(
    environ: Mapping[str, str], run_id: str, run_dir: Path, settings: Settings, span: RunSpan
) -> dict[str, str]:
    """The environment of a command that is recorded.

    Parameters
    ----------
    environ
        The environment of the launcher.
    run_id
        The run's UUID4.
    run_dir
        The run's folder, absolute.
    settings
        The settings of the run, resolved.
    span
        The span that what is recorded is a child of.
    """
    handed = {
        **environ,
        ENV_RUN: run_id,
        ENV_RUN_DIR: str(run_dir),
        ENV_SETTINGS: settings.to_json(),
        "TRACEPARENT": span.traceparent,
    }
    if span.parent_id is None:
        # It belongs to a parent that does not exist.
        handed.pop("TRACESTATE", None)
    return with_hook(handed)


def with_hook(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment whose Python processes load the start-up hook."""
    others = [entry for entry in environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != _HOOK]
    folders = [entry for entry in sys.path if any(os.path.exists(os.path.join(entry, name)) for name in _NEEDED)]  # noqa: PTH110, PTH118 - pathlib takes 10 times as long
    return {
        **environ,
        "PYTHONPATH": os.pathsep.join([_HOOK, *others]),
        ENV_LIBRARY: os.pathsep.join([_abi_tag(), *(os.path.abspath(folder) for folder in folders)]),  # noqa: PTH100
    }


def not_recorded(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment of a command that is not recorded: without a run, even if the launcher itself is in one."""
    handed = {name: value for name, value in environ.items() if name not in {ENV_RUN, ENV_RUN_DIR, ENV_LIBRARY}}
    handed[ENV_SETTINGS] = settings.to_json()
    if "PYTHONPATH" in handed:
        others = [entry for entry in handed["PYTHONPATH"].split(os.pathsep) if entry != _HOOK]
        handed["PYTHONPATH"] = os.pathsep.join(others)
        if not others:
            del handed["PYTHONPATH"]
    return handed


def _traceparent(value: str) -> re.Match[str] | None:
    """The parts of a `traceparent` as W3C Trace Context defines it, None if it is not one."""
    parts = _TRACEPARENT.match(value)
    return None if parts is None or (parts["version"] == "00" and parts["more"]) else parts


def _abi_tag() -> str:
    # The same as in the start-up hook, which may not import this module.
    implementation = sys.implementation
    return "-".join(
        (implementation.cache_tag or "", getattr(sys, "abiflags", ""), getattr(implementation, "_multiarch", ""))
    )
