"""Names under ``tachograph.``: what no convention names yet."""

from tachograph.semconv._registry import Family

_a = Family("tachograph")

PHASE = _a("tachograph.phase.name", "string", "text", "The phase that this span is")
ITERATION = _a(
    "tachograph.iteration.number", "int", "plain", "Number of the iteration that this span is, as the caller counts"
)

CONTENT_INPUT = _a("tachograph.content.input", "string", "plain", "Id of the last content record of what was sent")
CONTENT_OUTPUT = _a("tachograph.content.output", "string", "plain", "Id of the content record of what was received")
CONTENT_SYSTEM = _a("tachograph.content.system", "string", "plain", "Id of the content record of the instructions")
CONTENT_TOOLS = _a("tachograph.content.tools", "string", "plain", "Id of the content record of the tools offered")
INPUT_MESSAGE_COUNT = _a("tachograph.input.message.count", "int", "plain", "Number of messages sent")

CACHE_WRITE_5M = _a("tachograph.usage.cache_write_5m.input_tokens", "int", "plain", "Cache writes kept for 5 minutes")
CACHE_WRITE_1H = _a("tachograph.usage.cache_write_1h.input_tokens", "int", "plain", "Cache writes kept for 1 hour")
TOKENS_PROVENANCE = _a(
    "tachograph.usage.provenance", "string", "plain", "reported, estimated or missing: where the token counts come from"
)
STREAM_OUTCOME = _a(
    "tachograph.stream.outcome", "string", "plain", "How a stream ended: complete, abandoned, broken or cancelled"
)
STREAM_CHUNKS = _a("tachograph.stream.chunks", "int", "plain", "Chunks received")
RETRIES = _a(
    "tachograph.request.retries",
    "int",
    "plain",
    "Attempts beyond the first, as the client reports them, if they could not be observed",
)
HTTP_ATTEMPTS = _a(
    "tachograph.http.attempts",
    "int",
    "plain",
    "Requests that the call's client handed to its HTTP library; repeats by the library count once",
)
HTTP_RATE_LIMITED = _a(
    "tachograph.http.rate_limited", "int", "plain", "Attempts answered with 429, if one failed or there were several"
)
HTTP_OVERLOADED = _a(
    "tachograph.http.overloaded", "int", "plain", "Attempts answered with 529, if one failed or there were several"
)
HTTP_WAITED_NS = _a(
    "tachograph.http.waited_ns", "int", "plain", "Time between attempts in ns, if one failed or there were several"
)
HTTP_RATE_LIMITS = _a(
    "tachograph.http.rate_limits",
    "string",
    "text",
    "Rate limits of the last answer: its x-ratelimit-* and anthropic-ratelimit-* headers",
)
SERVICE_TIER = _a("tachograph.response.service_tier", "string", "text", "The service tier that the provider reports")
STRUCTURED_OUTPUT = _a("tachograph.request.structured_output", "string", "text", "Name of the schema asked for")
RUN_ID = _a("tachograph.run.id", "string", "plain", "The run; an attribute of the resource of what is sent over OTLP")
RUN_OUTCOME = _a("tachograph.run.outcome", "string", "plain", "How the run ended")

PROVENANCE_REPORTED = "reported"
PROVENANCE_ESTIMATED = "estimated"
PROVENANCE_MISSING = "missing"

STREAM_COMPLETE = "complete"
STREAM_ABANDONED = "abandoned"
STREAM_BROKEN = "broken"
STREAM_CANCELLED = "cancelled"

PHASES = ("context_loading", "ai_execution", "scope_checking", "validation", "git_operations", "other")
"""The standard phase names."""

LOG_EVENT = "log"
"""The kind of event of `logging` records, and of records of the Logs API that name no event."""

SCOPE_PREFIX = "tachograph"
"""The names of all our instrumentation scopes start with it."""

SCOPE_HTTP = "tachograph.http"
"""The scope of the attempts of calls; their errors are reported with the call."""
