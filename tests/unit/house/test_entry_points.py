"""What other programs find us by."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def _declared(root: Path) -> dict[str, dict[str, str]]:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return {"console_scripts": project["scripts"], **project["entry-points"]}


def test_the_installed_entry_points_are_those_of_the_project(root: Path) -> None:
    found: dict[str, dict[str, str]] = {}
    for point in distribution("tachograph").entry_points:
        found.setdefault(point.group, {})[point.name] = point.value
    assert found == _declared(root)


def test_every_entry_point_loads() -> None:
    points = list(distribution("tachograph").entry_points)
    assert [point.name for point in points if not callable(point.load())] == []


def test_plug_ins_have_names_of_ours() -> None:
    points = [point for point in distribution("tachograph").entry_points if point.group != "console_scripts"]
    assert [point.name for point in points if not point.name.startswith("tachograph_")] == []
