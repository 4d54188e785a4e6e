"""A MeterProvider whose points go to the journal, and as redacted copies to the readers the program adds."""

from __future__ import annotations

import math
import os
import threading
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import metrics as api
from opentelemetry.metrics import NoOpMeterProvider, Observation
from opentelemetry.sdk import metrics as sdk
from opentelemetry.sdk.metrics._internal.measurement_consumer import SynchronousMeasurementConsumer
from opentelemetry.sdk.metrics._internal.metric_reader_storage import MetricReaderStorage
from opentelemetry.sdk.resources import Resource

from tachograph.semconv import general

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.metrics import CallbackOptions
    from opentelemetry.sdk.metrics._internal.measurement import Measurement
    from opentelemetry.sdk.metrics.export import MetricReader, MetricsData
    from opentelemetry.util.types import Attributes

    from tachograph.distro.sealed_copies import SealedCopies

_SYNCHRONOUS: tuple[tuple[Any, str, str], ...] = (
    (api.Counter, "create_counter", "add"),
    (api.UpDownCounter, "create_up_down_counter", "add"),
    (api.Histogram, "create_histogram", "record"),
    (api._Gauge, "create_gauge", "set"),
)
_OBSERVABLE: tuple[tuple[Any, str], ...] = (
    (api.ObservableCounter, "create_observable_counter"),
    (api.ObservableUpDownCounter, "create_observable_up_down_counter"),
    (api.ObservableGauge, "create_observable_gauge"),
)
_LAST_MS = 2_000
"""The longest time that the end of a process waits for callbacks of the program and for exporters, in ms."""


class _Consumer(SynchronousMeasurementConsumer):
    """Takes the measurements of all instruments; the one place from which they can be passed to another provider."""

    def __init__(self, config: Any, journal: MetricReader, copies: SealedCopies, fault: Callable[[], None]) -> None:
        super().__init__(config, ())  # pyright: ignore[reportUnknownMemberType] - the SDK's own is untyped
        self._config = config
        self._journal = journal
        self._copies = copies
        self._fault = fault
        self.successor: api.MeterProvider | None = None
        self._followers: dict[Any, Callable[..., None]] = {}

    def consume_measurement(self, measurement: Measurement) -> None:
        """See the SDK."""
        try:
            if self.successor is None:
                super().consume_measurement(measurement)
                return
            follow = self._followers.get(measurement.instrument) or self._follower(measurement.instrument)
        except Exception:
            # Attributes that no point can have.
            self._fault()
            return
        follow(measurement.value, measurement.attributes, measurement.context)

    def lost(self) -> None:
        """Count a measurement that cannot be recorded."""
        self._fault()

    def register_asynchronous_instrument(self, instrument: Any) -> None:
        """See the SDK."""
        if self.successor is None:
            super().register_asynchronous_instrument(instrument)
        else:
            self._observe(instrument)

    def collect(self, metric_reader: MetricReader, timeout_millis: float = 10_000) -> MetricsData | None:
        """What a reader gets: the journal's seals on its own, all others get copies."""
        data = super().collect(metric_reader, timeout_millis)
        return data if data is None or metric_reader is self._journal else self._copies.metrics(data)

    def after_fork(self) -> None:
        """In a forked child: what the parent has counted is the parent's."""
        self._lock = threading.Lock()
        self._reader_storages = {
            reader: MetricReaderStorage(
                self._config,
                cast("Any", reader)._instrument_class_temporality,
                cast("Any", reader)._instrument_class_aggregation,
                cast("Any", reader)._instrument_class_cardinality_limit,
            )
            for reader in self._reader_storages
        }

    def hand_over(self, to: api.MeterProvider) -> None:
        """Pass what is measured from here on to the provider that the program has set."""
        with self._lock:
            observed, self._async_instruments = self._async_instruments, []
            self.successor = to
        for instrument in observed:
            self._observe(instrument)

    def _meter(self, instrument: Any) -> api.Meter:
        scope = instrument.instrumentation_scope
        successor = cast("api.MeterProvider", self.successor)
        return successor.get_meter(scope.name, scope.version, scope.schema_url, scope.attributes)

    def _follower(self, instrument: Any) -> Callable[..., None]:
        meter: Any = self._meter(instrument)
        for kind, create, use in _SYNCHRONOUS:
            if isinstance(instrument, kind):
                bounds = getattr(getattr(instrument, "_advisory", None), "explicit_bucket_boundaries", None)
                more = {"explicit_bucket_boundaries_advisory": bounds} if bounds is not None else {}
                theirs = getattr(meter, create)(instrument.name, instrument.unit, instrument.description, **more)
                return self._followers.setdefault(instrument, getattr(theirs, use))
        raise TypeError(instrument)

    def _observe(self, instrument: Any) -> None:
        def callback(options: CallbackOptions) -> Iterable[Observation]:
            return [Observation(seen.value, seen.attributes, seen.context) for seen in instrument.callback(options)]

        for kind, create in _OBSERVABLE:
            if isinstance(instrument, kind):
                meter: Any = self._meter(instrument)
                getattr(meter, create)(instrument.name, [callback], instrument.unit, instrument.description)


def _careful(instrument: Any, use: Callable[..., None]) -> Callable[..., None]:
    """What takes any amount: the SDK's warns of some and raises for others."""
    consumer: _Consumer = instrument._measurement_consumer
    least = 0 if isinstance(instrument, api.Counter | api.Histogram) else -math.inf

    def measure(amount: Any, *words: Any, **more: Any) -> None:
        if consumer.successor is None:
            try:
                if not (math.isfinite(amount) and amount >= least):
                    return
            except Exception:
                consumer.lost()
                return
        use(amount, *words, **more)

    return measure


class RecordingMeter(sdk.Meter):
    """A meter that returns an instrument without effect if the SDK's would raise, as for a name it does not allow."""

    copies: SealedCopies

    def _create(self, create: str, *words: Any, **more: Any) -> Any:
        try:
            instrument: Any = getattr(super(), create)(*words, **more)
            name: str = words[0] if words else more["name"]
            if name != instrument.name and not self.copies.is_clean(name):
                # In the lower case that the SDK gives it, a secret would not be known for one.
                instrument.name = name
            for kind, _, use in _SYNCHRONOUS:
                if isinstance(instrument, kind):
                    setattr(instrument, use, _careful(instrument, getattr(instrument, use)))
        except Exception:
            return getattr(NoOpMeterProvider().get_meter(self.name), create)(*words, **more)
        return instrument

    def create_counter(self, *words: Any, **more: Any) -> api.Counter:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_counter", *words, **more)

    def create_up_down_counter(self, *words: Any, **more: Any) -> api.UpDownCounter:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_up_down_counter", *words, **more)

    def create_observable_counter(self, *words: Any, **more: Any) -> api.ObservableCounter:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_observable_counter", *words, **more)

    def create_histogram(self, *words: Any, **more: Any) -> api.Histogram:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_histogram", *words, **more)

    def create_gauge(self, *words: Any, **more: Any) -> api._Gauge:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_gauge", *words, **more)

    def create_observable_gauge(self, *words: Any, **more: Any) -> api.ObservableGauge:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_observable_gauge", *words, **more)

    def create_observable_up_down_counter(self, *words: Any, **more: Any) -> api.ObservableUpDownCounter:
        """See `opentelemetry.metrics.Meter`."""
        return self._create("create_observable_up_down_counter", *words, **more)


class RecordingMeterProvider(sdk.MeterProvider):
    """The MeterProvider for programs that set none, if metrics are wanted.

    Parameters
    ----------
    resource
        The resource of the process.
    journal
        The reader that writes to the journal.
    copies
        Makes what other readers get.
    fault
        Called when a measurement was lost to a fault.
    """

    def __init__(
        self, resource: Resource, journal: MetricReader, copies: SealedCopies, fault: Callable[[], None]
    ) -> None:
        # The order of things at exit is the distribution's. Exemplars hold attributes that views left out.
        super().__init__(resource=resource, exemplar_filter=sdk.AlwaysOffExemplarFilter(), shutdown_on_exit=False)
        self._copies = copies
        self._consumer = _Consumer(self._sdk_config, journal, copies, fault)
        self._measurement_consumer = self._consumer
        self.add_metric_reader(journal)

    def add_metric_reader(self, metric_reader: MetricReader) -> None:
        """See `opentelemetry.sdk.metrics.MeterProvider`."""
        super().add_metric_reader(metric_reader)
        # The SDK flushes and ends only those it was made with.
        self._metric_readers = (*self._metric_readers, metric_reader)

    def get_meter(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> api.Meter:
        """See `opentelemetry.metrics.MeterProvider`."""
        if self._consumer.successor is not None:
            return self._consumer.successor.get_meter(name, version, schema_url, attributes)
        meter = super().get_meter(name, version, schema_url, attributes)
        if type(meter) is sdk.Meter:
            ours: Any = meter
            ours.copies = self._copies
            ours.__class__ = RecordingMeter
        return meter

    def close(self) -> None:
        """End all readers, unless the program has done so."""
        if not self._shutdown:
            self.shutdown(timeout_millis=_LAST_MS)

    def _handle_fork(self) -> None:
        """In a forked child; in place of the SDK's, which starts threads there."""

    def after_fork(self) -> None:
        """In a forked child: a new process id, and nothing counted yet."""
        # Another thread of the parent's may have held them.
        self._lock = threading.Lock()
        self._meter_lock = threading.Lock()
        sdk.MeterProvider._all_metric_readers_lock = threading.Lock()
        self._update_resource(Resource({general.PROCESS_PID: os.getpid()}))
        self._consumer.after_fork()

    def hand_over(self, to: api.MeterProvider) -> None:
        """Let instruments that were handed out already measure for a provider the program has set since."""
        self._consumer.hand_over(to)
