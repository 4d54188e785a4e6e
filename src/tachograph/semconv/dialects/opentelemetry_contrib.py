"""The instrumentations of OpenTelemetry's Python contrib repository.

https://github.com/open-telemetry/opentelemetry-python-contrib
"""

from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="OpenTelemetry contrib",
    scopes=("opentelemetry.instrumentation.openai", "opentelemetry.instrumentation.anthropic"),
    # It does not read how much of the input of a chat completion was cached.
    without_caches=("opentelemetry.instrumentation.openai_v2",),
)
