"""The entry points of `opentelemetry-instrument`: distribution and configurator."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.distro import BaseDistro

from tachograph.distro.activation import activate, activation
from tachograph.distro.uncaught import watch
from tachograph.run.settings_loader import load_or_default

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_HTTPX = "opentelemetry.instrumentation.httpx:"


class TachographDistro(BaseDistro):
    """The distribution; nothing has to be set for it in the environment."""

    def _configure(self, **kwargs: Any) -> None:
        """Leave the environment as it is."""

    def load_instrumentor(self, entry_point: EntryPoint, **kwargs: Any) -> None:
        """Load an instrumentor, except that of HTTP clients if `http` is on: then ours loads it.

        Parameters
        ----------
        entry_point
            Where the instrumentor is.
        **kwargs
            Arguments of its `instrument`.
        """
        if entry_point.value.startswith(_HTTPX) and load_or_default().http:
            return
        BaseDistro.load_instrumentor(self, entry_point, **kwargs)  # pyright: ignore[reportUnknownMemberType]


class TachographConfigurator:
    """Brings recording up when an OpenTelemetry configurator would build the SDK."""

    def configure(self, **kwargs: Any) -> None:  # noqa: ARG002 - the caller's signature
        """Bring recording up; see :func:`tachograph.distro.activation.activate`.

        Parameters
        ----------
        **kwargs
            What `opentelemetry-instrument` passes (`auto_instrumentation_version`); not used.
        """
        # Our own command opens the run itself, for the command it is given.
        if any(Path(word).name == "tacho" for word in sys.orig_argv[1:2]):
            return
        if activate() is not None:
            watch()
            active = activation()
            if active is not None:
                active.traces.show()
