"""A dialect is one module and one line in the table; the fold and the content policy follow it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import tachograph.semconv.dialects
from tachograph.semconv import REGISTRY, aliases
from tachograph.semconv.dialects.table import DIALECTS

if TYPE_CHECKING:
    from pathlib import Path

# The tables are built when they are imported, so the dialect is added before that, in a process of its own.
SCRIPT = """
import json, sys
from pathlib import Path

from tachograph.semconv import genai
from tachograph.semconv.dialects import table
from tachograph.semconv.dialects.dialect import Dialect


def counts_of(counts):
    return {genai.USAGE_INPUT_TOKENS: counts["i"], genai.USAGE_OUTPUT_TOKENS: counts["o"]}


table.DIALECTS += (
    Dialect(
        tool="Acme",
        scopes=("acme.",),
        aliases={
            genai.PROVIDER_NAME: ("acme.vendor",),
            genai.REQUEST_MODEL: ("acme.model",),
            genai.RESPONSE_ID: ("acme.answer.id",),
        },
        operations={"acme.kind": {"question": genai.OPERATION_CHAT}},
        content=("acme.text",),
        content_names=("whole",),
        usage={"acme.counts": counts_of},
        without_caches=("acme.cacheless",),
        doubtful_streams=("acme.streams",),
        input_excludes_caches=("acme.apart",),
    ),
)
from tachograph.report import fold
from tachograph.semconv import is_content, quirks

calls = [
    {
        "provider": call.provider,
        "operation": call.operation,
        "model": call.request_model,
        "id": call.response_id,
        "input": call.tokens.input,
        "output": call.tokens.output,
        "provenance": call.provenance,
        "duration_ns": call.duration_ns,
    }
    for call in fold(Path(sys.argv[1])).calls
]
content = [name for name in ("acme.text.0", "whole", "acme.model") if is_content(name)]
print(json.dumps({"calls": calls, "content": content, "reports": quirks.reports_calls("acme.llm")}))
"""


def _attributes(**more: Any) -> dict[str, Any]:
    return {
        "acme.kind": "question",
        "acme.vendor": "acme",
        "acme.model": "a-1",
        "acme.answer.id": "r",
        "acme.counts": '{"i": 7, "o": 2}',
        **more,
    }


def test_a_made_up_dialect_is_read_from_end_to_end(alone: Any, run_dir: Path) -> None:
    for span, scope, at in (("a", "acme.llm", 1), ("b", "acme.cacheless", 4)):
        alone.end(span, at, at + 1, "ask", None, scope, _attributes())
    alone.end("c", 6, 7, "step", None, "acme.llm", _attributes(**{"acme.kind": "step"}))
    alone.end("d", 8, 9, "ask", None, "acme.streams", _attributes(**{"gen_ai.request.stream": True}))
    caches = {"gen_ai.usage.cache_read.input_tokens": 100}
    alone.end("e", 10, 11, "ask", None, "acme.apart", _attributes(**caches))
    alone.run_end(20)

    done = subprocess.run([sys.executable, "-c", SCRIPT, run_dir], capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    call = {"provider": "acme", "operation": "chat", "model": "a-1", "id": "r", "input": 7, "output": 2}
    whole = {**call, "provenance": "reported", "duration_ns": 1_000_000_000}
    assert read == {
        "calls": [
            whole,
            {**whole, "provenance": "estimated"},
            {**whole, "provenance": "estimated"},
            whole,
        ],
        "content": ["acme.text.0", "whole"],
        "reports": True,
    }


def test_each_dialect_is_in_the_table() -> None:
    modules = {
        info.name: importlib.import_module(f"tachograph.semconv.dialects.{info.name}")
        for info in pkgutil.iter_modules(tachograph.semconv.dialects.__path__)
    }
    described = [module.DIALECT for module in modules.values() if hasattr(module, "DIALECT")]
    assert sorted(dialect.tool for dialect in DIALECTS) == sorted(dialect.tool for dialect in described)


def test_aliases_are_names_of_others() -> None:
    """The fold finds spans by the part of a name behind its first dot, and nothing is an alias of two attributes."""
    names = [name for names in aliases.ALIASES.values() for name in names]
    assert [name for name in (*names, *aliases.OPERATIONS) if "." not in name or name in REGISTRY] == []
    assert len(names) == len(set(names))
    assert set(aliases.ALIASES) <= set(REGISTRY)
