"""The telemetry of Claude Code."""

from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(tool="Claude Code", input_excludes_caches=("com.anthropic.claude_code",))
