"""A program that records itself and has a TracerProvider of its own, whichever of the two comes first."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.launcher.conftest import Launcher

THEIRS = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
class Theirs(SpanExporter):
    def export(self, spans): print("exported", [span.name for span in spans], flush=True)
    def shutdown(self): pass
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(Theirs()))
trace.set_tracer_provider(provider)
assert trace.get_tracer_provider() is provider
"""
START = """
import sys, tachograph
assert tachograph.start(directory=sys.argv[1]) is not None
"""
EARLY = """
from opentelemetry import trace
early = trace.get_tracer("early")
early.start_span("before").end()
"""
END = """
early.start_span("by an early tracer").end()
trace.get_tracer("late").start_span("by a late one").end()
"""


@pytest.mark.parametrize(
    ("program", "recorded", "exported"),
    [
        (THEIRS + START + EARLY + END, 3, 3),
        (START + THEIRS + EARLY + END, 3, 3),
        (START + EARLY + THEIRS + END, 3, 2),
        (EARLY + START + THEIRS + END, 2, 2),
        (EARLY + THEIRS + START + END, 2, 2),
    ],
    ids=["theirs first", "ours first", "ours in use", "an API tracer before all", "an API tracer before theirs"],
)
def test_every_span_is_recorded_once_and_exported_once(
    launcher: Launcher, program: str, recorded: int, exported: int
) -> None:
    done = subprocess.run(
        [sys.executable, launcher.program(program), launcher.base],
        env=launcher.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    names = ["before", "by an early tracer", "by a late one"]
    assert (done.returncode, done.stderr) == (0, "")
    assert launcher.recorded().spans() == sorted(names[-recorded:])
    assert done.stdout == "".join(f"exported ['{name}']\n" for name in names[-exported:])


# An exporter whose own requirements are missing imports the API and the SDK before it fails.
BROKEN = """
import sys
sys.modules["google.protobuf"] = None
try:
    import opentelemetry.exporter.otlp.proto.http.trace_exporter
except ImportError:
    pass
else:
    raise SystemExit("it was to fail")
"""


@pytest.mark.parametrize(
    "first",
    [
        "from opentelemetry.sdk.trace import TracerProvider",
        "from opentelemetry.sdk.resources import Resource",
        "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter",
        "import opentelemetry.instrumentation.httpx",
        BROKEN,
    ],
    ids=["SDK", "resource", "exporter", "instrumentation", "one that is broken"],
)
def test_a_program_may_begin_with_any_part_of_opentelemetry(launcher: Launcher, first: str) -> None:
    done = launcher.python(f"{first}\n{THEIRS}{EARLY}")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"exported ['before']\n", b"")
    assert launcher.recorded().spans() == ["before"]


def test_their_exporters_get_our_spans_redacted(launcher: Launcher) -> None:
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    program = f"""
{THEIRS.replace("[span.name for span in spans]", "[span.to_json(indent=None) for span in spans]")}
import openai, tachograph
client = openai.OpenAI(api_key="none", base_url="http://127.0.0.1:1/v1", max_retries=0)
try:
    client.chat.completions.create(model="{secret}", messages=[])
except openai.APIConnectionError as error:
    print(type(error.__cause__).__name__ != "")
try:
    with tachograph.phase("{secret}"):
        raise ValueError("{secret}")
except ValueError as error:
    print(str(error) == "{secret}")
"""
    done = launcher.python(program)

    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert [line for line in lines if not line.startswith("exported")] == ["True", "True"]
    exported = "\n".join(line for line in lines if line.startswith("exported"))
    assert secret not in exported
    assert exported.count('"name": "chat [REDACTED:github-token') == 1
    assert exported.count('"gen_ai.request.model": "[REDACTED:github-token') == 1
    assert exported.count('"exception.message": "Connection error."') == 1
    assert exported.count('"description": "[REDACTED:github-token') == 1
    assert len(launcher.recorded().spans()) == 3, "the call, its attempt and the phase"


def test_an_exporter_the_environment_names_gets_redacted_copies(launcher: Launcher) -> None:
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    span = f"trace.get_tracer('mine').start_span('one', attributes={{'a': '{secret}'}})"
    program = f"from opentelemetry import trace\n{span}.end()\n"
    done = launcher.python(program, env={"OTEL_TRACES_EXPORTER": "console,no-such-one"})

    assert done.stderr.decode() == "tachograph: OTEL_TRACES_EXPORTER: no exporter named no-such-one is installed\n"
    assert done.stdout.decode().count('"name": "one"') == 1
    assert '"a": "[REDACTED:github-token' in done.stdout.decode()
    assert secret not in done.stdout.decode()
    assert launcher.recorded().spans() == ["one"]


THEIR_LINES = THEIRS.replace("[span.name for span in spans]", "*[(span.name, span.parent) for span in spans]")
CALL = """
import openai
client = openai.OpenAI(api_key="none", base_url="http://127.0.0.1:1/v1", max_retries=0)
for _ in range(2):
    try:
        client.chat.completions.create(model="gpt-5.1", messages=[])
    except openai.APIConnectionError:
        pass
"""


def test_exporters_that_others_tell_of_a_call_do_not_get_it_again(launcher: Launcher) -> None:
    instrumented = """
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument()
"""
    done = launcher.python(f"{THEIR_LINES}{instrumented}{CALL}")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"exported ('chat gpt-5.1', None)\n" * 2
    spans = launcher.recorded().records("span.end")
    scopes = sorted(span["scope"] for span in spans)
    assert scopes == sorted(["opentelemetry.instrumentation.genai.openai", "tachograph.openai", "tachograph.http"] * 2)
    parents = {span["span_id"]: span["scope"] for span in spans}
    assert {(span["scope"], parents.get(span["parent_id"] or "")) for span in spans} == {
        ("opentelemetry.instrumentation.genai.openai", None),
        ("tachograph.openai", "opentelemetry.instrumentation.genai.openai"),
        ("tachograph.http", "tachograph.openai"),
    }


def test_the_anthropic_client_tells_a_provider_of_the_programs_own_as_ever(launcher: Launcher) -> None:
    call = CALL.replace("openai.OpenAI(", "anthropic.Anthropic(").replace("openai", "anthropic")
    call = call.replace("chat.completions.create(", "messages.create(max_tokens=1, ")
    done = launcher.python(f"{THEIR_LINES}{call}")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"exported ('anthropic.messages.create', None)\n" * 2
    assert sorted(record["scope"] for record in launcher.recorded().records("span.end")) == sorted(
        ["com.anthropic.sdk.python", "tachograph.anthropic", "tachograph.http"] * 2
    )


def test_a_tool_finds_no_provider_where_the_program_has_set_none(launcher: Launcher) -> None:
    program = """
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
found = trace.get_tracer_provider()
print(isinstance(found, trace.ProxyTracerProvider), isinstance(found, TracerProvider))
class Names(SpanProcessor):
    def on_end(self, span): print(span.name)
found.add_span_processor(Names())
with trace.get_tracer("early").start_as_current_span("before"):
    found.get_tracer("same").start_span("beneath").end()
trace.set_tracer_provider(TracerProvider())
print(isinstance(trace.get_tracer_provider(), TracerProvider))
found.get_tracer("late").start_span("after").end()
"""
    done = launcher.python(program)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().split("\n") == ["True False", "beneath", "before", "True", ""]
    assert launcher.recorded().parents() == {"beneath": "before", "before": None, "after": None}
