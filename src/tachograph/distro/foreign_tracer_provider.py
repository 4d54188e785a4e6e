"""The Tracing API: spans go to the journal, whichever TracerProvider they come from."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from tachograph.distro.provider_seat import Seat
from tachograph.runtime.context import expect_provider

if TYPE_CHECKING:
    from types import ModuleType

    from opentelemetry.util.types import Attributes

    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.recorder import JournalSpanProcessor

_logger = logging.getLogger("tachograph")

_LENT = frozenset({"add_span_processor", "force_flush", "shutdown"})
"""What a placeholder has besides the API's own. Tools would use anything else, such as a `resource`."""


class Placeholder(trace.ProxyTracerProvider):
    """What a program finds that has set no provider: ours, in the shape of the API's proxy.

    Tools look for a provider. If there is none they make their own, with their resource and their processor; of a
    provider they find they become a part, and what they send would have our name and join our traces.

    Parameters
    ----------
    provider
        Our provider. Programs can add processors to it and flush them.
    """

    def __init__(self, provider: RecordingProvider) -> None:
        self._provider = provider

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> trace.Tracer:
        """See `opentelemetry.trace.TracerProvider`."""
        return self._provider.get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )

    def __getattr__(self, name: str) -> Any:
        if name not in _LENT:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._provider, name)


class Traces(Seat):
    """The Tracing API of this process. Our provider is there from the start.

    Parameters
    ----------
    ours
        Our provider.
    processor
        Writes the journal.
    """

    def __init__(self, ours: RecordingProvider, processor: JournalSpanProcessor) -> None:
        super().__init__("TRACER", "Tracing API", others_wait=True)
        self.ours = ours
        self._processor = processor

    def place(self) -> None:
        """Take the place of the API's proxy, or join the program's provider."""
        # Sets the provider that `OTEL_PYTHON_TRACER_PROVIDER` names.
        trace.get_tracer_provider()
        self.take(trace)

    def show(self) -> None:
        """Let the program find our provider as it is: whoever starts it is expected to have set one."""
        if isinstance(getattr(self._api, self._provider_name, None), Placeholder):
            setattr(self._api, self._provider_name, self.ours)
            expect_provider(self.ours)

    def after_fork(self) -> None:
        """In a forked child: new ids and a new process id."""
        super().after_fork()
        self.ours.after_fork()

    def close(self) -> None:
        """At the end of the process: let processors that the program has added send what they hold."""
        self.ours.shutdown()

    def _new_stand_in(self, api: Any, proxy: Any) -> Any:  # noqa: ARG002 - see the base class
        return Placeholder(self.ours)

    def _stand_by(self, module: ModuleType, proxy: Any) -> None:  # noqa: ARG002 - see the base class
        self.provider()

    def _make(self) -> RecordingProvider:
        names = os.environ.get("OTEL_TRACES_EXPORTER")
        if names and names not in ("otlp", "none"):
            from tachograph.distro.exporters import add_exporters

            add_exporters(self.ours, names)
        return self.ours

    def _placed(self, provider: Any) -> None:  # noqa: ARG002 - see the base class
        expect_provider(self._stand_in)

    def _no_op(self, api: Any) -> Any:
        return api.NoOpTracerProvider()

    def _meanwhile(self) -> Any:
        return self.ours

    def _discard(self, ours: Any) -> None:
        """Nothing to end: our spans still come from it."""

    def _adopt(self, theirs: Any) -> None:
        """Add the journal to the program's provider and let our tracers use it, so that its exporters see our spans."""
        add: Any = getattr(theirs, "add_span_processor", None)
        if add is None:
            _logger.debug("tachograph: %s takes no span processors; only our spans are recorded", theirs)
            return
        add(self._processor)
        self._processor.own_provider()
        self.ours.hand_over(theirs)
