"""Which attributes hold content, whoever wrote them: what people or models said, subject to the policy of each sink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv._registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of OpenLLMetry, OpenInference, Logfire and pydantic-ai, Langfuse, the Vercel AI SDK, and older GenAI conventions.
_FOREIGN = (
    "gen_ai.prompt",
    "gen_ai.completion",
    "gen_ai.content.",
    "gen_ai.event.content",
    "traceloop.entity.input",
    "traceloop.entity.output",
    "input.value",
    "output.value",
    "llm.input_messages",
    "llm.output_messages",
    "llm.invocation_parameters",
    "llm.prompt_template",
    "llm.prompts",
    "llm.completions",
    "llm.function_call",
    "llm.tools",
    "tool.parameters",
    "retrieval.documents",
    "reranker.input_documents",
    "reranker.output_documents",
    "embedding.embeddings",
    "request_data",
    "response_data",
    "all_messages_events",
    "all_messages",
    "pydantic_ai.all_messages",
    "final_result",
    "tool_arguments",
    "tool_response",
    "model_request_parameters",
    "logfire.json_schema",
    "langfuse.observation.input",
    "langfuse.observation.output",
    "langfuse.observation.metadata.instructions",
    "langfuse.observation.metadata.tools",
    "langfuse.trace.input",
    "langfuse.trace.output",
    "ai.prompt",
    "ai.response.",
    "ai.toolCall.args",
    "ai.toolCall.result",
    "mcp.request.argument",
)
_EXACT = frozenset(
    {
        "events",
        "content",
        "body",
        "prompt",
        "completion",
        "message.content",
        # Of the agents of OpenAI's SDK, as Logfire tells of them.
        "input",
        "output",
        "raw_input",
        "response",
    }
)
_CONTENT_EVENTS = ("gen_ai.",)
_EVENT_NAME = "event.name"
"""Where older instrumentations put the name of an event."""
_known: dict[str, bool] = {}
_MOST_KNOWN = 10_000


def is_content(name: str) -> bool:
    """Whether an attribute holds content.

    Parameters
    ----------
    name
        Its key.
    """
    known = _known.get(name)
    if known is None:
        declared = REGISTRY.get(name)
        known = (declared is not None and declared.sensitivity == "content") or (
            name in _EXACT or name.startswith(_FOREIGN)
        )
        if len(_known) < _MOST_KNOWN:
            _known[name] = known
    return known


def without_content(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes without those that hold content.

    Parameters
    ----------
    attributes
        Attributes of a span, of an event of it or of a log record.
    """
    return {name: value for name, value in attributes.items() if not is_content(name)}


def body_without_content(event_name: object, attributes: Mapping[str, Any], body: object) -> object:
    """The body of a log record without content; None where all of it is.

    Events of the GenAI conventions, of today's and of older ones, say in their bodies what was asked and answered. Of
    any other body that is a map, the members that hold content are left out.

    Parameters
    ----------
    event_name
        The name of the event; None where the record has none.
    attributes
        The attributes of the record.
    body
        Its body.
    """
    name = event_name or attributes.get(_EVENT_NAME)
    if isinstance(name, str) and name.startswith(_CONTENT_EVENTS):
        return None
    if isinstance(body, dict):
        return without_content(cast("dict[str, Any]", body))
    return body
