"""A program that puts a text into each carrier there is, to be recorded by the tests of `test_canary`.

Its arguments: the file with the texts, the address of the provider, that of one that refuses, and any text.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn, cast

from anthropic import Anthropic
from openai import BadRequestError, OpenAI
from opentelemetry import metrics, trace
from opentelemetry._logs import LogRecord, SeverityNumber, get_logger
from opentelemetry.trace import Link, Status, StatusCode

import tachograph

PLANTED: dict[str, str] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
PROVIDER, REFUSING = sys.argv[2:4]
CHILD = "from opentelemetry import trace; trace.get_tracer('child').start_span('in a child').end()"
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
    forged = {"plain": "attribute", "tachograph.content.input": PLANTED["attribute under a name of ours"]}
    with TRACER.start_as_current_span("carrier", links=[link], attributes=forged) as span:
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


def use_notes() -> None:
    """What a program can say of its run."""
    with tachograph.phase(PLANTED["phase name"]):
        tachograph.event(
            "noted",
            deep={"list": [{"value": PLANTED["nested field of an event"]}], PLANTED["nested key of an event"]: "kept"},
            octets=PLANTED["bytes in an event"].encode(),
            path=Path(PLANTED["path in an event"]),
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
    meter.create_counter(PLANTED["metric name"]).add(1)
    meter.create_counter(PLANTED["metric name in upper case"]).add(1)
    counter = meter.create_counter("counter", PLANTED["metric unit"], PLANTED["metric description"])
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
    subprocess.run([sys.executable, "-c", CHILD, PLANTED["argument of a child"]], check=True)
    late = PLANTED["environment variable set while it runs"]
    os.environ["ACME_LATE_TOKEN"] = late.split()[1]
    TRACER.start_span("late", attributes={"late": late}).end()
    print(PLANTED["standard output"])
    print(PLANTED["standard error"], file=sys.stderr)


def use_openai() -> None:
    """Calls of the OpenAI client."""
    client: Any = OpenAI(base_url=f"{PROVIDER}/v1", api_key=PLANTED["key of a client"], max_retries=0)
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
        extra_headers={"x-told": PLANTED["header of a request"]},
        extra_query={"told": PLANTED["query of a request"]},
    )
    client.chat.completions.create(model=PLANTED["model"], messages=said("answer"))
    pieces = {"x-demo-chunks": "50"}
    list(client.chat.completions.create(model="g", messages=said("streamed answer"), stream=True, extra_headers=pieces))
    reading = {"name": "read_file", "parameters": parameters()}
    asked = said("arguments of a streamed tool call")
    for _ in client.chat.completions.create(
        model="g", messages=asked, stream=True, tools=[{"type": "function", "function": reading}]
    ):
        pass
    output = {"type": "function_call_output", "call_id": "call_2", "output": PLANTED["result of a tool of a response"]}
    client.responses.create(
        model="g",
        instructions=PLANTED["instructions of a response"],
        input=[{"role": "user", "content": PLANTED["input of a response"]}, output],
    )
    client.embeddings.create(model="g", input=PLANTED["text to be embedded"])
    refused = client.with_options(base_url=f"{REFUSING}/{PLANTED['path of an address']}/v1")
    with contextlib.suppress(BadRequestError):
        refused.chat.completions.create(model="g", messages=[{"role": "user", "content": "no"}])


def use_anthropic() -> None:
    """Calls of the Anthropic client."""
    client: Any = Anthropic(base_url=PROVIDER, api_key="none", max_retries=0)
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
    with client.messages.stream(
        model="claude-test",
        max_tokens=100,
        messages=said("streamed answer: Anthropic"),
        extra_headers={"x-demo-chunks": "50"},
    ) as stream:
        stream.until_done()


def said(carrier: str) -> list[Any]:
    """A conversation of one text, which the provider says again."""
    return [{"role": "user", "content": PLANTED[carrier]}]


def fail(message: str) -> NoReturn:
    """End the thread, or the program."""
    unused = PLANTED["variable of a frame"]
    kind = cast("type[Exception]", type(PLANTED["name of an exception's type"], (LookupError,), {"unused": unused}))
    raise kind(message)  # SOURCE LINE


if __name__ == "__main__":
    use_spans()
    use_notes()
    use_logs()
    use_metrics()
    use_processes()
    use_openai()
    use_anthropic()
    fail(PLANTED["exception that ends the program"])
