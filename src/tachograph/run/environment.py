"""What is handed to children of a run: the run, the settings, the trace and the start-up hook."""

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
"""What a Python in another environment needs to find ours: the tag of the ABI, then the folders."""

_HOOK = str(Path(__file__).resolve().parent.parent / "distro" / "hook")
_NEEDED = ("tachograph", *NAMES, "opentelemetry", "orjson")

# https://www.w3.org/TR/trace-context/#traceparent-header; a later version may carry more fields.
_TRACEPARENT = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace_id>[0-9a-f]{32})-(?!0{16})(?P<span_id>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?\Z"
)


class RunSpan(NamedTuple):
    """The span of a run as a whole: a child of the caller's that `TRACEPARENT` names, else the root of a trace."""

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
        found = _traceparent(environ.get("TRACEPARENT", ""))
        own = os.urandom(8).hex()
        if found is None:
            return cls(os.urandom(16).hex(), own, None, "01")
        return cls(found["trace_id"], own, found["span_id"], found["flags"])

    @property
    def sampled(self) -> bool:
        """Whether the caller wants the trace to be sent anywhere."""
        return bool(int(self.flags, 16) & 1)

    @property
    def traceparent(self) -> str:
        """What is handed on, https://www.w3.org/TR/trace-context/#traceparent-header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def recorded(
    environ: Mapping[str, str], run_id: str, run_dir: Path, settings: Settings, span: RunSpan
) -> dict[str, str]:
    """The environment of a command that is recorded.

    Parameters
    ----------
    environ
        The launcher's own.
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
        # It belongs to a parent that is not there.
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
    """The environment of a command that is not recorded: without a run, also where the launcher itself is in one."""
    handed = {name: value for name, value in environ.items() if name not in {ENV_RUN, ENV_RUN_DIR, ENV_LIBRARY}}
    handed[ENV_SETTINGS] = settings.to_json()
    if "PYTHONPATH" in handed:
        others = [entry for entry in handed["PYTHONPATH"].split(os.pathsep) if entry != _HOOK]
        handed["PYTHONPATH"] = os.pathsep.join(others)
        if not others:
            del handed["PYTHONPATH"]
    return handed


def _traceparent(value: str) -> re.Match[str] | None:
    """The parts of a value that names a span as W3C Trace Context says, None where it does not."""
    found = _TRACEPARENT.match(value)
    return None if found is None or (found["version"] == "00" and found["more"]) else found


def _abi_tag() -> str:
    # As in the hook, which may import nothing of ours.
    implementation = sys.implementation
    return "-".join(
        (implementation.cache_tag or "", getattr(sys, "abiflags", ""), getattr(implementation, "_multiarch", ""))
    )
