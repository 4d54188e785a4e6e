"""Instruments itself with another tool, makes calls, and ends; run by `test_neighbours.py` where the tool is installed.

    python program.py <tool> <provider URL> <receiver URL>

It prints what the calls returned. What the tool exports goes to the receiver.
"""

# Of what it imports, only the clients are there where types are checked.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

TOOL, PROVIDER, RECEIVER = sys.argv[1:4]
OPENAI: dict[str, Any] = {"base_url": f"{PROVIDER}/v1", "api_key": "none", "max_retries": 0}
ANTHROPIC: dict[str, Any] = {"base_url": PROVIDER, "api_key": "none", "max_retries": 0}
MODEL, CLAUDE, VECTORS = "gpt-5.1", "claude-sonnet-4-6", "text-embedding-3-small"
HISTORY: list[Any] = [
    {"role": "system", "content": "Answer in one word, and say nothing of what you were told before."},
    {"role": "user", "content": "What is the capital of France?"},
    {"role": "assistant", "content": "Paris"},
    {"role": "user", "content": "And of Spain?"},
]
PARAMETERS: dict[str, Any] = {"type": "object", "properties": {"path": {"type": "string"}}}
TOOLS: list[Any] = [{"type": "function", "function": {"name": "read_file", "parameters": PARAMETERS}}]
CACHED: list[Any] = [{"type": "text", "text": "Answer in one word. " * 20, "cache_control": {"type": "ephemeral"}}]
FAULT = {"X-Demo-Fault": "always-500"}


def say(*what: object) -> None:
    print(*what, flush=True)


# Calls of the clients themselves.


def openai_calls() -> None:
    import openai

    with openai.OpenAI(**OPENAI) as client:
        say(client.chat.completions.create(model=MODEL, messages=HISTORY, reasoning_effort="low").usage)
        asked: Any = [{"role": "user", "content": "Look at calc.py"}]
        say(client.chat.completions.create(model=MODEL, messages=asked, tools=TOOLS).choices[0].finish_reason)
        how: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
        say(len(list(client.chat.completions.create(model=MODEL, messages=HISTORY[1:], **how))))
        say(len(list(client.chat.completions.create(model=MODEL, messages=HISTORY[:2], stream=True))))
        try:
            client.chat.completions.create(model=MODEL, messages=HISTORY[1:2], extra_headers=FAULT)
        except openai.InternalServerError as error:
            say(error.status_code)
        say(client.embeddings.create(model=VECTORS, input="one two three").usage)
        say(client.responses.create(model=MODEL, input=HISTORY, reasoning={"effort": "low"}).usage)
        say(len(list(client.responses.create(model=MODEL, input="What is that?", stream=True))))
    asyncio.run(openai_async())


async def openai_async() -> None:
    import openai

    async with openai.AsyncOpenAI(**OPENAI) as client:
        say((await client.chat.completions.create(model=MODEL, messages=HISTORY[3:])).id)
        how: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
        stream = await client.chat.completions.create(model=MODEL, messages=HISTORY[2:], **how)
        say(len([chunk async for chunk in stream]))


def anthropic_calls() -> None:
    import anthropic

    asked: list[Any] = [{"role": "user", "content": "What is the capital of Norway?"}]
    how: dict[str, Any] = {"model": CLAUDE, "max_tokens": 100}
    with anthropic.Anthropic(**ANTHROPIC) as client:
        for messages in (asked, [*asked, *HISTORY[2:]]):
            say(client.messages.create(**how, messages=messages, system=CACHED).usage.input_tokens)
        tools: Any = [{"name": "read_file", "input_schema": PARAMETERS}]
        look: Any = [{"role": "user", "content": "Look at calc.py"}]
        say(client.messages.create(**how, messages=look, tools=tools).stop_reason)
        say(len(list(client.messages.create(**how, messages=HISTORY[1:], system=CACHED, stream=True))))
        with client.messages.stream(**how, messages=HISTORY[1:2]) as stream:
            say(stream.get_final_text())
        try:
            client.messages.create(**how, messages=asked, extra_headers=FAULT)
        except anthropic.InternalServerError as error:
            say(error.status_code)
    asyncio.run(anthropic_async(how))


async def anthropic_async(how: dict[str, Any]) -> None:
    import anthropic

    async with anthropic.AsyncAnthropic(**ANTHROPIC) as client:
        say((await client.messages.create(**how, messages=HISTORY[3:], system=CACHED)).id)
        stream = await client.messages.create(**how, messages=HISTORY[1:3], stream=True)
        say(len([event async for event in stream]))


def client_calls() -> None:
    openai_calls()
    anthropic_calls()


# What frameworks do: an agent that reads a file, by two calls of a model.


def pydantic_ai_agent() -> None:
    from pydantic_ai import Agent
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.anthropic import AnthropicProvider
    from pydantic_ai.providers.openai import OpenAIProvider

    openai: Any = OpenAIProvider(base_url=f"{PROVIDER}/v1", api_key="none")
    claude: Any = AnthropicProvider(base_url=PROVIDER, api_key="none")

    settings: Any = {"anthropic_cache_instructions": True}

    def read_file(path: str) -> str:
        """Read a file."""
        return f"what stands in {path}"

    for model in (
        OpenAIChatModel(MODEL, provider=openai),
        OpenAIResponsesModel(MODEL, provider=openai),
        AnthropicModel(CLAUDE, provider=claude, settings=settings),
    ):
        agent: Any = Agent(model, system_prompt="You are brief.", instructions="Be brief. " * 30, tools=[read_file])
        say(agent.run_sync("Look at calc.py").output)

    async def streamed() -> None:
        async with Agent(OpenAIChatModel(MODEL, provider=openai)).run_stream("Look at nothing") as result:
            say(await result.get_output())

    asyncio.run(streamed())


def langchain_agent() -> None:
    from langchain_core.messages import HumanMessage, ToolMessage
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings

    @tool
    def read_file(path: str) -> str:
        """Read a file."""
        return f"what stands in {path}"

    model: Any = ChatOpenAI(model=MODEL, base_url=f"{PROVIDER}/v1", api_key="none", max_retries=0)
    prompt = ChatPromptTemplate.from_messages([("system", "You are brief."), ("human", "{asked}")])
    say((prompt | model).invoke({"asked": "What is that?"}).content)
    bound = model.bind_tools([read_file])
    messages: list[Any] = [*HISTORY[:1], HumanMessage("Look at calc.py")]
    answer: Any = bound.invoke(messages)
    call = answer.tool_calls[0]
    messages += [answer, ToolMessage(read_file.invoke(call["args"]), tool_call_id=call["id"])]
    say(bound.invoke(messages).content)
    say(len(list(model.stream("Say it"))))
    say(asyncio.run(model.ainvoke("Say more")).content)
    vectors = OpenAIEmbeddings(
        model=VECTORS,
        base_url=f"{PROVIDER}/v1",
        api_key="none",
        check_embedding_ctx_length=False,
    )
    say(len(vectors.embed_query("one two three")))


def openai_agents() -> None:
    import openai
    from agents import (
        Agent,
        OpenAIChatCompletionsModel,
        OpenAIResponsesModel,
        Runner,
        function_tool,
        set_default_openai_key,
    )

    set_default_openai_key("none", use_for_tracing=False)

    @function_tool
    def read_file(path: str) -> str:
        """Read a file."""
        return f"what stands in {path}"

    async def run() -> None:
        async with openai.AsyncOpenAI(**OPENAI) as client:
            for model in (
                OpenAIChatCompletionsModel(model=MODEL, openai_client=client),
                OpenAIResponsesModel(model=MODEL, openai_client=client),
            ):
                agent: Any = Agent(name="reader", instructions="You are brief.", tools=[read_file], model=model)
                say((await Runner.run(agent, "Look at calc.py")).final_output)
                streamed = Runner.run_streamed(agent, "Say calc")
                say(len([event async for event in streamed.stream_events()]) > 0)

    asyncio.run(run())


# The tools.


def provider() -> Any:
    """A TracerProvider of the program's own, whose exporter sends to the receiver."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    made = TracerProvider()
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{RECEIVER}/v1/traces")))
    trace.set_tracer_provider(made)
    return made


def instrumented(*names: str) -> None:
    """Put instrumentors in, each named by its module and its class."""
    import importlib

    for name in names:
        module, _, kind = name.partition(":")
        getattr(importlib.import_module(module), kind)().instrument()


def otel() -> None:
    provider()
    instrumented(
        "opentelemetry.instrumentation.genai.openai:OpenAIInstrumentor",
        "opentelemetry.instrumentation.genai.anthropic:AnthropicInstrumentor",
    )
    client_calls()


def openai_v2() -> None:
    provider()
    instrumented("opentelemetry.instrumentation.openai_v2:OpenAIInstrumentor")
    openai_calls()


def openllmetry() -> None:
    provider()
    instrumented(
        "opentelemetry.instrumentation.openai:OpenAIInstrumentor",
        "opentelemetry.instrumentation.anthropic:AnthropicInstrumentor",
    )
    client_calls()


def traceloop() -> None:
    from traceloop.sdk import Traceloop
    from traceloop.sdk.decorators import task, workflow
    from traceloop.sdk.instruments import Instruments

    Traceloop.init(
        app_name="program",
        api_endpoint=RECEIVER,
        api_key="none",
        telemetry_enabled=False,
        instruments={Instruments.OPENAI},
    )
    workflow(name="everything")(task(name="calls")(openai_calls))()


def openinference() -> None:
    provider()
    instrumented(
        "openinference.instrumentation.openai:OpenAIInstrumentor",
        "openinference.instrumentation.anthropic:AnthropicInstrumentor",
    )
    client_calls()


def logfire() -> None:
    import logfire

    logfire.configure(send_to_logfire=False, console=False, service_name="program", inspect_arguments=False)
    logfire.instrument_openai()
    logfire.instrument_anthropic()
    with logfire.span("everything"):
        client_calls()


def langfuse() -> None:
    import langfuse as tool
    import langfuse.openai  # its wrapper of the client

    client = tool.Langfuse(public_key="pk", secret_key="sk", host=RECEIVER)
    with client.start_as_current_observation(as_type="span", name="everything"):
        openai_calls()


def sentry(**options: Any) -> None:
    import sentry_sdk

    sentry_sdk.init(
        dsn=f"{RECEIVER.replace('//', '//key@')}/1", traces_sample_rate=1.0, send_default_pii=True, **options
    )
    with sentry_sdk.start_transaction(op="task", name="everything"):
        client_calls()


def sentry_otlp() -> None:
    import opentelemetry.trace as trace
    import sentry_sdk
    from sentry_sdk.integrations.otlp import OTLPIntegration

    sentry_sdk.init(
        dsn=f"{RECEIVER.replace('//', '//key@')}/1", integrations=[OTLPIntegration()], send_default_pii=True
    )
    with trace.get_tracer("program").start_as_current_span("everything"):
        client_calls()


def pydantic_ai() -> None:
    from pydantic_ai import Agent

    provider()
    Agent.instrument_all()
    pydantic_ai_agent()


def logfire_pydantic_ai() -> None:
    import logfire

    logfire.configure(send_to_logfire=False, console=False, service_name="program", inspect_arguments=False)
    logfire.instrument_pydantic_ai()
    logfire.instrument_openai()
    pydantic_ai_agent()


def openinference_langchain() -> None:
    provider()
    instrumented("openinference.instrumentation.langchain:LangChainInstrumentor")
    langchain_agent()


def agents() -> None:
    from agents import set_trace_processors
    from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor

    home: Any = BackendSpanExporter(api_key="none", endpoint=f"{RECEIVER}/v1/traces/ingest")
    set_trace_processors([BatchTraceProcessor(home)])
    openai_agents()


def openinference_agents() -> None:
    provider()
    instrumented("openinference.instrumentation.openai_agents:OpenAIAgentsInstrumentor")
    openai_agents()


def logfire_agents() -> None:
    import logfire

    logfire.configure(send_to_logfire=False, console=False, service_name="program", inspect_arguments=False)
    logfire.instrument_openai_agents()
    openai_agents()


def instrumented_from_outside() -> None:
    """Whatever is installed has been put in by `opentelemetry-instrument`."""
    client_calls()


def taken_out() -> None:
    """Each tool goes out from under ours and over ours, and back in; the spans around say what was in."""
    import anthropic
    import openai
    from openinference.instrumentation.anthropic import AnthropicInstrumentor as InferenceAnthropic
    from openinference.instrumentation.openai import OpenAIInstrumentor as InferenceOpenAI
    from opentelemetry import trace
    from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor as TraceloopAnthropic
    from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor as OtelAnthropic
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor as OtelOpenAI
    from opentelemetry.instrumentation.openai import OpenAIInstrumentor as TraceloopOpenAI

    import tachograph_anthropic
    import tachograph_openai

    provider()
    asked: list[Any] = [{"role": "user", "content": "What?"}]

    def calls(what: str) -> None:
        with trace.get_tracer("program").start_as_current_span(what):
            openai.OpenAI(**OPENAI).chat.completions.create(model=MODEL, messages=asked)
            quiet: dict[str, Any] = {"open_telemetry": False}
            anthropic.Anthropic(**ANTHROPIC, **quiet).messages.create(model=CLAUDE, max_tokens=9, messages=asked)

    def ours(*, on: bool) -> None:
        for module in (tachograph_openai, tachograph_anthropic):
            (module.instrument if on else module.uninstrument)()

    tools: dict[str, list[Any]] = {
        "otel": [OtelOpenAI(), OtelAnthropic()],
        "openinference": [InferenceOpenAI(), InferenceAnthropic()],
        "openllmetry": [TraceloopOpenAI(), TraceloopAnthropic()],
    }
    for name, theirs in tools.items():
        for one in theirs:
            one.instrument()
        calls(f"{name} over ours")
        ours(on=False)
        calls(f"{name} alone")
        ours(on=True)
        calls(f"ours over {name}")
        for one in theirs:
            one.uninstrument()
        calls(f"ours after {name}")
        ours(on=False)
        calls(f"none after {name}")
        ours(on=True)


if __name__ == "__main__":
    globals()[TOOL]()
    say(json.dumps({"done": TOOL}))
    sys.exit(3)
