"""Which attributes hold content, whoever wrote them: what people or models said, subject to the policy of each sink."""

from __future__ import annotations

from tachograph.semconv._registry import REGISTRY

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
    "langfuse.trace.input",
    "langfuse.trace.output",
    "ai.prompt",
    "ai.response.",
    "ai.toolCall.args",
    "ai.toolCall.result",
    "mcp.request.argument",
)
_EXACT = frozenset({"events", "content", "body", "prompt", "completion", "message.content"})
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
