"""The Metrics API, if metrics are wanted: points go to the journal, whichever MeterProvider they come from.

Metrics cost a program something with every measurement, so nothing is done unless they are sent on or the environment
names an exporter of them. The SDK's part of it is not imported before somebody asks for a meter.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from tachograph.distro.provider_seat import Seat

if TYPE_CHECKING:
    from types import ModuleType

    from tachograph.distro.meter_provider import RecordingMeterProvider
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.recorder import ProcessRecorder
    from tachograph.recorder.metric_reader import JournalMetricReader

_logger = logging.getLogger("tachograph")


class Metrics(Seat):
    """The Metrics API of this process.

    Other threads wait while our provider is made: a measurement that is missed would make a wrong sum.

    Parameters
    ----------
    recorder
        Where the points go.
    spans
        Our provider of spans, whose resource metrics have as well.
    """

    _ours: RecordingMeterProvider | None

    def __init__(self, recorder: ProcessRecorder, spans: RecordingProvider) -> None:
        super().__init__("METER", "Metrics API", others_wait=True)
        self._recorder = recorder
        self._spans = spans
        self._reader: JournalMetricReader | None = None
        self._theirs: Any = None
        self._proxy: Any = None
        self._watches_forks = False

    def place(self) -> None:
        """Take the place of the API's proxy, or join the program's provider."""
        from opentelemetry.metrics import _internal

        self._proxy = _internal._PROXY_METER_PROVIDER  # pyright: ignore[reportPrivateUsage] - the API has no other way
        self.take(_internal)

    def after_fork(self) -> None:
        """In a forked child: nothing counted yet."""
        super().after_fork()
        if self._theirs is not None:
            # Their provider goes on with what the parent has counted; a reader that is new to it begins at 0.
            _unlock(self._theirs)
            if self._reader is not None:
                self._reader.abandon()
                self._theirs.remove_metric_reader(self._reader)
                self._reader = None
            self._join(self._theirs)
            return
        if self._ours is not None:
            self._ours.after_fork()
        if self._reader is not None:
            self._reader.after_fork()

    def close(self) -> None:
        """At the end of the process: write what was measured since the last time."""
        if self._reader is not None:
            self._reader.finish()
        if self._ours is not None:
            self._ours.close()

    def _new_stand_in(self, api: Any, proxy: Any) -> Any:
        provider = self.provider

        class WaitingMeterProvider(api._ProxyMeterProvider):
            """Brings our provider up for the first who asks it for anything."""

            def get_meter(self, *words: Any, **more: Any) -> Any:
                return provider().get_meter(*words, **more)

            def on_set_meter_provider(self, meter_provider: Any) -> None:
                api._ProxyMeterProvider.on_set_meter_provider(self, meter_provider)
                # Meters that the API's proxy has handed out.
                proxy.on_set_meter_provider(meter_provider)

            def __getattr__(self, name: str) -> Any:
                if name.startswith("__"):
                    raise AttributeError(name)
                return getattr(provider(), name)

        return WaitingMeterProvider()

    def _stand_by(self, module: ModuleType, proxy: Any) -> None:
        setattr(module, self._proxy_name, self._stand_in)
        if proxy._meters:
            # Somebody holds a meter that waits for a provider.
            self.provider()

    def _make(self) -> RecordingMeterProvider:
        from tachograph.distro.exporters import add_metric_exporters
        from tachograph.distro.meter_provider import RecordingMeterProvider
        from tachograph.distro.sealed_copies import SealedCopies

        recorder = self._recorder
        copies = SealedCopies(recorder.sealer)
        ours = RecordingMeterProvider(self._spans.resource, self._new_reader(), copies, recorder.fault)
        add_metric_exporters(ours, os.environ.get("OTEL_METRICS_EXPORTER", ""))
        return ours

    def _placed(self, provider: Any) -> None:
        self._stand_in.on_set_meter_provider(provider)

    def _no_op(self, api: Any) -> Any:
        return api.NoOpMeterProvider()

    def _meanwhile(self) -> Any:
        # For an exporter that measures itself.
        return self._proxy

    def _discard(self, ours: RecordingMeterProvider) -> None:
        ours.close()

    def _adopt(self, theirs: Any) -> None:
        if self._reader is not None:
            # What was measured until now, as ours.
            self._reader.finish()
        if self._ours is not None:
            self._ours.hand_over(theirs)
        self._join(theirs)

    def _join(self, theirs: Any) -> None:
        add: Any = getattr(theirs, "add_metric_reader", None)
        if add is None:
            _logger.debug("tachograph: %s takes no readers; its metrics are not recorded", theirs)
            return
        self._theirs = theirs
        add(self._new_reader(own_provider=True))

    def _new_reader(self, *, own_provider: bool = False) -> JournalMetricReader:
        from tachograph.recorder.metric_reader import JournalMetricReader

        reader = JournalMetricReader(self._recorder, os.environ, own_provider=own_provider)
        if not self._watches_forks and hasattr(os, "register_at_fork"):
            self._watches_forks = True
            os.register_at_fork(before=self._before_fork, after_in_parent=self._after_fork_in_parent)
        self._reader = reader
        reader.start()
        return reader

    def _before_fork(self) -> None:
        if self._reader is not None:
            self._reader.pause()

    def _after_fork_in_parent(self) -> None:
        if self._reader is not None:
            self._reader.start()


def _unlock(theirs: Any) -> None:
    """In a forked child: locks that another thread of the parent's may have held while it collected.

    The SDK leaves the one as it is and renews the other after us.
    """
    consumer: Any = getattr(theirs, "_measurement_consumer", None)
    if hasattr(consumer, "_lock"):
        consumer._lock = threading.Lock()
    kind: Any = theirs.__class__
    if hasattr(kind, "_all_metric_readers_lock"):
        kind._all_metric_readers_lock = threading.Lock()
