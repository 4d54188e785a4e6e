"""Calling back when a module is imported, and leaving the import as it is."""

from __future__ import annotations

import importlib
import importlib.resources
import importlib.util
import inspect
import logging
import pickle
import subprocess
import sys
import textwrap
import threading
import zipfile
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

import pytest

from tachograph.instrument.imports import forget, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package on the import path that nobody has imported."""
    name = "tachograph_test_package"
    folder = tmp_path / "path" / name
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("VALUE = 1\n")
    (folder / "part.py").write_text("WHOLE = 2\n")
    (folder / "data.txt").write_text("data")
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    yield name
    for known in [known for known in sys.modules if known.partition(".")[0] == name]:
        del sys.modules[known]


@pytest.fixture
def heard() -> Iterator[Callable[[str], list[ModuleType]]]:
    """Registers for a module; the list of what was called back with."""
    registered: list[tuple[str, Callable[[ModuleType], object]]] = []

    def hear(name: str) -> list[ModuleType]:
        modules: list[ModuleType] = []
        registered.append((name, modules.append))
        when_imported(name, modules.append)
        return modules

    yield hear
    for name, callback in registered:
        forget(name, callback)


def test_it_calls_back_after_the_import(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    whole, part = heard(package), heard(f"{package}.part")
    assert package not in sys.modules

    module = importlib.import_module(package)
    assert (whole, part) == ([module], [])
    inner = importlib.import_module(f"{package}.part")
    assert (whole, part) == ([module], [inner])
    assert inner.WHOLE == 2


def test_it_calls_back_at_once_where_it_is_imported(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    module = importlib.import_module(package)

    assert heard(package) == [module]


def test_it_calls_back_after_a_reload(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    whole = heard(package)
    module = importlib.import_module(package)

    assert importlib.reload(module) is module

    assert whole == [module, module]


def test_looking_for_a_module_is_not_importing_it(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    whole = heard(package)

    spec = importlib.util.find_spec(package)

    assert spec is not None
    assert isinstance(spec.loader, SourceFileLoader)
    assert spec.loader.get_source(package) == "VALUE = 1\n"
    assert spec.loader.is_package(package)
    assert spec.loader == pickle.loads(pickle.dumps(spec.loader))
    assert whole == []
    assert package not in sys.modules


def test_the_module_is_as_it_would_be(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    heard(package)
    module = importlib.import_module(package)

    assert type(module.__loader__) is SourceFileLoader
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.__loader__
    assert inspect.getsource(module) == "VALUE = 1\n"
    assert (importlib.resources.files(package) / "data.txt").read_text() == "data"


def test_a_module_in_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: Callable[[str], list[ModuleType]]
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("tachograph_test_zipped.py", "VALUE = 3\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "a.zip"), *sys.path])
    found = heard("tachograph_test_zipped")

    module = importlib.import_module("tachograph_test_zipped")
    del sys.modules["tachograph_test_zipped"]

    assert found == [module]
    assert inspect.getsource(module) == "VALUE = 3\n"


def test_a_module_that_fails(package: str, tmp_path: Path, heard: Callable[[str], list[ModuleType]]) -> None:
    source = tmp_path / "path" / package / "__init__.py"
    source.write_text("raise KeyError('no')\n")
    whole = heard(package)

    with pytest.raises(KeyError):
        importlib.import_module(package)
    assert whole == []
    source.write_text("VALUE = 12345\n")
    importlib.invalidate_caches()
    module = importlib.import_module(package)

    assert whole == [module]


def test_a_module_that_does_not_exist(heard: Callable[[str], list[ModuleType]]) -> None:
    found = heard("tachograph_test_absent")

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("tachograph_test_absent")

    assert found == []


def test_what_a_callback_raises_is_logged(package: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(module: ModuleType) -> None:
        raise ValueError("ours")

    when_imported(package, fail)
    with caplog.at_level(logging.WARNING, logger="tachograph"):
        assert importlib.import_module(package).VALUE == 1
    forget(package, fail)

    assert caplog.messages == [f"tachograph: {package} is imported but could not be instrumented"]


def test_forgotten(package: str) -> None:
    modules: list[ModuleType] = []
    finders = list(sys.meta_path)
    callback = modules.append
    when_imported(package, callback)
    when_imported(package, callback)
    forget(package, callback)
    forget(package, callback)

    importlib.import_module(package)

    assert modules == []
    assert sys.meta_path == finders


def test_many_threads_import_at_once(package: str, heard: Callable[[str], list[ModuleType]]) -> None:
    whole = heard(package)
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        importlib.import_module(package)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert whole == [sys.modules[package]]


def test_a_module_another_thread_is_importing(package: str, tmp_path: Path) -> None:
    source = tmp_path / "path" / package / "__init__.py"
    source.write_text("import builtins as b\nb.tachograph_begun.set()\nb.tachograph_go.wait(10)\nDONE = True\n")
    import builtins

    begun, go = threading.Event(), threading.Event()
    builtins.__dict__.update(tachograph_begun=begun, tachograph_go=go)
    seen: list[bool] = []

    def callback(module: ModuleType) -> None:
        seen.append(hasattr(module, "DONE"))

    importing = threading.Thread(target=importlib.import_module, args=(package,))
    importing.start()
    begun.wait(10)
    registering = threading.Thread(target=when_imported, args=(package, callback))
    registering.start()
    go.set()
    importing.join()
    registering.join()
    forget(package, callback)
    del builtins.__dict__["tachograph_begun"], builtins.__dict__["tachograph_go"]

    assert seen == [True]


def test_it_is_cheap_to_import() -> None:
    code = """
        import sys
        before = set(sys.modules)
        import tachograph.instrument.imports
        print(sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)

    assert "opentelemetry" not in done.stdout
    assert "wrapt" not in done.stdout
