"""The example of docs/settings.md is a file that loads, and its table tells the truth."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import pytest

from tachograph.redaction.configuration import policy_of
from tachograph.redaction.policy import Policy
from tachograph.run.settings import Settings
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from pathlib import Path


def _rows(root: Path) -> list[list[str]]:
    page = (root / "docs" / "settings.md").read_text("utf-8").split("## ", 1)[0]
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]


def _example(root: Path, page: str = "settings.md") -> str:
    found = re.search(r"```toml\n(.*?)```", (root / "docs" / page).read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_sets_every_setting(root: Path, tmp_path: Path) -> None:
    (tmp_path / "tachograph.toml").write_text(_example(root), "utf-8")
    made = load({}, tmp_path)
    assert asdict(made) == {
        "level": "debug",
        "content": False,
        "directory": "recordings",
        "name": "nightly",
        "max_file_size_mb": 64,
        "max_files": 4,
        "currency": "EUR",
        "rates": {"my-model": {"input": 2.5, "output": 10.0}},
        "disabled": ("cache_miss",),
        "logging": "error",
        "otlp_endpoint": "http://collector:4318",
        "otlp_protocol": "grpc",
        "otlp_headers": {"authorization": "Bearer ${COLLECTOR_TOKEN}"},
        "otlp_signals": ("traces", "logs"),
        "otlp_content": True,
        "otlp_own_provider": True,
        "otlp_grace_s": 2,
        "redaction": {
            "keys": ["badge"],
            "personal": {"phone": False},
            "rules": [{"name": "staff", "pattern": "EMP-[0-9]+"}],
        },
        "http": True,
        "http_propagate": True,
        "source": str(tmp_path / "tachograph.toml"),
    }


def test_the_example_of_redaction_can_be_used(root: Path, tmp_path: Path) -> None:
    (tmp_path / "tachograph.toml").write_text(_example(root, "redaction.md"), "utf-8")
    policy = policy_of(load({}, tmp_path).redaction)
    assert policy == Policy(
        personal=frozenset({"email", "card", "iban", "ssn", "ip", "private-ip"}),
        allowed=frozenset({hashlib.sha256(b"hello").digest()}),
        rules=policy.rules,
        names=frozenset({"xinternalauth", "badge"}),
    )
    assert [rule.kind for rule in policy.rules] == ["employee-id", "secret"]


def test_every_setting_has_a_row(root: Path) -> None:
    assert len(_rows(root)) == len(fields(Settings)) - 1, "all but the source, which is for messages"


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("TACHOGRAPH_LEVEL", "debug", Settings(level="debug")),
        ("TACHOGRAPH_CONTENT", "off", Settings(content=False)),
        ("TACHOGRAPH_DIR", "recordings", Settings(directory="recordings")),
        ("TACHOGRAPH_LOGGING", "error", Settings(logging="error")),
        ("TACHOGRAPH_NAME", "nightly", Settings(name="nightly")),
        ("TACHOGRAPH_HTTP", "on", Settings(http=True)),
    ],
)
def test_each_variable_of_the_table_works(
    root: Path, tmp_path: Path, variable: str, value: str, wanted: Settings
) -> None:
    assert variable in [row[1] for row in _rows(root)]
    (tmp_path / ".git").mkdir()
    assert load({variable: value}, tmp_path) == wanted
