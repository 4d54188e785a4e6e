"""P1: what recording adds to a server: FastAPI with four workers, each request of which calls a model."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from benchmarks.measure import say, table

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.measure import Bench

_WORKERS, _CLIENTS = 4, 8
_WARM, _REQUESTS, _ROUNDS = 400, 1600, 5
_QUESTION = "The tide tables of the harbour were printed anew, and nobody had compared them with the old ones. " * 31
_START_S = 60
_SHARE = 0.08


class _Served(NamedTuple):
    """What a request took: CPU time and latencies in us, and bytes on disk."""

    cpu_us: float
    median_us: float
    slow_us: float
    size: float


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budget holds: at most 8 % more CPU time for a request."""
    rounds: dict[str, list[_Served]] = {"bare": [], "recorded": []}
    for number in range(1 if quick else _ROUNDS):
        for name, served in rounds.items():
            say(f"P1 server, {name}, round {number + 1}")
            served.append(_round(bench.provider, recorded=name == "recorded", requests=200 if quick else _REQUESTS))
    least = {name: min(one.cpu_us for one in served) for name, served in rounds.items()}
    share = least["recorded"] / least["bare"] - 1
    rows = [
        [
            name,
            f"{least[name]:,.0f} ({statistics.median(one.cpu_us for one in served):,.0f})",
            f"{statistics.median(one.median_us for one in served) / 1e3:.1f}",
            f"{min(one.slow_us for one in served) / 1e3:.1f} to {max(one.slow_us for one in served) / 1e3:.1f}",
            f"{statistics.median(one.size for one in served):,.0f}",
        ]
        for name, served in rounds.items()
    ]
    head = [
        "FastAPI, four workers",
        "CPU time of a request, us: least (median)",
        "latency, ms: 50th percentile",
        "99th percentile in each round",
        "bytes on disk",
    ]
    return [*table(head, rows), "", f"Recorded, a request needs {share:+.1%} CPU time (budget +8 %)."], share <= _SHARE


def _round(provider: str, *, recorded: bool, requests: int) -> _Served:
    with tempfile.TemporaryDirectory() as folder, _server(provider, folder, recorded=recorded) as (process, port):
        _load(port, _WARM)
        before_s, before_bytes = _cpu_s(process), _size(folder)
        latencies = _load(port, requests)
        cpu_s, size = _cpu_s(process) - before_s, _size(folder) - before_bytes
    cuts = statistics.quantiles(latencies, n=100)
    return _Served(cpu_s / requests * 1e6, cuts[49] * 1e6, cuts[98] * 1e6, size / requests)


@contextmanager
def _server(provider: str, folder: str, *, recorded: bool) -> Generator[tuple[psutil.Process, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    words = ["-m", "uvicorn", "benchmarks.served:app", "--port", str(port), "--workers", str(_WORKERS)]
    tacho = [str(Path(sys.executable).with_name("tacho")), "run"] if recorded else []
    command = [*tacho, sys.executable, *words, "--log-level", "error"]
    env = {**os.environ, "BENCHMARK_PROVIDER": f"{provider}/v1", "TACHOGRAPH_DIR": folder}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield psutil.Process(server.pid), port
        finally:
            server.send_signal(signal.SIGTERM)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        try:
            _requests(port, 1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not answer")


def _load(port: int, requests: int) -> list[float]:
    """Requests of several clients at once, and how long each took, in seconds."""
    with ThreadPoolExecutor(_CLIENTS) as pool:
        clients = [pool.submit(_requests, port, requests // _CLIENTS) for _ in range(_CLIENTS)]
        return [taken_s for client in clients for taken_s in client.result()]


def _requests(port: int, count: int) -> list[float]:
    """Requests one after the other, and how long each took, in seconds."""
    taken: list[float] = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_S)
    for number in range(count):
        began = time.perf_counter()
        connection.request("POST", "/ask", f"Question {began} {number}. {_QUESTION}".encode())
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - began)
        if answer.status != http.client.OK:
            raise RuntimeError(f"the server answered {answer.status}")
    connection.close()
    return taken


def _cpu_s(process: psutil.Process) -> float:
    """User and system time of a process and all below it, that of the ended ones they waited for included."""
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children(recursive=True)))


def _size(folder: str) -> int:
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
