"""Runs CPython's own tests bare and recorded, and compares: `python -m tests.host [SUITE…]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from tests.host import known, table, ways
from tests.host.compare import Comparison, compare
from tests.host.interpreter import HostError, Interpreter, find, say
from tests.host.suites import QUICK, SUITES, every

TIMEOUT_S = 900.0


def main() -> int:
    """Compare and print; 1 where a test differs that is not in the list, 2 where nothing can be compared."""
    parser = argparse.ArgumentParser(
        prog="./dev host",
        description="Runs CPython's own tests bare, under `tacho run` and under `opentelemetry-instrument`, each with "
        "and without the clients imported, and compares them test by test.",
    )
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="test_threading, test_asyncio.test_base …")
    parser.add_argument("--quick", action="store_true", help="the suites that are most likely to notice, in minutes")
    parser.add_argument("--python", type=Path, metavar="PATH", help="another Python than that of .venv")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many modules are run at a time")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, metavar="S", help="for one module in one way")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--list", action="store_true", help="print the suites and end")
    options = cast("Any", parser.parse_args())
    if options.list:
        for about, suites in SUITES.items():
            print(f"{about}: {' '.join(suites)}")
        print(f"--quick: {' '.join(QUICK)}")
        return 0
    try:
        interpreter = find(options.python)
        modules = _modules(interpreter, options.suites or (list(QUICK) if options.quick else every()))
        began = time.monotonic()
        compared = _compare(interpreter, modules, options.jobs, options.timeout)
    except HostError as error:
        say(str(error))
        return 2
    verdict = table.judge(compared, known.read(), interpreter.version)
    taken_s = time.monotonic() - began
    if options.json:
        print(json.dumps(table.document(interpreter.version, compared, verdict, taken_s), indent=2))
    else:
        print(table.text(compared, verdict))
    say(f"Python {interpreter.version}, {taken_s:.0f} s")
    return 1 if verdict.new else 0


def _modules(interpreter: Interpreter, suites: list[str]) -> list[str]:
    found = interpreter.parts(suites)
    missing = [suite for suite in suites if not found[suite]]
    if missing:
        say(f"not in Python {interpreter.version}: {' '.join(missing)}")
    modules = [module for suite in suites for module in found[suite]]
    if not modules:
        raise HostError("there is nothing to run")
    return modules


def _compare(interpreter: Interpreter, modules: list[str], jobs: int, timeout_s: float) -> list[Comparison]:
    done = 0

    def one(module: str) -> Comparison:
        nonlocal done

        def run(way: ways.Way, number: int) -> ways.Outcomes:
            outcomes = ways.run(interpreter, module, way, number, timeout_s)
            again = f" again ({number})" if number else ""
            head = f"[{done + 1}/{len(modules)}] {module} {way.name}{again}"
            say(f"{head}: {outcomes.counts()}, {outcomes.taken_s:.1f} s")
            return outcomes

        compared = compare(module, run)
        done += 1
        return compared

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, modules))


if __name__ == "__main__":
    sys.exit(main())
