"""The provider: the SDK's behaviour, recorded whatever the sampler says."""

from __future__ import annotations

import os
import random
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest
from opentelemetry import context, trace
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import export, sampling
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from tachograph.distro.sealed_processors import SealedProcessors
from tachograph.distro.tracer_provider import RecordingProvider
from tachograph.redaction import Sealer

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.util.types import AttributeValue
    from tests.conftest import Recording

LINKED = SpanContext(0xABC, 0xDEF, is_remote=True, trace_flags=TraceFlags(1))


class Silent(sdk.SpanProcessor):
    """Stands where the journal would be."""


def ours(exporter: InMemorySpanExporter, parent: SpanContext | None = None) -> RecordingProvider:
    provider = RecordingProvider(
        Resource({"service.name": "s"}), SealedProcessors(Silent(), Sealer(bytes(32), {})), parent
    )
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    return provider


def theirs(exporter: InMemorySpanExporter) -> sdk.TracerProvider:
    provider = sdk.TracerProvider(resource=Resource({"service.name": "s"}), shutdown_on_exit=False)
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    return provider


def plain(tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span(
        "outer", kind=SpanKind.SERVER, attributes={"a": 1, "b": [1, 2], "c": "x"}
    ) as span:
        span.set_attribute("a", 2)
        span.set_attributes({"d": True, "e": 1.5, "nested": {"k": ["v", None]}})
        span.add_event("happened", {"why": "so"}, timestamp=5)
        span.add_link(LINKED, {"l": 1})
        span.update_name("renamed")
        with tracer.start_as_current_span("inner", links=[Link(LINKED)]):
            pass


def failing(tracer: trace.Tracer) -> None:
    with pytest.raises(ValueError, match="bad"), tracer.start_as_current_span("failing"):
        raise ValueError("bad")


def unusual(tracer: trace.Tracer) -> None:
    span: Any = tracer.start_span("unusual", start_time=10)
    span.set_attribute("", "empty key")
    span.set_attribute(7, "number as key")
    span.set_attribute("object", object())
    span.set_attribute("mixed", [1, "a"])
    span.set_attribute("bytes", b"\xff")
    span.set_attribute("surrogate", "\ud800")
    for n in range(200):
        span.set_attribute(f"many{n}", n)
    span.set_attribute("many0", "again")
    for n in range(200):
        span.add_event(f"event{n}", timestamp=n)
    span.set_status(Status(StatusCode.OK))
    span.set_status(Status(StatusCode.ERROR, "too late"))
    span.end(end_time=20)
    span.end(end_time=30)
    span.set_attribute("late", 1)
    span.add_event("late")
    span.update_name("late")
    assert not span.is_recording()


def context_of(span: sdk.ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


def plain_json(value: Any) -> Any:
    """Tuples as lists: a sealed copy has been JSON."""
    if isinstance(value, dict):
        return {k: plain_json(v) for k, v in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in cast("list[Any]", value)]
    return value


def exported(exporter: InMemorySpanExporter) -> list[dict[str, Any]]:
    spans = exporter.get_finished_spans()
    names = {context_of(span).span_id: span.name for span in spans}
    return [
        {
            "name": span.name,
            "kind": span.kind,
            "parent": names.get(span.parent.span_id) if span.parent else None,
            "flags": context_of(span).trace_flags,
            "attributes": plain_json(dict(span.attributes or {})),
            "events": [
                (e.name, {k: v for k, v in (e.attributes or {}).items() if k != "exception.stacktrace"})
                for e in span.events
            ],
            "links": [(link.context.span_id, dict(link.attributes or {})) for link in span.links],
            "status": (span.status.status_code, span.status.description),
            "scope": span.instrumentation_scope.name if span.instrumentation_scope else None,
            "resource": dict(span.resource.attributes),
        }
        for span in spans
    ]


@pytest.mark.parametrize("use", [plain, failing, unusual])
@pytest.mark.parametrize(
    "environ", [{}, {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "4"}, {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "3"}]
)
def test_spans_are_the_sdks(
    use: Callable[[trace.Tracer], None], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    seen: list[list[dict[str, Any]]] = []
    for provider in (ours, theirs):
        exporter = InMemorySpanExporter()
        use(provider(exporter).get_tracer("scope"))
        seen.append(exported(exporter))
    assert seen[0] == seen[1]
    assert seen[0] != []


def test_what_the_sampler_drops_is_recorded_and_not_exported(
    record_with: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tachograph.run import Settings

    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    recording = record_with(Settings())
    exporter = InMemorySpanExporter()
    recording.provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    with trace.get_tracer("scope").start_as_current_span("dropped", attributes={"a": 1}) as span:
        assert span.is_recording()
        assert not span.get_span_context().trace_flags.sampled
    assert exporter.get_finished_spans() == ()
    assert [(s["name"], s["attributes"]) for s in recording.spans()] == [("dropped", {"a": 1})]


def test_a_span_without_a_parent_is_a_child_of_the_callers() -> None:
    exporter = InMemorySpanExporter()
    caller = SpanContext(0x1234, 0x99, is_remote=True, trace_flags=TraceFlags(3))
    tracer = ours(exporter, caller).get_tracer("scope")
    with tracer.start_as_current_span("first"), tracer.start_as_current_span("second"):
        pass
    tracer.start_span("detached", context=context.Context()).end()
    assert [
        (s.name, context_of(s).trace_id, s.parent and s.parent.span_id == 0x99) for s in exporter.get_finished_spans()
    ] == [
        ("second", 0x1234, False),
        ("first", 0x1234, True),
        ("detached", 0x1234, True),
    ]


def test_processors_of_the_programs_own_get_sealed_copies() -> None:
    exporter = InMemorySpanExporter()
    secret = "ghp_" + "a1B2" * 9
    tracer = ours(exporter).get_tracer("scope")
    with tracer.start_as_current_span(f"name {secret}", attributes={"a": secret}) as span:
        span.add_event(secret, {"b": secret})
        span.add_link(LINKED, {"c": [secret]})
        span.record_exception(RuntimeError(secret))
        span.set_status(Status(StatusCode.ERROR, secret))
    [copy] = exporter.get_finished_spans()
    assert secret not in copy.to_json()
    assert "[REDACTED:github-token:" in copy.name
    assert copy.attributes is not None
    assert copy.attributes["a"] == copy.name.removeprefix("name ")


def test_the_programs_random_numbers_are_its_own() -> None:
    tracer = ours(InMemorySpanExporter()).get_tracer("scope")
    random.seed(7)
    before = [random.random() for _ in range(2)]
    random.seed(7)
    first = random.random()
    tracer.start_span("x").end()
    assert [first, random.random()] == before


def test_a_forked_child_has_ids_of_its_own_and_leaves_open_spans_to_the_parent(recording: Recording) -> None:
    tracer = trace.get_tracer("scope")
    with tracer.start_as_current_span("open"):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            recording.provider.after_fork()
            recording.recorder.after_fork(recording.provider.resource.attributes)
            current = trace.get_current_span()
            with tracer.start_as_current_span("in child"):
                pass
            current.end()
            os._exit(0)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)
        tracer.start_span("in parent").end()
    spans = recording.spans()
    by_name = {span["name"]: span for span in spans}
    assert sorted(span["name"] for span in spans) == ["in child", "in parent", "open"]
    assert {by_name[name]["parent_id"] for name in ("in child", "in parent")} == {by_name["open"]["span_id"]}
    assert len({span["span_id"] for span in spans}) == 3
    assert by_name["in child"]["pid"] == child


def test_many_threads(recording: Recording) -> None:
    tracer = trace.get_tracer("scope")

    def work(n: int) -> None:
        for i in range(50):
            with tracer.start_as_current_span(f"{n}.{i}"):
                pass

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = sorted(f"{n}.{i}" for n in range(8) for i in range(50))
    assert sorted(span["name"] for span in recording.spans()) == expected
    assert sorted(span["name"] for span in recording.records("span.start")) == expected


def test_a_span_is_in_the_journal_when_end_returns(recording: Recording) -> None:
    value: AttributeValue = "v"
    span = trace.get_tracer("scope").start_span("work", kind=SpanKind.CLIENT, attributes={"k": value}, start_time=1_000)
    [start] = recording.records("span.start")
    span.set_status(Status(StatusCode.ERROR, "no"))
    span.add_event("e", {"n": 1}, timestamp=1_500)
    span.add_link(LINKED, {"l": 2})
    span.end(end_time=3_000)
    [end] = recording.spans()
    ids = {
        "trace_id": f"{span.get_span_context().trace_id:032x}",
        "span_id": f"{span.get_span_context().span_id:016x}",
        "parent_id": None,
        "kind": "client",
        "start_ns": 1_000,
        "run": recording.run_id,
        "pid": os.getpid(),
        "name": "work",
        "scope": "scope",
        "attributes": {"k": "v"},
    }
    assert start == {**ids, "type": "span.start", "ts": "1970-01-01T00:00:00.000001Z", "thread": "MainThread"}
    assert end == {
        **ids,
        "type": "span.end",
        "ts": "1970-01-01T00:00:00.000003Z",
        "duration_ns": 2_000,
        "status": "error",
        "description": "no",
        "events": [{"name": "e", "time_ns": 1_500, "attributes": {"n": 1}}],
        "links": [{"trace_id": f"{LINKED.trace_id:032x}", "span_id": f"{LINKED.span_id:016x}"}],
        "link_attributes": [{"l": 2}],
    }


def test_the_default_sampler_takes_the_short_way() -> None:
    tracer: Any = ours(InMemorySpanExporter()).get_tracer("scope")
    assert tracer.short
    assert isinstance(tracer.sampler.chosen, sampling.ParentBased)
