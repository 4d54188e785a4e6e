"""The sdist and the wheel: what is in them, and that the wheel works where nothing else of the tree is."""

from __future__ import annotations

import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.packages, pytest.mark.timeout(600)]

SOURCES = ("src", "instrumentors", "exporters")


@pytest.fixture(scope="module")
def built(tree: Path, uv: str, run: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist and the wheel that is made of it."""
    out = tmp_path_factory.mktemp("dist")
    run(uv, "build", "--quiet", "--out-dir", out, tree)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


def test_the_wheel_holds_every_source_root_and_nothing_else(built: tuple[Path, Path], tree: Path) -> None:
    wanted = {
        path.relative_to(tree / source).as_posix()
        for source in SOURCES
        for path in (tree / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(built[1]) as wheel:
        names = set(wheel.namelist())
    assert {name for name in names if ".dist-info/" not in name} == wanted
    packages = {name.split("/")[0] for name in wanted}
    assert {f"{package}/py.typed" for package in packages} <= names
    assert {name.split(".dist-info/")[1] for name in names if ".dist-info/" in name} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }


def test_the_sdist_holds_what_the_tests_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "dev", "pyproject.toml", "requirements.lock", "tests/conftest.py"} <= names


def test_the_wheel_works_alone(built: tuple[Path, Path], uv: str, run: Callable[..., str], tmp_path: Path) -> None:
    home = tmp_path / "alone"
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    run(uv, "venv", "--quiet", home, cwd=tmp_path, env=environ)
    python, tacho = home / "bin" / "python", home / "bin" / "tacho"
    run(uv, "pip", "install", "--quiet", "--python", python, f"{built[1]}[demo]", cwd=tmp_path, env=environ)

    version = run(python, "-c", "import tachograph; print(tachograph.__version__)", cwd=tmp_path, env=environ)
    assert run(tacho, "--version", cwd=tmp_path, env=environ) == f"tacho {version}"
    assert built[1].name.startswith(f"tachograph-{version.strip()}-")

    run(tacho, "demo", cwd=tmp_path, env=environ)
    reports = list((tmp_path / ".tachograph" / "runs").glob("*/*/report.json"))
    assert len(reports) == 1
