"""What a program measures through the Metrics API is in the journal, sealed, and goes on as it was measured."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.otlp.test_logs_api import SECRET, START, launched, recorded
from tests.receiver import attributes

from tachograph.sending.sender_process import is_sending

if TYPE_CHECKING:
    from tests.receiver import Receiver

    from integration.otlp.conftest import Sending

MEASURE = f"""
from opentelemetry import metrics
meter = metrics.get_meter("shop", "1.2", schema_url="https://opentelemetry.io/schemas/1.37.0")
sold = meter.create_counter("sold", "{{item}}", "Items sold.")
sold.add(2, {{"kind": "apple", "by": "{SECRET}"}})
sold.add(3, {{"kind": "apple", "by": "{SECRET}"}})
sold.add(1, {{"kind": "pear"}})
meter.create_up_down_counter("stock").add(-4)
meter.create_histogram("wait", "s", explicit_bucket_boundaries_advisory=[1, 2]).record(1.5)
meter.create_gauge("level").set(0.5)
meter.create_observable_counter("seen", [lambda options: [metrics.Observation(7, {{"a": True}})]])
print("done")
"""
ON = {"OTEL_METRICS_EXPORTER": "otlp"}


def measured(receiver: Receiver) -> dict[str, list[dict[str, Any]]]:
    """The points it took, by the name of their metric, in the order they came."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, message in receiver.taken:
        if path != "/v1/metrics":
            continue
        for group in message.resource_metrics:
            for scope in group.scope_metrics:
                for metric in scope.metrics:
                    found.setdefault(metric.name, []).extend(points(metric, group, scope))
    return found


def points(metric: Any, group: Any, scope: Any) -> list[dict[str, Any]]:
    """The points of a metric as plain values."""
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    told: list[dict[str, Any]] = []
    for point in data.data_points:
        if kind in {"sum", "gauge"}:
            value: Any = getattr(point, point.WhichOneof("value"))
        else:
            counts = point.bucket_counts if kind == "histogram" else point.positive.bucket_counts
            value = (point.count, point.sum, point.min, point.max, list(counts))
        told.append(
            {
                "kind": kind,
                "unit": metric.unit,
                "temporality": getattr(data, "aggregation_temporality", None),
                "monotonic": getattr(data, "is_monotonic", None),
                "attributes": attributes(point),
                "value": value,
                "times": (point.start_time_unix_nano, point.time_unix_nano),
                "scope": (scope.scope.name, scope.scope.version, scope.schema_url),
                "pid": attributes(group.resource)["process.pid"],
            }
        )
    return told


def values(receiver: Receiver) -> dict[str, list[Any]]:
    """The values it took, by the name of their metric."""
    return {name: [point["value"] for point in found] for name, found in measured(receiver).items()}


@pytest.mark.parametrize("way", ["tacho run", "opentelemetry-instrument"])
def test_points_arrive_as_they_were_measured(sending: Sending, receiver: Receiver, way: str) -> None:
    before_ns = time.time_ns()
    done = launched(sending, way, MEASURE, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)

    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    found = measured(receiver)
    sealed = recorded(sending, "metric")[0]["point_attributes"][0]["by"]
    assert sealed.startswith("[REDACTED:github-token:")
    told = {
        name: [(p["kind"], p["temporality"], p["monotonic"], p["attributes"], p["value"]) for p in points]
        for name, points in found.items()
    }
    assert told == {
        "sold": [
            ("sum", 2, True, {"kind": "apple", "by": sealed}, 5),
            ("sum", 2, True, {"kind": "pear"}, 1),
        ],
        "stock": [("sum", 2, False, {}, -4)],
        "wait": [("histogram", 2, None, {}, (1, 1.5, 1.5, 1.5, [0, 1, 0]))],
        "level": [("gauge", None, None, {}, 0.5)],
        "seen": [("sum", 2, True, {"a": True}, 7)],
    }
    for point in (point for points in found.values() for point in points):
        assert point["scope"] == ("shop", "1.2", "https://opentelemetry.io/schemas/1.37.0")
        start_ns, time_ns = point["times"]
        assert (before_ns < start_ns <= time_ns < time.time_ns()) or point["kind"] == "gauge"
    assert found["sold"][0]["unit"] == "{item}"
    assert SECRET.encode() not in receiver.wire
    report = json.loads(sending.tacho("show", "--json").stdout)
    assert [(sent["signal"], sent["sent"], sent["failure"]) for sent in report["sent"]][-1] == ("metrics", 5, None)


def test_where_nobody_wants_metrics_there_is_no_provider(sending: Sending, receiver: Receiver) -> None:
    program = MEASURE + "import sys; print('opentelemetry.sdk.metrics' in sys.modules)"
    done = launched(sending, "tacho run", program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (done.stdout, done.stderr, recorded(sending, "metric")) == ("done\nFalse\n", "", [])


def test_nothing_of_logs_and_metrics_is_imported_before_it_is_used(sending: Sending, receiver: Receiver) -> None:
    program = """
import sys
from opentelemetry import trace
trace.get_tracer("t").start_span("s").end()
print([name for name in sys.modules if "._logs" in name or "sdk.metrics" in name])
import threading; print(threading.active_count())
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_LOGS_EXPORTER": "otlp", **ON}
    assert launched(sending, "tacho run", program, **env).stdout == "[]\n1\n"


def test_the_sdk_that_is_disabled_records_nothing(sending: Sending, receiver: Receiver) -> None:
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_SDK_DISABLED": "true", **ON}
    done = launched(sending, "tacho run", MEASURE, **env)
    assert (done.stdout, done.stderr, receiver.asked, recorded(sending, "metric")) == ("done\n", "", [], [])


def test_they_are_sent_later_once(sending: Sending, receiver: Receiver) -> None:
    launched(sending, "tacho run", MEASURE, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", **ON)
    sending.wait_until(lambda: not is_sending(sending.run_dir()))
    for _ in range(2):
        done = sending.tacho("push", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
        assert (done.returncode, done.stderr) == (0, "")
    assert values(receiver)["sold"] == [5, 1]


def test_exponential_histograms_and_differences(sending: Sending, receiver: Receiver) -> None:
    program = """
import time
from opentelemetry import metrics
counter = metrics.get_meter("m").create_counter("c")
histogram = metrics.get_meter("m").create_histogram("h")
for number in range(3):
    counter.add(1)
    time.sleep(0.3)
histogram.record(4)
histogram.record(0)
"""
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "base2_exponential_bucket_histogram",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
        "OTEL_METRIC_EXPORT_INTERVAL": "100",
        **ON,
    }
    assert launched(sending, "tacho run", program, **env).stderr == ""
    assert sum(values(receiver)["c"]) == 3
    assert {point["temporality"] for points in measured(receiver).values() for point in points} == {1}
    (histogram,) = measured(receiver)["h"]
    assert (histogram["kind"], histogram["value"][:4]) == ("exponential_histogram", (2, 4.0, 0.0, 4.0))
    (record,) = [record for record in recorded(sending, "metric") if record["name"] == "h"]
    (point,) = record["points"]
    assert (point["zero_count"], point["positive"]["buckets"]) == (1, [1])


def test_what_was_written_before_a_kill_is_there_and_arrives(sending: Sending, receiver: Receiver) -> None:
    program = """
import os, signal, time
from opentelemetry import metrics
counter = metrics.get_meter("m").create_counter("c")
counter.add(5)
time.sleep(1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_METRIC_EXPORT_INTERVAL": "200", **ON}
    assert launched(sending, "tacho run", program, **env).returncode == -signal.SIGKILL
    kept = [record["points"][0]["value"] for record in recorded(sending, "metric")]
    assert (len(kept) >= 2, set(kept)) == (True, {5})
    sending.wait_until(lambda: len(values(receiver).get("c", [])) == len(kept))


def test_a_forked_child_begins_at_nothing(sending: Sending, receiver: Receiver) -> None:
    program = """
import os, threading
from opentelemetry import metrics
counter = metrics.get_meter("m").create_counter("c")
counter.add(5)
child = os.fork()
if child == 0:
    counter.add(2)
    raise SystemExit
os.waitpid(child, 0)
counter.add(1)
print(threading.active_count())
"""
    done = launched(sending, "tacho run", program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")
    found = measured(receiver)["c"]
    assert sorted(point["value"] for point in found) == [2, 6]
    assert len({point["pid"] for point in found}) == 2
    parent, child = sorted(found, key=lambda point: -point["value"])
    assert parent["times"][0] < child["times"][0]


def test_a_callback_that_hangs_does_not_keep_the_program(sending: Sending, receiver: Receiver) -> None:
    program = """
import time
from opentelemetry import metrics
meter = metrics.get_meter("m")
meter.create_counter("c").add(1)
meter.create_observable_gauge("g", [lambda options: time.sleep(60) or []])
"""
    began = time.monotonic()
    done = launched(sending, "tacho run", program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 15


def test_a_child_is_forked_while_the_programs_own_provider_collects(sending: Sending, receiver: Receiver) -> None:
    program = """
import os, threading, time
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
reader = InMemoryMetricReader()
metrics.set_meter_provider(MeterProvider([reader]))
inside = threading.Event()
def slow(options):
    inside.set()
    time.sleep(1)
    return []
metrics.get_meter("m").create_observable_gauge("g", [slow])
collecting = threading.Thread(target=reader.collect)
collecting.start()
inside.wait()
if not (pid := os.fork()):
    os._exit(7)
limit = time.monotonic() + 20
while not (ended := os.waitpid(pid, os.WNOHANG))[0] and time.monotonic() < limit:
    time.sleep(0.05)
print(os.waitstatus_to_exitcode(ended[1]) if ended[0] else "it hangs")
collecting.join()
"""
    done = launched(sending, "tacho run", program, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=f"{receiver.url}/v1/metrics")
    assert (done.returncode, done.stdout) == (0, "7\n")


def test_a_secret_in_the_name_of_the_programs_own_metric(sending: Sending, receiver: Receiver) -> None:
    program = """
import os
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
metrics.set_meter_provider(MeterProvider([InMemoryMetricReader()]))
metrics.get_meter("m").create_counter("calls." + os.environ["MY_API_KEY"]).add(1)
metrics.get_meter("m").create_counter("plain").add(1)
"""
    key = "ABCDEF0123456789ABCDEF0123456789"
    env = {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": f"{receiver.url}/v1/metrics", "MY_API_KEY": key}
    done = launched(sending, "tacho run", program, **env)

    assert (done.returncode, done.stderr) == (0, "")
    names = [record["name"] for record in recorded(sending, "metric")]
    assert [name.partition(":")[0] for name in names] == ["CALLS.[REDACTED", "plain"]
    assert key not in "".join(names).upper()


def test_what_a_program_measures_wrongly_does_no_harm(sending: Sending, receiver: Receiver) -> None:
    program = """
from opentelemetry import metrics
class Odd:
    def __repr__(self): raise ValueError
    __str__ = __repr__
meter = metrics.get_meter("m")
meter.create_counter("not a name").add(1)
counter = meter.create_counter("c")
counter.add(1, {"odd": [[1]]})
counter.add(10 ** 30, {"kind": "large"})
counter.add(-1)
counter.add(None)
counter.add("5")
meter.create_histogram("h").record(float("nan"))
counter.add(2)
print("done")
"""
    done = launched(sending, "tacho run", program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert "amount" not in done.stderr
    assert json.loads(sending.tacho("show", "--json").stdout)["outcome"]["status"] == "completed"


THEIRS = """
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
reader = InMemoryMetricReader()
provider = MeterProvider([reader])
metrics.set_meter_provider(provider)
assert metrics.get_meter_provider() is provider
"""
EARLY = """
from opentelemetry import metrics
early = metrics.get_meter("early")
counter, histogram = early.create_counter("c"), early.create_histogram("h", explicit_bucket_boundaries_advisory=[1])
seen = early.create_observable_gauge("g", [lambda options: [metrics.Observation(3)]])
counter.add(1)
"""
LATE = """
counter.add(10)
histogram.record(0.5)
early.create_up_down_counter("u").add(-1)
metrics.get_meter("late").create_counter("l").add(100)
data = reader.get_metrics_data().resource_metrics[0].scope_metrics
print({m.name: getattr(m.data.data_points[0], "value", None) for scope in data for m in scope.metrics})
"""


@pytest.mark.parametrize(
    ("program", "theirs", "sent"),
    [
        (THEIRS + START + EARLY + LATE, 11, {}),
        (START + THEIRS + EARLY + LATE, 11, {}),
        (START + EARLY + THEIRS + LATE, 10, {"c": [1], "g": [3]}),
        (EARLY + START + THEIRS + LATE, 10, {"g": [3]}),
    ],
    ids=["theirs first", "ours first", "ours in use", "API instruments before all"],
)
def test_a_meter_provider_of_the_programs_own_is_kept_and_recorded(
    sending: Sending, receiver: Receiver, program: str, theirs: int, sent: dict[str, list[int]]
) -> None:
    env = {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": f"{receiver.url}/v1/metrics"}
    done = launched(sending, "python", program, **env)

    assert (done.returncode, done.stderr) == (0, "")
    expected = {"c": theirs, "h": None, "u": -1, "l": 100, "g": 3}
    assert eval(done.stdout) == expected
    # What its readers get is not sent a second time, unless the settings say so.
    assert values(receiver) == sent
    own = [record for record in recorded(sending, "metric") if record.get("own_provider")]
    assert {record["name"]: record["points"][0].get("value") for record in own} == expected


@pytest.mark.parametrize("way", ["tacho run", "opentelemetry-instrument"])
def test_another_exporter_gets_redacted_copies(sending: Sending, way: str) -> None:
    program = MEASURE.replace('"shop", "1.2"', f'"{SECRET}", "1.2"').replace("Items sold.", SECRET)
    done = launched(sending, way, program, OTEL_METRICS_EXPORTER="console")
    assert (done.returncode, done.stderr) == (0, "")
    assert (SECRET in done.stdout, done.stdout.count("[REDACTED:github-token:")) == (False, 3)
    # They can be sent later all the same.
    assert len(recorded(sending, "metric")) == 5


def test_resource_detectors_and_what_a_sampler_drops(sending: Sending, receiver: Receiver) -> None:
    program = (
        MEASURE
        + """
from opentelemetry import trace
from opentelemetry._logs import get_logger
with trace.get_tracer("t").start_as_current_span("dropped"):
    get_logger("l").emit(body="said")
"""
    )
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_TRACES_SAMPLER": "always_off",
        "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS": "process",
        "OTEL_RESOURCE_ATTRIBUTES": "team=blue",
        "OTEL_LOGS_EXPORTER": "otlp",
        **ON,
    }
    done = launched(sending, "tacho run", program, **env)
    assert (done.returncode, done.stderr) == (0, "")
    resources = [
        attributes(group.resource)
        for path, message in receiver.taken
        if path != "/v1/traces"
        for group in (message.resource_logs if path == "/v1/logs" else message.resource_metrics)
    ]
    assert len(resources) == 2
    for resource in resources:
        assert (resource["team"], resource["process.runtime.name"]) == ("blue", "cpython")
    (record,) = [
        record
        for path, message in receiver.taken
        if path == "/v1/logs"
        for record in message.resource_logs[0].scope_logs[0].log_records
    ]
    (span,) = sending.ended()
    assert (record.span_id.hex(), record.flags, span["sampled"]) == (span["span_id"], 0, False)
    assert [span["name"] for span in receiver.spans()] == ["program.py"]


def test_the_end_of_a_program_waits_for_nothing(sending: Sending, receiver: Receiver) -> None:
    program = "import time\n" + START + MEASURE + "print(time.time())"
    done = launched(sending, "python", program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
    assert time.time() - float(done.stdout.split()[-1]) < 3
    assert (done.stderr, values(receiver)["sold"]) == ("", [5, 1])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_of_multiprocessing(sending: Sending, receiver: Receiver, method: str) -> None:
    program = f"""
import multiprocessing
from opentelemetry import metrics
from opentelemetry._logs import get_logger
def work():
    metrics.get_meter("m").create_counter("c").add(2)
    get_logger("l").emit(body="in a child")
if __name__ == "__main__":
    metrics.get_meter("m").create_counter("c").add(1)
    child = multiprocessing.get_context("{method}").Process(target=work)
    child.start()
    child.join()
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, **ON}
    done = launched(sending, "tacho run", program, **env)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(values(receiver)["c"]) == [1, 2]
    (said,) = recorded(sending, "event")
    (child,) = [r for r in recorded(sending, "metric") if r["points"][0]["value"] == 2]
    assert (said["body"], said["pid"]) == ("in a child", child["pid"])
