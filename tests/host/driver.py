"""Runs one module of CPython's tests and writes down how each test ends.

`./dev host` starts it in the Python under test, bare and recorded. It prepares the process as CPython's own runner
does, but keeps an outcome for each test, on disk as soon as the test has ended: a crash loses only what follows.

    driver.py parts NAME…            which modules of this Python's `test` package each suite consists of
    driver.py run MODULE [CLIENT…]   run one of them, with these packages imported first
"""

import gc
import importlib
import importlib.util
import json
import os
import pathlib
import sys
import time
import unittest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

RESULTS = "HOST_RESULTS"
"""Names the file of outcomes; the tests and their children do not see the variable."""

# Packages that CPython's runner takes apart as well: their modules take minutes together.
_SPLIT = (
    "test_asyncio",
    "test_concurrent_futures",
    "test_multiprocessing_fork",
    "test_multiprocessing_forkserver",
    "test_multiprocessing_spawn",
)
_MOST_TEXT = 6000
_FRAMES = 12
"""By how many frames CPython's runner is deeper; some tests count them."""


def parts(suite: str) -> "list[str]":
    """Find the modules of a suite; none where this Python does not have it."""
    try:
        spec = importlib.util.find_spec("test." + suite)
    except ImportError:
        spec = None
    if spec is None:
        return []
    if suite not in _SPLIT or not spec.submodule_search_locations:
        return [suite]
    (folder,) = spec.submodule_search_locations
    names = sorted(path.stem for path in pathlib.Path(folder).iterdir() if path.name.startswith("test_"))
    return [suite + "." + name for name in names]


class Outcomes(unittest.TestResult):
    """Writes one line of JSON a test."""

    def __init__(self, path: str, support: "Any") -> None:
        super().__init__()
        self._path = path
        self._process = os.getpid()
        self._support = support
        self._current: unittest.TestCase | None = None
        self._outcome = ""
        self._text = ""
        self._began = 0.0
        self.altered_between = False
        """Whether the environment was changed while no test was running."""

    def write(self, **line: object) -> None:
        """Add a line, unless this is a fork of the process."""
        if os.getpid() == self._process:
            with open(self._path, "a", encoding="utf-8") as file:  # noqa: PTH123 - a test may have broken pathlib
                file.write(json.dumps(line) + "\n")

    def startTest(self, test: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        super().startTest(test)
        self.altered_between |= self._altered()
        self._current, self._outcome, self._text, self._began = test, "passed", "", time.monotonic()
        self.write(started=test.id())

    def stopTest(self, test: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        super().stopTest(test)
        outcome = self._outcome + (", environment changed" if self._altered() else "")
        taken_s = round(time.monotonic() - self._began, 3)
        self.write(test=test.id(), outcome=outcome, taken_s=taken_s, text=self._text)
        self._current = None

    def _altered(self) -> bool:
        altered = bool(self._support.environment_altered)
        self._support.environment_altered = False
        return altered

    def _note(self, test: "Any", outcome: str, text: str) -> None:
        if self._current is None:
            # Of a class or a module, which has no start and no end.
            self.write(test=test.id(), outcome=outcome, taken_s=0, text=text[-_MOST_TEXT:])
        elif self._outcome not in {"failed", "error"}:
            self._outcome, self._text = outcome, text[-_MOST_TEXT:]

    def _trace(self, error: "Any", test: "Any") -> str:
        base: Any = super()
        return base._exc_info_to_string(error, test)

    def addError(self, test: "Any", err: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        self._note(test, "error", self._trace(err, test))

    def addFailure(self, test: "Any", err: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        self._note(test, "failed", self._trace(err, test))

    def addSubTest(self, test: "Any", subtest: "Any", err: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self._note(test, "failed" if failed else "error", f"{subtest}\n{self._trace(err, test)}")

    def addSkip(self, test: "Any", reason: str) -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        self._note(test, "skipped", reason)

    def addExpectedFailure(self, test: "Any", err: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        self._note(test, "expected failure", "")

    def addUnexpectedSuccess(self, test: "Any") -> None:  # noqa: N802 - the base class's name
        """See `unittest`."""
        self._note(test, "unexpected success", "")


def run(module: str, clients: "list[str]") -> None:
    """Run the tests of a module.

    Parameters
    ----------
    module
        The module, without `test.`.
    clients
        What is imported first.
    """
    path = os.environ.pop(RESULTS)
    for client in clients:
        importlib.import_module(client)
    if clients:
        # Many a test collects garbage, which takes ten times as long with what the clients consist of.
        gc.collect()
        gc.freeze()
    support: Any = importlib.import_module("test.support")
    os_helper: Any = importlib.import_module("test.support.os_helper")
    setup: Any = importlib.import_module("test.libregrtest.setup")
    environment: Any = importlib.import_module("test.libregrtest.save_env")
    if hasattr(setup, "setup_process"):  # Python 3.11.5
        setup.setup_process()
    support.verbose = 0
    support.use_resources = ()
    outcomes = Outcomes(path, support)
    with os_helper.temp_cwd("test_python_" + str(os.getpid())):
        support.environment_altered = False
        with environment.saved_test_environment(module, False, False, pgo=False):
            try:
                loaded = importlib.import_module("test." + module)
                tests = unittest.TestLoader().loadTestsFromModule(loaded)
            except unittest.SkipTest as why:
                outcomes.write(test=module, outcome="skipped", taken_s=0, text=str(why))
            else:
                _below(_FRAMES, lambda: tests.run(outcomes))
            support.gc_collect()
            support.reap_children()
        altered = outcomes.altered_between or support.environment_altered
        outcomes.write(test=f"{module} (environment)", outcome="changed" if altered else "kept", taken_s=0, text="")
    outcomes.write(ended=module)


def _below(frames: int, call: "Callable[[], object]") -> None:
    if frames:
        _below(frames - 1, call)
    else:
        call()


if __name__ == "__main__":
    # Our folder is nothing that a test imports from.
    del sys.path[0]
    action, *names = sys.argv[1:]
    if action == "parts":
        print(json.dumps({name: parts(name) for name in names}))
    else:
        sys.argv[1:] = []
        run(names[0], names[1:])
