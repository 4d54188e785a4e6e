"""Tokens and money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import genai_prices
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tachograph.report import fold
from tachograph.report.prices import Pricer
from tachograph.report.usage import Usage, read_usage

if TYPE_CHECKING:
    from pathlib import Path

AT = 1_795_000_000_000_000_000


def read(attributes: dict[str, Any], scope: str = "tachograph.openai", operation: str = "chat") -> tuple[Any, ...]:
    usage, provenance, problem = read_usage(attributes, scope, operation)
    return usage.total, usage.input, usage.cache_read, usage.cache_write, usage.output, provenance, problem


def test_input_as_the_conventions_have_it_includes_caches() -> None:
    attributes = {
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 300,
        "tachograph.usage.cache_write_5m.input_tokens": 150,
        "tachograph.usage.cache_write_1h.input_tokens": 50,
        "gen_ai.usage.output_tokens": 10,
    }
    assert read(attributes) == (1010, 500, 300, 200, 10, "reported", None)


def test_older_names_are_read() -> None:
    attributes = {
        "gen_ai.usage.prompt_tokens": 1000,
        "gen_ai.usage.cache_creation.input_tokens": 200,
        "llm.usage.completion_tokens": 10,
    }
    assert read(attributes, "opentelemetry.instrumentation.openai") == (1010, 800, None, 200, 10, "reported", None)


def test_a_scope_that_leaves_caches_out() -> None:
    attributes = {
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.cache_read.input_tokens": 300,
        "gen_ai.usage.output_tokens": 5,
    }
    assert read(attributes, "com.anthropic.claude_code.tracing") == (315, 10, 300, None, 5, "reported", None)
    problem = "10 input tokens cannot include 300 cached tokens"
    assert read(attributes, "com.anthropic.sdk.python") == (305, 0, 300, None, 5, "reported", problem)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, (None, None, None, None, None, "missing", None)),
        ({"gen_ai.usage.input_tokens": 7}, (None, 7, None, None, None, "reported", None)),
        ({"gen_ai.usage.input_tokens": -7}, (None, None, None, None, None, "missing", None)),
        ({"gen_ai.usage.input_tokens": True}, (None, None, None, None, None, "missing", None)),
        ({"gen_ai.usage.input_tokens": "7"}, (None, None, None, None, None, "missing", None)),
        (
            {
                "gen_ai.usage.input_tokens": 7,
                "gen_ai.usage.output_tokens": 0,
                "tachograph.usage.provenance": "estimated",
            },
            (7, 7, None, None, 0, "estimated", None),
        ),
    ],
)
def test_unknown_is_none_and_never_zero(attributes: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert read(attributes) == expected


def test_embeddings_have_no_output() -> None:
    assert read({"gen_ai.usage.input_tokens": 7}, operation="embeddings") == (7, 7, None, None, None, "reported", None)


@given(
    st.sampled_from([("gpt-4o", "openai"), ("claude-sonnet-4-5", "anthropic"), ("gpt-5.1", "openai")]),
    st.integers(0, 400_000),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_the_catalogue_agrees_with_us(model: tuple[str, str], plain: int, read: int, output: int) -> None:
    usage = Usage(plain + read + output, plain, read, None, None, None, output)
    told = genai_prices.calc_price(
        genai_prices.Usage(input_tokens=plain + read, cache_read_tokens=read, output_tokens=output),
        model[0],
        provider_id=model[1],
        genai_request_timestamp=datetime.fromtimestamp(AT / 1e9, UTC),
    )
    assert Pricer().price([model[0]], model[1], None, usage, AT).amount == told.total_price


def test_cache_writes_of_both_lifetimes_have_their_price() -> None:
    usage = Usage(1100, 500, 300, 200, 150, 50, 100)
    priced = Pricer().price(["claude-opus-4-5"], "anthropic", "api.anthropic.com", usage, AT)
    # 500 at 5, 300 at 0.50, 150 at 6.25, 50 at 10, 100 at 25 dollars per million
    assert priced.amount == Decimal("0.0065875")


def test_a_class_without_a_rate_of_its_own_is_said() -> None:
    priced = Pricer().price(["gpt-4o"], "openai", None, Usage(1000, 900, None, 100, None, None, 0), AT)
    assert priced.amount == Decimal("0.0025")
    assert priced.note == "gpt-4o has no separate rate for cache_write; the next more general rate was used"


def test_a_part_of_a_name_is_no_match() -> None:
    usage = Usage(10, 10, None, None, None, None, 0)
    own = Pricer({"gpt-4o": {"input": 9, "output": 9}, "qwen*": {"input": 1, "output": 1}, "qwen3*": {"input": 2}})
    assert own.price(["gpt-4o"], "openai", None, usage, AT).amount == Decimal("0.00009")
    assert own.price(["gpt-4o-mini"], "openai", None, usage, AT).amount == Decimal("0.0000015")
    assert own.price(["qwen2"], None, None, usage, AT).amount == Decimal("0.00001")
    assert own.price(["qwen3"], None, None, usage, AT).amount == Decimal("0.00002")
    assert own.price(["my-qwen3"], "ollama", None, usage, AT).reason == "no price is known"
    assert own.price([], "openai", None, usage, AT).reason == "the model is not known"
    assert own.price(["gpt-4o"], "openai", None, Usage(), AT).reason == "its tokens are not known"
    cached = Usage(10, 5, 5, None, None, None, 0)
    assert own.price(["gpt-4o"], "openai", None, cached, AT).reason == "your rates for it have no cache_read"


def test_a_known_host_says_more_than_the_client() -> None:
    usage = Usage(10, 10, None, None, None, None, 0)
    priced = Pricer().price(["openai/gpt-4o"], "openai", "openrouter.ai", usage, AT)
    assert priced.applied is not None
    assert priced.applied.provider == "openrouter"


def test_the_cost_of_a_run_in_several_currencies(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 2, model="gpt-4o")
    alone.call("b", 2, 3, model="local-7b", **{"tachograph.usage.provenance": "estimated"})
    alone.call("c", 3, 4, model="other-7b")
    alone.call("d", 4, 5, tokens=None)
    alone.run_end(6)
    cost = fold(run_dir, rates={"local-7b": {"input": 0.1, "output": 0.2}}, currency="EUR").cost
    assert cost.total is None
    assert cost.currency is None
    assert [(t.amount, t.currency) for t in cost.totals] == [(Decimal("0.00012"), "EUR"), (Decimal("0.0035"), "USD")]
    assert (cost.complete, cost.estimated) == (False, True)
    assert [(u.model, u.reason, u.calls) for u in cost.unpriced] == [
        ("other-7b", "no price is known", 1),
        ("gpt-4o", "its tokens are not known", 1),
    ]
    assert [(r.model, r.source.split()[0], r.rates["input"]) for r in cost.rates] == [
        ("gpt-4o", "genai-prices", Decimal("2.5")),
        ("local-7b", "own", Decimal("0.1")),
    ]
    assert cost.notes == ["several currencies are not added up"]


def test_counts_that_cannot_be_are_said(alone: Any, run_dir: Path) -> None:
    for number in range(2):
        alone.call(f"a{number}", 1, 2, tokens=(10, 1), **{"gen_ai.usage.cache_read.input_tokens": 30})
    alone.run_end(3)
    assert fold(run_dir).warnings == ["gpt-4o: 10 input tokens cannot include 30 cached tokens (2 calls)"]
