"""Programs in environments of their own: with other packages, another start of their own, another Python."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tachograph.run.plugin_table import HTTP_TARGETS, TARGETS

if TYPE_CHECKING:
    from .conftest import Launcher

HOOK = Path(importlib.import_module("tachograph").__path__[0]) / "distro" / "hook"


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has nothing of ours."""
    folder = tmp_path_factory.mktemp("foreign")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


def site_packages(python: Path) -> Path:
    """Where an environment's packages are."""
    (found,) = python.parent.parent.glob("lib/python3*/site-packages")
    return found


def test_an_environment_without_our_dependencies_is_recorded(launcher: Launcher, foreign: Path) -> None:
    program = launcher.program(
        "import importlib.util, tachograph\n"
        "with tachograph.phase('abroad'): pass\n"
        "print(importlib.util.find_spec('typer'), importlib.util.find_spec('pydantic'))\n"
        "1 / 0\n"
    )
    done = launcher.run(foreign, program)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"None None\n", 5)
    recorded = launcher.recorded()
    assert recorded.spans() == ["abroad"]
    assert [error["type"] for error in recorded.errors()] == ["ZeroDivisionError"]


def test_an_error_alone_is_recorded_abroad(launcher: Launcher, foreign: Path) -> None:
    done = launcher.run(foreign, "-c", "1 / 0")
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")
    assert [error["type"] for error in launcher.recorded().errors()] == ["ZeroDivisionError"]


def test_what_recording_needs_is_not_there_for_the_program_to_find(launcher: Launcher, foreign: Path) -> None:
    program = launcher.program(
        "try:\n    import opentelemetry.trace\nexcept ImportError as error:\n    print(error)\n"
        "import importlib.util\n"
        "print([importlib.util.find_spec(name) for name in ('orjson', 'opentelemetry', 'openai')])\n"
    )
    done = launcher.run(foreign, program)
    assert (done.stdout, done.stderr) == (b"No module named 'opentelemetry'\n[None, None, None]\n", b"")
    assert launcher.recorded().children() == []


def test_the_programs_own_packages_go_before_ours(launcher: Launcher, foreign: Path, tmp_path: Path) -> None:
    """An OpenTelemetry that recording cannot use stays the program's, and the program runs as it would."""
    for package in ("opentelemetry/trace", "opentelemetry/version"):
        (tmp_path / package).mkdir(parents=True)
        (tmp_path / package / "__init__.py").write_text("__version__ = '1.2.3'\n")
    program = launcher.program("import opentelemetry.trace, tachograph\nprint(opentelemetry.trace.__version__)\n1 / 0")
    done = launcher.run(foreign, program, env={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, b"1.2.3\n")
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")
    assert b"tachograph:" not in done.stderr
    assert launcher.recorded().children() == []


def test_our_sdk_goes_with_an_api_that_fits(launcher: Launcher, foreign: Path) -> None:
    api = importlib.metadata.distribution("opentelemetry-api")
    target = site_packages(foreign)
    copied = [file for file in api.files or [] if not str(file).startswith("..")]
    try:
        for file in copied:
            to = target / file
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(str(api.locate_file(file))), to)
        shutil.copy(Path(str(importlib.import_module("typing_extensions").__file__)), target)
        program = launcher.program(
            "from opentelemetry import trace\n"
            "print(trace.__file__)\n"
            "with trace.get_tracer('theirs').start_as_current_span('plain'): pass\n"
        )
        done = launcher.run(foreign, program)
    finally:
        shutil.rmtree(target / "opentelemetry")
        (target / "typing_extensions.py").unlink()
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith(str(target))
    assert launcher.recorded().spans() == ["plain"]


def test_an_abi_that_differs_is_left_alone(launcher: Launcher, foreign: Path) -> None:
    done = launcher.run("sh", "-c", f"TACHOGRAPH_LIBRARY=cpython-27-:/nowhere {foreign} -c '1 / 0'")
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")
    assert launcher.recorded().children() == []


def behind(folder: Path) -> list[str]:
    """A Python that finds a folder behind what it was handed; the launcher, a Python itself, does not."""
    return ["sh", "-c", f'PYTHONPATH="$PYTHONPATH:{folder}" exec "$@"', "sh", sys.executable, "-c"]


def test_a_site_customisation_behind_ours_runs(launcher: Launcher, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nVALUE = 7\nprint(__name__, __file__, sys.modules[__name__].VALUE)\n"
    )
    done = launcher.run(*behind(tmp_path), "import sitecustomize; print(sitecustomize.VALUE)")
    assert done.stdout.decode() == f"sitecustomize {tmp_path / 'sitecustomize.py'} 7\n7\n"


def test_a_site_customisation_that_fails_fails_as_it_would(launcher: Launcher, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise RuntimeError('theirs')")
    words = [*behind(tmp_path), "import tachograph, sys\nprint('sitecustomize' in sys.modules)"]
    plain = subprocess.run(words, env=launcher.environ, capture_output=True, check=False)
    done = launcher.run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)


def test_the_hook_is_nothing_to_a_python_that_cannot_read_the_rest() -> None:
    text = (HOOK / "sitecustomize.py").read_text()
    plain = "import sys, collections; sys.version_info = (3, 6); sys.path.insert(0, {hook!r}); __file__ = {file!r}\n"
    code = plain.format(hook=str(HOOK), file=str(HOOK / "sitecustomize.py")) + text
    code += f"\nprint({str(HOOK)!r} in sys.path, '_tachograph_hook' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"False False\n", b"")


def test_the_hook_knows_the_targets() -> None:
    code = f"import sys; sys.path.insert(0, {str(HOOK)!r}); import _tachograph_hook as h; "
    code += "print(*h.TARGETS, *h.HTTP_TARGETS)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().split() == [*TARGETS, *HTTP_TARGETS]


def test_a_module_looks_as_if_nobody_watched(launcher: Launcher) -> None:
    (launcher.folder / "openai.py").write_text("import sys\nSEEN = (__spec__.loader, __loader__)\n")
    program = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec('openai')\n"
        "print(found.loader.get_source('openai').count('SEEN'), 'openai' in sys.modules)\n"
        "import openai\n"
        "from importlib.machinery import SourceFileLoader as Own\n"
        "print([type(l) is Own for l in (*openai.SEEN, openai.__loader__, openai.__spec__.loader)])\n"
    )
    done = launcher.python(program)
    assert done.stdout == b"1 False\n[True, True, True, True]\n", done.stderr
    assert done.returncode == 0


def test_a_call_of_an_installed_tool_is_found_in_the_tool(launcher: Launcher, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "some_tool"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(
        "import openai\n"
        "def ask():\n"
        "    client = openai.OpenAI(base_url='http://127.0.0.1:9', api_key='none', max_retries=0)\n"
        "    client.embeddings.create(model='m', input='x')\n"
        "def main():\n"
        "    try:\n"
        "        ask()\n"
        "    except openai.APIConnectionError:\n"
        "        return 4\n"
    )
    script = tmp_path / "some-tool"
    script.write_text("import sys\nfrom some_tool.cli import main\nif __name__ == '__main__':\n    sys.exit(main())\n")

    done = launcher.run(sys.executable, script, env={"PYTHONPATH": str(package.parent)})

    assert done.returncode == 4
    attempt, span = launcher.recorded().records("span.end")
    assert (attempt["name"], attempt["parent_id"]) == ("POST", span["span_id"])
    found = {key: value for key, value in span["attributes"].items() if key.startswith("code.")}
    assert found == {"code.file.path": str(package / "cli.py"), "code.line.number": 4, "code.function.name": "ask"}
