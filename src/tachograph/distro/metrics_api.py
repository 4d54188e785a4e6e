"""The Metrics API, where metrics are wanted: points go to the journal, whoever's MeterProvider they come from.

Metrics cost a program something with every measurement, so nothing is done unless they are sent on or the environment
names an exporter of them. The SDK's part of it is not imported before somebody asks for a meter.
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tachograph.distro.activation import Activation
    from tachograph.distro.meter_provider import RecordingMeterProvider

_logger = logging.getLogger("tachograph")

_READER = "tachograph.recorder.metric_reader"
"""The part of the plug-in that writes metrics; by name, for the core imports no plug-in."""


def wanted(environ: Mapping[str, str], sent: Sequence[str]) -> bool:
    """Whether anybody wants metrics.

    Parameters
    ----------
    environ
        The environment.
    sent
        The signals that are sent on.
    """
    named = environ.get("OTEL_METRICS_EXPORTER", "")
    return "metrics" in sent or any(name.strip().lower() not in {"", "none", "otlp"} for name in named.split(","))


class Metrics:
    """The Metrics API of this process.

    Parameters
    ----------
    active
        What was brought up.
    """

    def __init__(self, active: Activation) -> None:
        from opentelemetry.metrics import _internal

        self._active = active
        self._lock = threading.RLock()
        self._api: Any = _internal
        self._reader: Any = None
        self._ours: RecordingMeterProvider | None = None
        self._theirs: Any = None
        self._before: Any = self._api._PROXY_METER_PROVIDER
        # What a program finds that has set no provider: no provider of the SDK's, so that it sets its own.
        self._stand: Any = None
        self._in_place: Any = None
        self._making = False
        self._watches_forks = False

    def place(self) -> None:
        """Take the place of the API's stand-in for a provider, or join the program's own."""
        from tachograph.distro.foreign_provider import ReplaceableOnce

        api = self._api
        if api._METER_PROVIDER is not None:
            self._adopt()
            return
        before = api._PROXY_METER_PROVIDER
        api._METER_PROVIDER_SET_ONCE = ReplaceableOnce(self._adopt_late)
        self._stand = api._PROXY_METER_PROVIDER = _stand_in(api, before, self.bring_up)
        if before._meters:
            # Somebody holds a meter that waits for a provider.
            self.bring_up()

    def bring_up(self) -> Any:
        """The provider that is in force: the program's own where it has set one, else ours."""
        api = self._api
        with self._lock:
            if api._METER_PROVIDER not in (None, self._stand):
                return api._METER_PROVIDER
            if self._in_place is not None:
                return self._in_place
            if self._making:
                # An exporter that measures itself.
                return self._before
            self._making = True
            try:
                made: Any = self._made()
            except Exception as error:
                _logger.warning("tachograph: what goes through the Metrics API is not recorded: %s", error)
                made = api.NoOpMeterProvider()
            finally:
                self._making = False
            with api._METER_PROVIDER_SET_ONCE._lock:
                # The program may have set its own in the meantime.
                if api._METER_PROVIDER is None:
                    self._in_place = made
                    api._METER_PROVIDER = self._stand
                    api._PROXY_METER_PROVIDER.on_set_meter_provider(made)
            if self._in_place is None and self._ours is not None:
                self._ours, ours = None, self._ours
                ours.close()
            return self._in_place or api._METER_PROVIDER

    def after_fork(self) -> None:
        """In a forked child: nothing counted yet."""
        # Another thread of the parent's may have held it.
        self._lock = threading.RLock()
        self._making = False
        if self._theirs is not None:
            # Their provider goes on with what the parent has counted; a reader that is new to it begins at 0.
            self._reader.abandon()
            _unlock(self._theirs)
            self._theirs.remove_metric_reader(self._reader)
            self._reader = None
            self._join()
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

    def _made(self) -> RecordingMeterProvider:
        from tachograph.distro.exporters import add_metric_exporters
        from tachograph.distro.meter_provider import RecordingMeterProvider
        from tachograph.distro.sealed_copies import SealedCopies

        recorder = self._active.recorder
        reader = self._new_reader()
        made = RecordingMeterProvider(
            self._active.provider.resource, reader, SealedCopies(recorder.sealer), recorder.fault
        )
        add_metric_exporters(made, os.environ.get("OTEL_METRICS_EXPORTER", ""))
        self._ours = made
        return made

    def _new_reader(self, *, own_provider: bool = False) -> Any:
        made = importlib.import_module(_READER).JournalMetricReader(
            self._active.recorder, os.environ, own_provider=own_provider
        )
        if not self._watches_forks and hasattr(os, "register_at_fork"):
            self._watches_forks = True
            os.register_at_fork(before=self._before_fork, after_in_parent=self._after_fork_in_parent)
        self._reader = made
        made.start()
        return made

    def _before_fork(self) -> None:
        if self._reader is not None:
            self._reader.pause()

    def _after_fork_in_parent(self) -> None:
        if self._reader is not None:
            self._reader.start()

    def _adopt_late(self) -> None:
        # Not while ours is being made.
        with self._lock:
            self._adopt()

    def _adopt(self) -> None:
        if self._reader is not None:
            # What was measured until now, as ours.
            self._reader.finish()
        self._theirs = self._api._METER_PROVIDER
        if self._ours is not None:
            self._ours.hand_over(self._theirs)
        self._join()

    def _join(self) -> None:
        add: Any = getattr(self._theirs, "add_metric_reader", None)
        if add is None:
            _logger.debug("tachograph: %s takes no readers; its metrics are not recorded", self._theirs)
            self._theirs = None
            return
        add(self._new_reader(own_provider=True))


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


def _stand_in(api: Any, before: Any, bring_up: Any) -> Any:
    """What the API gives out as long as no provider is set.

    Parameters
    ----------
    api
        The module.
    before
        The API's own; meters it has handed out are told of a provider as ever.
    bring_up
        Gives the provider in force.
    """

    class WaitingMeterProvider(api._ProxyMeterProvider):
        """Brings the provider up for the first that asks it for anything."""

        def get_meter(self, *words: Any, **more: Any) -> Any:
            return bring_up().get_meter(*words, **more)

        def on_set_meter_provider(self, meter_provider: Any) -> None:
            api._ProxyMeterProvider.on_set_meter_provider(self, meter_provider)
            before.on_set_meter_provider(meter_provider)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return getattr(bring_up(), name)

    return WaitingMeterProvider()
