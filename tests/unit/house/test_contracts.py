"""The import contracts see what they forbid: imports planted in a copy of the tree are reported, each of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]

# Module, and what it may not import. Each is planted at its end.
PLANTED = [
    ("tachograph.semconv.genai", "tachograph.run"),
    ("tachograph.run.facts", "tachograph.journal.layout"),
    ("tachograph.run.git", "opentelemetry.trace"),
    ("tachograph.redaction.words.looks", "tachograph.redaction.walk"),
    ("tachograph.redaction.rules.urls", "tachograph.redaction.sealer"),
    ("tachograph.redaction.policy", "tachograph.journal.layout"),
    ("tachograph.runtime.phases", "opentelemetry.instrumentation"),
    ("tachograph.runtime.context", "opentelemetry.sdk.trace"),
    ("tachograph.journal.layout", "tachograph.report.runs"),
    ("tachograph.journal.builder", "tachograph.journal.tail"),
    ("tachograph.sending.progress", "tachograph.report.runs"),
    ("tachograph.report.prices", "tachograph.redaction"),
    ("tachograph.report.usage", "tachograph.report.fold_run"),
    ("tachograph.recorder.log_writer", "tachograph.report.runs"),
    ("tachograph.instrument.patch", "tachograph.journal"),
    ("tachograph.distro.ids", "tachograph.report.runs"),
    ("tachograph.distro.sampler", "tachograph.cli.app"),
    ("tachograph.distro.wake", "tachograph_openai"),
    ("tachograph.launcher.run_name", "tachograph.recorder"),
    ("tachograph.demo.reply", "tachograph.cli.app"),
    ("tachograph_openai.usage", "tachograph.journal"),
    ("tachograph_anthropic.usage", "tachograph_openai.usage"),
    ("tachograph_http.rate_limits", "opentelemetry.sdk.trace"),
    ("tachograph_otlp.batches", "tachograph.cli.app"),
    ("tachograph_otlp.conversion", "tachograph.distro.ids"),
    ("tachograph_otlp.transport", "tachograph.launcher"),
]


def test_the_cycles_of_every_package_are_looked_for() -> None:
    contracts: list[dict[str, Any]] = CONFIG["contracts"]
    [cycles] = [contract for contract in contracts if contract["type"] == "acyclic_siblings"]
    plug_ins = {
        path.parent.name for name in ("instrumentors", "exporters") for path in (ROOT / name).glob("*/__init__.py")
    }
    rooms = {f"tachograph.{path.parent.name}" for path in (ROOT / "src" / "tachograph").glob("*/__init__.py")}
    assert set(cycles["ancestors"]) == plug_ins | rooms
    assert set(CONFIG["root_packages"]) == plug_ins | {"tachograph", "opentelemetry"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources."""
    root = tmp_path_factory.mktemp("planted")
    for name in ("src", "instrumentors", "exporters"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def reported(copy: Path) -> str:
    """What the contracts say of the copy."""
    paths = [str(copy / name) for name in ("src", "instrumentors", "exporters")]
    script = (
        f"import sys; sys.path[:0] = {paths!r}\n"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_each_planted_import_is_reported(copy: Path) -> None:
    for module, imported in PLANTED:
        path = next(copy.glob(f"*/{module.replace('.', '/')}.py"))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n\ndef _planted() -> None:\n    import {imported}\n")
    (copy / "src" / "tachograph" / "receiver").mkdir()
    (copy / "src" / "tachograph" / "receiver" / "__init__.py").write_text("", "utf-8")
    output = reported(copy)
    assert "tachograph.receiver" in output
    # A cycle is reported by the package that it is in.
    cycles = {
        "tachograph.journal.builder": "in tachograph.journal.",
        "tachograph.report.usage": "in tachograph.report.",
    }
    words = {module: cycles.get(module, f"{module} -> {imported}") for module, imported in PLANTED}
    assert [module for module, text in words.items() if text not in output] == []
