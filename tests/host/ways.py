"""The ways a suite is run: bare and recorded, with clients imported and without."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.host.driver import RESULTS
from tests.host.interpreter import CACHE, CLIENTS, DRIVER, HostError
from tests.host.outcomes import Outcomes

if TYPE_CHECKING:
    from tests.host.interpreter import Interpreter

_OURS = ("TACHOGRAPH_", "OTEL_", "TRACE", "PYTHON", "COV")


class Way(NamedTuple):
    """How a suite is run."""

    recorder: str | None
    """`run` for `tacho run`, `instrument` for `opentelemetry-instrument`, None for nothing."""
    clients: bool
    """Whether the clients are imported first."""

    @property
    def name(self) -> str:
        """As tables and the known differences have it."""
        return (self.recorder or "bare") + ("+clients" if self.clients else "")

    @property
    def bare(self) -> Way:
        """What it is compared with."""
        return Way(None, self.clients)


BARE = (Way(None, clients=False), Way(None, clients=True))
RECORDED = tuple(Way(recorder, clients) for clients in (False, True) for recorder in ("run", "instrument"))


def run(interpreter: Interpreter, module: str, way: Way, number: int, timeout_s: float) -> Outcomes:
    """Run one module of tests in one way.

    Parameters
    ----------
    interpreter
        The Python under test.
    module
        The module, without `test.`.
    way
        How it is run.
    number
        Which time it is; what it prints and its outcomes are kept below ``.cache/host``, by this number.
    timeout_s
        After which time its processes are killed.
    """
    kept = CACHE / "output" / interpreter.version / f"{module}.{way.name}.{number}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    results, output = kept.with_name(kept.name + ".jsonl"), kept.with_name(kept.name + ".txt")
    results.unlink(missing_ok=True)
    (CACHE / "home").mkdir(exist_ok=True)
    # Short, for sockets are made in it whose paths may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="host-"))
    command = [str(interpreter.python), str(DRIVER), "run", module, *(CLIENTS if way.clients else ())]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
        "XDG_DATA_HOME": str(CACHE / "home" / "data"),
        "XDG_CACHE_HOME": str(CACHE / "home" / "cache"),
        "TMPDIR": str(folder),
        RESULTS: str(results),
    }
    if way.recorder == "run":
        command = [interpreter.script("tacho"), "run", "--dir", str(folder / "recorded"), "--", *command]
    elif way.recorder == "instrument":
        command.insert(0, interpreter.script("opentelemetry-instrument"))
        environ["TACHOGRAPH_DIR"] = str(folder / "recorded")
        environ["OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"] = interpreter.foreign
    began = time.monotonic()
    try:
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                ended = f"exit {process.wait(timeout_s)}"
            except subprocess.TimeoutExpired:
                ended = "timed out"
            finally:
                # A suite may leave processes behind, and one that was interrupted does.
                _kill_group(process.pid)
                process.wait()
        # A comparison with nothing proves nothing.
        if way.recorder and not list(folder.glob("recorded/runs/*/*/journal-*")):
            raise HostError(f"{module} was not recorded under {' '.join(command[:2])}; see {output}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Outcomes.read(results, module, ended, time.monotonic() - began)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
