"""The files of collector-config name what there is: attributes that are declared, data sources that are provisioned."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tachograph.semconv import REGISTRY

if TYPE_CHECKING:
    from pathlib import Path

# Of TraceQL itself: https://grafana.com/docs/tempo/latest/traceql/construct-traceql-queries/
_WORDS = {
    *("by", "count_over_time", "duration", "error", "nil"),
    *("quantile_over_time", "select", "status", "sum_over_time"),
}


def _dashboard(root: Path) -> dict[str, Any]:
    return json.loads((root / "collector-config/grafana/dashboards/tachograph.json").read_text("utf-8"))


def _queries(root: Path) -> list[str]:
    return [target["query"] for panel in _dashboard(root)["panels"] for target in panel.get("targets", [])]


def test_the_dashboard_asks_for_attributes_that_are_recorded(root: Path) -> None:
    named = [name for query in _queries(root) for name in re.findall(r"\b(?:span|resource)\.([a-z_.]+)", query)]
    assert set(named) == {
        "error.type",
        "gen_ai.request.model",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "tachograph.run.id",
        "tachograph.run.outcome",
    }
    assert [name for name in named if name not in REGISTRY] == []


def test_the_dashboard_uses_words_of_traceql_only(root: Path) -> None:
    rest = [re.sub(r"\b(?:span|resource)\.[a-z_.]+", "", query) for query in _queries(root)]
    assert {word for query in rest for word in re.findall(r"[a-z_]+", query)} == _WORDS


def test_sums_are_of_spans_that_have_the_number(root: Path) -> None:
    # Tempo 2.10 takes a missing number for NaN, and begins the sum anew after it.
    summed = [(query, name) for query in _queries(root) for name in re.findall(r"sum_over_time\((\S+)\)", query)]
    assert len(summed) == 5
    assert [query for query, name in summed if not query.startswith(f"{{ {name} != nil }} | ")] == []


def test_the_dashboard_asks_data_sources_that_are_provisioned(root: Path) -> None:
    text = (root / "collector-config/grafana/datasources/tachograph.yaml").read_text("utf-8")
    provisioned = set(re.findall(r"^    uid: (\w+)$", text, re.MULTILINE))
    assert provisioned == {"jaeger", "tempo"}
    panels: list[dict[str, Any]] = _dashboard(root)["panels"]
    asked = {panel["datasource"]["uid"] for panel in panels if "datasource" in panel}
    assert asked | {t["datasource"]["uid"] for panel in panels for t in panel.get("targets", [])} <= provisioned


def test_no_panels_overlap(root: Path) -> None:
    cells = [
        (x, y)
        for panel in _dashboard(root)["panels"]
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23


def _required(root: Path, backend: str, module: str) -> str:
    text = (root / "tests/backends" / backend / "go.mod").read_text("utf-8")
    (version,) = re.findall(rf"^(?:require|)\s+{re.escape(module)} v([\d.]+)", text, re.MULTILINE)
    return version


def test_the_versions_that_are_told_are_those_that_are_built(root: Path) -> None:
    page = (root / "docs/backends.md").read_text("utf-8")
    told = dict(re.findall(r"^\| (\w+) \| ([\d.]+).*\| run: ", page, re.MULTILINE))
    built = {
        "Collector": _required(root, "collector", "go.opentelemetry.io/collector/otelcol"),
        "Jaeger": _required(root, "jaeger", "github.com/jaegertracing/jaeger"),
        "Tempo": _required(root, "tempo", "github.com/grafana/tempo"),
    }
    assert told == built
    compose = (root / "docker-compose.yml").read_text("utf-8")
    images = dict(re.findall(r"image: \S+/(\S+):(\S+)$", compose, re.MULTILINE))
    assert (images["opentelemetry-collector-contrib"], images["all-in-one"]) == (built["Collector"], built["Jaeger"])
    assert f"| Tempo | {images['tempo']}, with `tempo.yaml` | run once by hand" in page
    assert f"| Grafana | {images['grafana']} | not run" in page


def test_every_variable_of_the_collectors_is_told(root: Path) -> None:
    page = (root / "docs/backends.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| `CLICKHOUSE_ENDPOINT`"))
    told = set(re.findall(r"`((?:AGENT|GATEWAY|JAEGER|TEMPO)_[A-Z]+)`", page))
    told |= {"CLICKHOUSE_ENDPOINT", *(f"CLICKHOUSE{name}" for name in re.findall(r"`(_[A-Z]+)`", row))}
    files = [
        (root / "collector-config" / f"{name}.yaml").read_text("utf-8") for name in ("agent", "gateway", "clickhouse")
    ]
    assert told == {name for text in files for name in re.findall(r"\$\{env:([A-Z_]+):-", text)}
