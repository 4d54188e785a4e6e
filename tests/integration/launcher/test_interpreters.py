"""Interpreters beside the main one: they run as they would alone, and nothing is recorded in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Launcher

PROGRAM = """
import importlib, sys
for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = importlib.import_module(name)
        break
    except ImportError:
        pass
from opentelemetry import trace
trace.get_tracer("program").start_span("in the main one").end()
other = interpreters.create()
interpreters.run_string(other, '''
import sys
from opentelemetry import trace
trace.get_tracer("program").start_span("in another").end()
print("orjson" in sys.modules, "tachograph.recorder" in sys.modules, flush=True)
''')
interpreters.destroy(other)
"""


def test_nothing_is_recorded_in_another_interpreter(launcher: Launcher) -> None:
    done = launcher.python(PROGRAM)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"False False\n", b"")
    assert launcher.recorded().spans() == ["in the main one"]


def test_nor_under_opentelemetry_instrument(launcher: Launcher) -> None:
    command = Path(sys.executable).with_name("opentelemetry-instrument")
    # Those of OpenTelemetry, which do not load in another interpreter.
    theirs = "openai,anthropic,httpx,httpx2"
    done = subprocess.run(
        [command, sys.executable, launcher.program(PROGRAM)],
        env={**launcher.environ, "TACHOGRAPH_DIR": str(launcher.base), "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": theirs},
        cwd=launcher.folder,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"False False\n", b"")
    assert launcher.recorded().spans() == ["in the main one"]
