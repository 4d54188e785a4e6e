"""The table of plug-ins names every plug-in, and whatever else has to name them does."""

from __future__ import annotations

import runpy
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.cli import demo
from tachograph.run.plugin_table import ALWAYS, CLIENTS, HTTP_TARGETS, NAMES, PLUGINS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_TABLE = "PLUGINS in src/tachograph/run/plugin_table.py"
_OTHERS = frozenset({"tachograph_otlp", "tachograph_distro", "tachograph_configurator"})
"""What has a name like a plug-in's and is none: the exporter, and the entry points of the distribution."""


def _contract(project: dict[str, Any], name: str) -> dict[str, Any]:
    contracts: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["name"] == name)


def _last(paths: Iterable[str]) -> list[str]:
    return [path.rpartition("/")[2] for path in paths]


_PYPROJECT: dict[str, Callable[[dict[str, Any]], Iterable[str]]] = {
    "[project.entry-points.opentelemetry_instrumentor]": lambda p: p["project"]["entry-points"][
        "opentelemetry_instrumentor"
    ],
    "[tool.hatch.build.targets.wheel] packages": lambda p: _last(
        p["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    ),
    "[tool.coverage.run] source": lambda p: p["tool"]["coverage"]["run"]["source"],
    "[tool.importlinter] root_packages": lambda p: p["tool"]["importlinter"]["root_packages"],
    "source_modules of the contract on what instrumentors import": lambda p: _contract(
        p, "instrumentors import instrument, runtime and semconv only"
    )["source_modules"],
    "modules of the contract that plug-ins are independent": lambda p: _contract(p, "plug-ins never import each other")[
        "modules"
    ],
    "forbidden_modules of the contract on the core": lambda p: _contract(p, "the core never imports a plug-in")[
        "forbidden_modules"
    ],
    "ancestors of the contract on cycles": lambda p: _contract(p, "no cycles inside a package")["ancestors"],
}


def _agree(place: str, named: Iterable[str]) -> None:
    """Fail unless a place names all plug-ins of the table, and no other."""
    plugins = {name for name in named if name.startswith("tachograph_")} - _OTHERS
    missing, unknown = sorted(set(NAMES) - plugins), sorted(plugins - set(NAMES))
    assert not missing, f"add {', '.join(missing)} to {place}"
    assert not unknown, f"{place} names {', '.join(unknown)}, which {_TABLE} does not: add it there"


@pytest.mark.parametrize("place", _PYPROJECT)
def test_pyproject_names_the_plugins(root: Path, place: str) -> None:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    _agree(f"{place} of pyproject.toml", _PYPROJECT[place](project))


def test_each_plugin_is_a_package(root: Path) -> None:
    _agree("instrumentors/", (folder.parent.name for folder in (root / "instrumentors").glob("*/__init__.py")))


def test_each_entry_point_is_in_the_module_entry(root: Path) -> None:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    points: dict[str, str] = project["entry-points"]["opentelemetry_instrumentor"]
    assert {name: value.partition(":")[0] for name, value in points.items()} == {n: f"{n}.entry" for n in NAMES}


def test_the_hook_names_the_plugins_and_their_modules(root: Path) -> None:
    hook = "src/tachograph/distro/hook/_tachograph_hook.py"
    names = runpy.run_path(str(root / hook))
    assert names["TARGETS"] == tuple(TARGETS), f"write the keys of TARGETS, as {_TABLE} makes them, to {hook}"
    assert names["HTTP_TARGETS"] == tuple(HTTP_TARGETS), f"write the keys of HTTP_TARGETS to {hook}"
    _agree(f"_Lender._ours in {hook}", names["_Lender"]._ours)


def test_the_settings_page_names_the_plugins(root: Path) -> None:
    page = (root / "docs" / "settings.md").read_text("utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("| `OTEL_PYTHON_DISABLED_INSTRUMENTATIONS`")]
    assert [name for name in NAMES if f"`{name}`" not in line] == [], "run `./dev docs`"


def test_the_demonstration_uses_recorded_clients() -> None:
    assert set(demo.CLIENTS) <= set(CLIENTS)


def test_the_clients_that_are_named_are_the_targets() -> None:
    assert set(CLIENTS) == set(TARGETS)


def test_each_plugin_is_put_in_somewhere() -> None:
    targets = {name for names in (*TARGETS.values(), *HTTP_TARGETS.values()) for name in names}
    assert sorted({*targets, *ALWAYS}) == sorted(plugin.name for plugin in PLUGINS)
    assert targets.isdisjoint(ALWAYS)
