"""A program that puts texts into each carrier there is, to be recorded by the tests of `test_canary`.

Its arguments: the folder with the texts, the address of the provider, and any text.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn, cast
from urllib.parse import quote

import httpx
from anthropic import Anthropic
from anthropic import BadRequestError as AnthropicRefused
from openai import BadRequestError, OpenAI
from opentelemetry import metrics, trace
from opentelemetry._logs import LogRecord, SeverityNumber, get_logger, get_logger_provider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, ConsoleLogRecordExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceState

import tachograph

FOLDER = Path(sys.argv[1])
PROVIDER = sys.argv[2]
GIVEN: dict[str, Any] = json.loads((FOLDER / "planted.json").read_text("utf-8"))
ROUNDS: list[dict[str, str]] = GIVEN["rounds"]
WIDE: int = GIVEN["wide"]
KEYS: dict[str, str] = GIVEN["keys"]
PLANTED: dict[str, str] = {}
"""What is planted at this moment; its number is under `round`."""
CHILD = "from opentelemetry import trace; trace.get_tracer('child').start_span('in a child').end()"
OPENAI: Any = OpenAI(base_url=f"{PROVIDER}/v1", api_key=KEYS["OpenAI"], max_retries=0)
HTTP = httpx.Client()
ANTHROPIC: Any = Anthropic(base_url=PROVIDER, api_key=KEYS["Anthropic"], max_retries=0)
TRACER = trace.get_tracer("canary")


def parameters() -> dict[str, Any]:
    """The schema of a tool that takes a path."""
    return {"type": "object", "properties": {"path": {"type": "string"}}}


def use_spans() -> None:
    """Everything a span can carry."""
    TRACER.start_span(PLANTED["span name"]).end()
    told = trace.get_tracer(
        PLANTED["scope name"],
        PLANTED["scope version"],
        schema_url="https://example.org/" + PLANTED["schema of a scope"],
        attributes={"told": PLANTED["scope attribute"]},
    )
    told.start_span("scoped").end()
    other = TRACER.start_span("other")
    link = Link(other.get_span_context(), {"linked": PLANTED["link attribute"]})
    with TRACER.start_as_current_span("carrier", links=[link]) as span:
        span.set_attribute("text", PLANTED["attribute"])
        span.set_attribute("sequence", ["first", PLANTED["attribute in a sequence"]])
        span.set_attribute(PLANTED["attribute key"], "kept")
        span.set_attribute("nested", json.dumps({"a": json.dumps([PLANTED["attribute of JSON in JSON"]])}))
        span.set_attribute("long", PLANTED["attribute that is too long"])
        span.set_attribute("address", PLANTED["URL in an attribute"])
        span.set_attribute("variable", PLANTED["value of an environment variable"])
        span.set_attribute("json", json.dumps([PLANTED["value of an environment variable as JSON"]]))
        span.add_event(PLANTED["span event name"], {"noted": PLANTED["span event attribute"]})
        span.add_event("keyed", {PLANTED["span event key"]: "kept"})
        span.set_status(Status(StatusCode.ERROR, PLANTED["status description"]))
        span.record_exception(ValueError(PLANTED["recorded exception"]))
    with contextlib.suppress(ValueError), TRACER.start_as_current_span("failing"):
        raise ValueError(PLANTED["exception in a span"])
    other.end()
    others = trace.get_tracer("opentelemetry.instrumentation.acme", "1.0")
    others.start_span("SELECT", attributes={"db.query.text": PLANTED["attribute of another instrumentation"]}).end()


def use_exceptions() -> None:
    """Exceptions with all that hangs on them."""
    with contextlib.suppress(ValueError), TRACER.start_as_current_span("noted"):
        error = ValueError("noted")
        error.add_note(PLANTED["note of an exception"])
        raise error from KeyError(PLANTED["cause of an exception"])
    with contextlib.suppress(ValueError), TRACER.start_as_current_span("in context"):
        try:
            fail_deep({"deep": [PLANTED["nested variables of a frame"]]}, PLANTED["context of an exception"])
        except OSError:
            raise ValueError("afterwards")  # noqa: B904 - what was being handled is its context
    with contextlib.suppress(ExceptionGroup), TRACER.start_as_current_span("grouped"):
        member = ValueError(PLANTED["member of a group of exceptions"])
        member.add_note(PLANTED["note of a member of a group"])
        raise ExceptionGroup(PLANTED["name of a group of exceptions"], [member, TypeError("plain")])


def fail_deep(held: dict[str, list[str]], message: str) -> NoReturn:
    """Fail where variables hold something."""
    inner = {"inner": held}
    raise OSError(f"{message}{len(inner) - 1 or ''}")


def use_logging() -> None:
    """Everything a record of `logging` can carry."""
    logger = logging.getLogger("acme")
    logger.warning(PLANTED["message for logging"])
    logger.error("told %s", PLANTED["argument for logging"], extra={"more": PLANTED["extra for logging"]})
    logger.error("named %(it)s", {"it": PLANTED["named argument for logging"]})
    logging.getLogger(PLANTED["name of a logger of logging"]).warning("named")
    try:
        raise ValueError(PLANTED["error for logging"])  # noqa: TRY301 - it is to be caught here
    except ValueError:
        logger.exception("failed")


def use_notes() -> None:
    """What a program can say of its run."""
    with tachograph.phase(PLANTED["phase name"]):
        tachograph.event(
            "noted",
            deep={"list": [{"value": PLANTED["nested field of an event"]}], PLANTED["nested key of an event"]: "kept"},
            octets=PLANTED["bytes in an event"].encode(),
        )
    tachograph.event(PLANTED["event name"], **{PLANTED["field name of an event"]: "kept"})
    tachograph.describe(
        task=PLANTED["task of a run"], goal=PLANTED["goal of a run"], role=PLANTED["role of a run"], task_type="canary"
    )
    tachograph.describe(place={"deep": [PLANTED["fact of a run"]]})
    tachograph.outcome("blocked", PLANTED["reason of an outcome"])


def use_logs() -> None:
    """Everything a record of the Logs API can carry."""
    logger = get_logger(
        PLANTED["logger name"],
        PLANTED["logger version"],
        schema_url="https://example.org/" + PLANTED["schema of a logger"],
        attributes={"logged": PLANTED["logger attribute"]},
    )
    with TRACER.start_as_current_span("logged"):
        logger.emit(
            severity_number=SeverityNumber.ERROR,
            severity_text=PLANTED["severity of a log"],
            body=PLANTED["log body"],
            attributes={
                "logged": PLANTED["log attribute"],
                PLANTED["log attribute key"]: "kept",
                "deep": {"list": [{"value": PLANTED["nested log attribute"]}]},
            },
            event_name=PLANTED["event name of a log"],
        )
    logger.emit(LogRecord(body={"list": [PLANTED["nested log body"]], PLANTED["log body key"]: "kept"}))
    logger.emit(exception=ValueError(PLANTED["exception of a log"]))
    told = {"gen_ai.input.messages": [{"parts": [{"content": PLANTED["message in an event"]}]}]}
    logger.emit(event_name="gen_ai.client.inference.operation.details", attributes=told)


def use_metrics() -> None:
    """Everything a metric can carry."""
    meter = metrics.get_meter(
        PLANTED["meter name"],
        PLANTED["meter version"],
        schema_url="https://example.org/" + PLANTED["schema of a meter"],
        attributes={"metered": PLANTED["meter attribute"]},
    )
    counter = meter.create_counter("counter", description=PLANTED["metric description"])
    counter.add(1, {"counted": PLANTED["metric attribute"], "sequence": [PLANTED["metric attribute in a sequence"]]})
    counter.add(1, {PLANTED["metric attribute key"]: "kept"})
    observation = metrics.Observation(1, {"observed": PLANTED["attribute of an observation"]})
    meter.create_observable_gauge("gauge", [lambda _: [observation]])
    meter.create_histogram("histogram").record(1, {"spread": PLANTED["attribute of a histogram"]})


def use_processes() -> None:
    """Threads, children, variables and streams."""
    named = threading.Thread(name=PLANTED["thread name"], target=lambda: TRACER.start_span("in a thread").end())
    named.start()
    named.join()
    failing = threading.Thread(target=fail, args=(PLANTED["exception in a thread"],))
    failing.start()
    failing.join()
    print(PLANTED["standard output"])
    print(PLANTED["standard error"], file=sys.stderr)


def use_once() -> None:
    """What is used for all of them."""
    told = [planted["argument of a child"] for planted in ROUNDS]
    subprocess.run([sys.executable, "-c", CHILD, *told], check=True)
    late = PLANTED["environment variable set while it runs"]
    os.environ["ACME_LATE_TOKEN"] = late.split()[1]
    TRACER.start_span("late", attributes={"late": late}).end()


def use_openai() -> None:
    """Calls of the OpenAI client."""
    client = OPENAI.with_options(default_headers={"x-round": PLANTED["round"]})
    called = {"name": "look", "arguments": json.dumps({"at": PLANTED["arguments of a tool in the history"]})}
    tool = {"name": "look", "description": PLANTED["description of a tool"], "parameters": parameters()}
    client.chat.completions.create(
        model="gpt-test",
        messages=[
            {"role": "system", "content": PLANTED["system prompt"]},
            {"role": "user", "content": PLANTED["message of the user"], "name": PLANTED["name of a participant"]},
            {"role": "user", "content": [{"type": "text", "text": PLANTED["part of a message"]}]},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": PLANTED["address of an image"]}}]},
            {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": called}]},
            {"role": "tool", "tool_call_id": "call_1", "content": PLANTED["result of a tool"]},
        ],
        tools=[{"type": "function", "function": tool}],
        stop=[PLANTED["stop sequence"]],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": PLANTED["name of a schema"], "schema": parameters()},
        },
        user=PLANTED["user of a request"],
        metadata={"told": PLANTED["metadata of a request"]},
        extra_query={"told": PLANTED["query of a request"]},
    )
    client.chat.completions.create(model=PLANTED["model"], messages=said())
    list(client.chat.completions.create(model="g", messages=said(), stream=True))
    output = {"type": "function_call_output", "call_id": "call_2", "output": PLANTED["result of a tool of a response"]}
    client.responses.create(
        model="g",
        instructions=PLANTED["instructions of a response"],
        input=[{"role": "user", "content": PLANTED["input of a response"]}, output],
    )
    client.embeddings.create(model="g", input=PLANTED["text to be embedded"])
    list(client.responses.create(model="g", input="streamed", stream=True))
    refused = client.with_options(base_url=f"{PROVIDER}/refused/v1")
    with contextlib.suppress(BadRequestError):
        refused.chat.completions.create(model="g", messages=said())


def use_anthropic() -> None:
    """Calls of the Anthropic client."""
    client = ANTHROPIC.with_options(default_headers={"x-round": PLANTED["round"]})
    used = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": PLANTED["input of a tool: Anthropic"]}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": PLANTED["result of a tool: Anthropic"]}
    client.messages.create(
        model="claude-test",
        max_tokens=100,
        system=[{"type": "text", "text": PLANTED["system prompt: Anthropic"]}],
        messages=[
            {"role": "user", "content": PLANTED["message of the user: Anthropic"]},
            {"role": "assistant", "content": [used]},
            {"role": "user", "content": [result]},
        ],
        tools=[
            {"name": "look", "description": PLANTED["description of a tool: Anthropic"], "input_schema": parameters()}
        ],
        metadata={"user_id": PLANTED["metadata of a request: Anthropic"]},
    )
    with client.messages.stream(model="claude-test", max_tokens=100, messages=said()) as stream:
        stream.until_done()
    refused = client.with_options(base_url=f"{PROVIDER}/refused")
    with contextlib.suppress(AnthropicRefused):
        refused.messages.create(model="claude-test", max_tokens=100, messages=said())


def said() -> list[Any]:
    """A conversation of one text."""
    return [{"role": "user", "content": "say it"}]


def use_split_streams() -> None:
    """Streams of texts that are split at every place."""
    pieces: Any = {"x-round": PLANTED["round"], "x-split": "everywhere"}
    list(OPENAI.chat.completions.create(model="g", messages=said(), stream=True, extra_headers=pieces))
    list(OPENAI.responses.create(model="g", input="split", stream=True, extra_headers=pieces))
    more: Any = {"max_tokens": 100, "messages": said(), "extra_headers": pieces}
    with ANTHROPIC.messages.stream(model="claude-test", **more) as stream:
        stream.until_done()


def use_words() -> None:
    """What holds one word or line at a time."""
    state = TraceState([("told", PLANTED["state of a trace"])])
    above = SpanContext(0x1234, 0x5678, is_remote=True, trace_flags=trace.TraceFlags(1), trace_state=state)
    forged = {"plain": "attribute", "tachograph.content.input": PLANTED["attribute under a name of ours"]}
    with trace.use_span(trace.NonRecordingSpan(above)):
        TRACER.start_span("below", links=[Link(above)], attributes=forged).end()
    tachograph.event("noted", path=Path(PLANTED["path in an event"]))
    meter = metrics.get_meter("words")
    meter.create_counter(PLANTED["metric name"]).add(1)
    meter.create_counter(PLANTED["metric name in upper case"]).add(1)
    meter.create_counter(f"unit{PLANTED['round']}", PLANTED["metric unit"]).add(1)
    failing = threading.Thread(target=fail_named)
    failing.start()
    failing.join()
    client = OPENAI.with_options(
        base_url=f"{PROVIDER}/refused/{PLANTED['path of an address']}/v1", api_key=PLANTED["key of a client"]
    )
    told = {"x-round": PLANTED["round"], "x-told": PLANTED["header of a request"]}
    with contextlib.suppress(BadRequestError):
        client.chat.completions.create(model="g", messages=said(), extra_headers=told)
    told = {"x-told": PLANTED["header of another request"]}
    HTTP.get(f"{PROVIDER}/other?told={quote(PLANTED['query of another request'])}", headers=told)


def use_http() -> None:
    """Requests that are no calls."""
    secret = quote(PLANTED["password in the URL of another request"], safe="")
    address = PROVIDER.replace("://", f"://app:{secret}@")
    HTTP.get(f"{address}/other")


def fail_named() -> NoReturn:
    """End the thread with an exception of a type of its own."""
    raise cast("type[Exception]", type(PLANTED["name of an exception's type"], (LookupError,), {}))


def fail(message: str) -> NoReturn:
    """End the thread."""
    unused = PLANTED["variable of a frame"]
    raise LookupError(message) from (None if unused else ValueError())


def end(message: str) -> NoReturn:
    """End the program."""
    raise LookupError(message)  # SOURCE LINE


def export() -> None:
    """Let exporters of the program's own have what is recorded, and keep what the recorder says of itself."""
    own = logging.getLogger("tachograph")
    own.setLevel(logging.DEBUG)
    own.addHandler(logging.FileHandler(FOLDER / "sinks" / "own.log"))
    spans: Any = trace.get_tracer_provider()
    spans.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=opened("spans"), formatter=brief)))
    records: Any = get_logger_provider()
    exporter: Any = ConsoleLogRecordExporter(out=opened("logs"), formatter=brief)
    records.add_log_record_processor(BatchLogRecordProcessor(exporter))


def opened(name: str) -> Any:
    """A file for an exporter."""
    return (FOLDER / "sinks" / f"exported-{name}").open("w", encoding="utf-8", buffering=1)


def brief(exported: Any) -> str:
    """All of a record but for the resource, which each has."""
    told = json.loads(exported.to_json())
    if PLANTED["round"] != "0":
        told.pop("resource", None)
    return json.dumps(told) + "\n"


if __name__ == "__main__":
    export()
    for number, planted in enumerate(ROUNDS):
        PLANTED.update(planted, round=str(number))
        if number == 0:
            use_once()
        if number < WIDE:
            use_spans()
            use_exceptions()
            use_notes()
            use_logs()
            use_logging()
            use_metrics()
            use_processes()
            use_openai()
            use_anthropic()
            use_http()
        if number == 0 or number >= WIDE:
            use_words()
            if not PLANTED["streamed answer, split anywhere"].startswith("nothing"):
                use_split_streams()
    # At the end of a program there are two seconds for it, and what is measured here takes longer where tests are slow.
    getattr(metrics.get_meter_provider(), "force_flush", bool)()
    end("\n".join(planted["exception that ends the program"] for planted in ROUNDS[::-1]))
