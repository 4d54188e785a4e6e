"""Programs that look at contexts, spans and headers of OpenTelemetry."""

from __future__ import annotations

from tests.integration.endings.program import Program

_ANTHROPIC = """
import anthropic, httpx2, os
from opentelemetry import baggage, context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

def sent(request):
    print({name: request.headers.get(name) for name in ("traceparent", "tracestate", "baggage")})

http = httpx2.Client(event_hooks={"request": [sent]})
client = anthropic.Anthropic(base_url=os.environ["MODEL_URL"], api_key="x", max_retries=0, http_client=http)

def ask():
    messages = [{"role": "user", "content": "hello"}]
    client.messages.create(model="claude-haiku-4-5", max_tokens=16, messages=messages)

def within(here, do):
    token = context.attach(here)
    try:
        do()
    finally:
        context.detach(token)

remote = trace.set_span_in_context(NonRecordingSpan(SpanContext(0x1234, 0x5678, True, TraceFlags(1))))
tracer = trace.get_tracer("program")
"""

_OWN = """
import os
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
provider = TracerProvider(shutdown_on_exit=False)
provider.add_span_processor(SimpleSpanProcessor(exporter))

def tell():
    spans = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in spans}
    for span in sorted(spans, key=lambda span: span.start_time):
        print(span.name, "in", span.parent and names.get(span.parent.span_id, "one that nobody exported"))
"""

PROGRAMS = {
    "headers": Program(
        _ANTHROPIC
        + """
ask()
within(remote, ask)
def nested():
    with tracer.start_as_current_span("outer"):
        ask()
        with tracer.start_as_current_span("inner"):
            ask()
within(remote, nested)
nested()
within(baggage.set_baggage("tenant", "a"), ask)
within(baggage.set_baggage("tenant", "b", remote), nested)
""",
        calls=9,
    ),
    "headers_asynchronous": Program(
        _ANTHROPIC
        + """
import asyncio
async def sent_later(request):
    sent(request)
async def main():
    http = httpx2.AsyncClient(event_hooks={"request": [sent_later]})
    aclient = anthropic.AsyncAnthropic(base_url=os.environ["MODEL_URL"], api_key="x", max_retries=0, http_client=http)
    messages = [{"role": "user", "content": "hello"}]
    await aclient.messages.create(model="claude-haiku-4-5", max_tokens=16, messages=messages)
    async with aclient.messages.stream(model="claude-haiku-4-5", max_tokens=16, messages=messages) as stream:
        await stream.get_final_message()
within(remote, lambda: asyncio.run(main()))
asyncio.run(main())
""",
        calls=4,
    ),
    "nothing_is_current": Program(
        """
from model import ask
from opentelemetry import context, trace
import contextvars
ask()
print(trace.get_current_span(), context.get_current(), len(contextvars.copy_context()))
with trace.get_tracer("program").start_as_current_span("outer"):
    pass
print(trace.get_current_span(), context.get_current(), len(contextvars.copy_context()))
""",
        calls=1,
    ),
    "provider_handed_over": Program(
        _OWN
        + """
import httpx2, model
tracer = provider.get_tracer("http")
def sending(request):
    with tracer.start_as_current_span("request"):
        pass
client = model.client.with_options(http_client=httpx2.Client(event_hooks={"request": [sending]}))
with tracer.start_as_current_span("program"):
    client.chat.completions.create(model="gpt-5.1", messages=model.MESSAGES)
    client.embeddings.create(model="text-embedding-3-small", input="hello")
tell()
""",
        calls=2,
    ),
    "provider_put_in_place": Program(
        _OWN
        + """
import anthropic, httpx2, model
trace._TRACER_PROVIDER = provider
tracer = trace.get_tracer("http")
def sending(request):
    with tracer.start_as_current_span("request"):
        pass
http = httpx2.Client(event_hooks={"request": [sending]})
model.client.with_options(http_client=http).chat.completions.create(model="gpt-5.1", messages=model.MESSAGES)
client = anthropic.Anthropic(base_url=os.environ["MODEL_URL"], api_key="x", max_retries=0, http_client=http)
with tracer.start_as_current_span("program"):
    client.messages.create(model="claude-haiku-4-5", max_tokens=16, messages=model.MESSAGES)
tell()
""",
        calls=2,
    ),
    "two_providers": Program(
        _OWN
        + """
import httpx2, model
trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False))
tracer = provider.get_tracer("http")
def sending(request):
    with tracer.start_as_current_span("request"):
        pass
client = model.client.with_options(http_client=httpx2.Client(event_hooks={"request": [sending]}))
with tracer.start_as_current_span("program"):
    client.chat.completions.create(model="gpt-5.1", messages=model.MESSAGES)
tell()
""",
        calls=1,
    ),
}
