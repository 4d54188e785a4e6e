"""The rows of vendors' tokens: where a reader finds them, and what a row must not say."""

from __future__ import annotations

import ast
import base64
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.redaction.samples import filled

from tachograph.redaction import shapes
from tachograph.redaction.catalogue import RULES
from tachograph.redaction.rule_types import Around
from tachograph.redaction.scan.base64_prefixes import PREFIXES

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

MODULES = sorted(module.name for module in pkgutil.iter_modules(shapes.__path__) if module.name != "token_shape")
_NARROW = {"HEX", "ANY_HEX", "UPPER", "LOWER"}


@pytest.mark.parametrize("name", MODULES)
def test_the_head_of_a_module_names_its_vendors(name: str) -> None:
    module = importlib.import_module(f"tachograph.redaction.shapes.{name}")
    head = "".join((module.__doc__ or "").lower().split())
    assert [rule.kind for rule in getattr(module, name.upper()) if rule.kind.split("-")[0] not in head] == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_in_the_catalogue(name: str) -> None:
    module = importlib.import_module(f"tachograph.redaction.shapes.{name}")
    assert set(map(id, getattr(module, name.upper()))) <= set(map(id, RULES))


def test_behind_a_prefix_that_ends_in_a_sign_any_letter_is_redacted() -> None:
    """Documentation and tests write letters there that the vendor never draws."""
    rows = [row for name in MODULES for row in _prefixed(name)]
    assert len(rows) > 400
    assert [row for row in rows if row[2] in _NARROW and row[1].endswith(("-", "_", ":", "."))] == []


def _prefixed(name: str) -> list[tuple[str, str, str]]:
    """Kind, prefix and class of the rows that are a prefix and one class of characters."""
    path = importlib.import_module(f"tachograph.redaction.shapes.{name}").__file__
    assert path is not None
    calls = [node for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))) if isinstance(node, ast.Call)]
    written = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "token"]
    return [
        (ast.literal_eval(kind), ast.literal_eval(prefix).decode(), ast.unparse(body))
        for kind, prefix, body, _ in (call.args for call in written)
    ]


_GATEWAY = Path(__file__).parents[3] / "collector-config" / "gateway.yaml"
# What tokens begin with that the Collector of a gateway looks for.
_IN_GATEWAY = (
    *(
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "sk-proj-",
        "sk-ant-",
        "sk-or-v1-",
        "AKIA",
        "ASIA",
        "AIza",
    ),
    *(f"xox{letter}-" for letter in "abeoprs"),
)


def _blocked_values() -> list[str]:
    lines = _GATEWAY.read_text("utf-8").split("blocked_values:")[1].split("\n  batch:")[0].splitlines()
    return [line.strip()[3:-1] for line in lines if line.strip().startswith("- '")]


@pytest.mark.parametrize("prefix", _IN_GATEWAY)
def test_the_gateway_blocks_what_the_rows_find(prefix: str) -> None:
    blocked = [re.compile(pattern) for pattern in _blocked_values()]
    assert len(blocked) == 11
    samples = [sample for sample in _with_prefix(prefix) if sample.startswith(prefix)]
    assert samples
    assert [sample for sample in samples if not any(pattern.search(sample) for pattern in blocked)] == []


@pytest.mark.parametrize("prefix", PREFIXES, ids=bytes.decode)
def test_a_prefix_in_base64_is_one_of_a_row_and_found(prefix: bytes, sealer: Sealer) -> None:
    """A short one is found at those of the three places at which enough letters depend on it alone."""
    samples = _with_prefix(prefix.decode())
    assert samples
    for sample in samples:
        texts = [base64.b64encode(f"{before}{sample} and more".encode()).decode() for before in ("", "a=", "b: ")]
        redacted = [sealer.text(text, {}) != text for text in texts]
        assert all(redacted) if len(prefix) > 4 else any(redacted), sample


def _with_prefix(prefix: str) -> list[str]:
    """The samples of rows that still are tokens with another beginning."""
    if prefix == "eyJhbGciOi":
        return ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"]
    samples: list[str] = []
    for rule in RULES:
        sample = filled(rule.positive)
        # Of a row with several beginnings, the sample has another one of the same length.
        at = next((at for at in range(len(sample)) if _is_like(sample[at : at + len(prefix)], prefix)), -1)
        changed = sample[: max(at, 0)] + prefix + sample[at + len(prefix) :]
        if (
            at >= 0
            and isinstance(rule.find, Around)
            and rule.find.pattern.compiled.search(changed.encode()) is not None
        ):
            samples.append(changed)
    return samples


def _is_like(written: str, prefix: str) -> bool:
    others = 1 if len(prefix) > 3 else 0
    return len(written) == len(prefix) and sum(a != b for a, b in zip(written, prefix, strict=True)) <= others
