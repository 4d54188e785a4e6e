"""P5: how fast texts are redacted, next to others in the same run, and what the first of a process waits for.

Each redactor is a process of its own that redacts when it is told to: `python -m benchmarks.redaction REDACTOR FOLDER`.
Those that are not ours run in environments of their own under `.cache/redactors`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from benchmarks import corpus
from benchmarks.contenders import REDACTORS, RIVALS, redactor
from benchmarks.measure import has_valgrind, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from benchmarks.measure import Bench

_ROOT = Path(__file__).parents[1]
_OURS = "Sealer.json"
_SCAN = "the scan alone"
_SMALL, _LARGE = ("prose", "code", "dense"), ("large clean", "large sparse", "large dense")
_CLEAN_MB_S, _DENSE_MB_S = 350, 100
_CALL_US, _WARM_MS, _COLD_S = 30, 15, 2
_LONGEST_PASS_S = 0.3
# Asked for pieces alone.
_SLOW = frozenset({*RIVALS, "our triggers as one `re`"})
_FEWEST = 4
_COLLECTED = re.compile(r"Collected : (\d+)")


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The tables and whether the budgets hold: 350 MB/s of clean and 100 of dense text, 30 us for a call of 3 KB, and
    15 ms before the first sealing is done, 2 s where nothing is compiled yet.
    """
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    found, planted = _write_texts(folder)
    python: dict[str, str] = dict.fromkeys(REDACTORS, sys.executable)
    missing: dict[str, str] = {}
    for name in RIVALS:
        try:
            python[name] = str(_environment(name))
        except (OSError, subprocess.SubprocessError) as error:
            missing[name] = _reason(error)
    speeds = _speeds(folder, python, 1 if quick else 5)
    rates, fast_enough = _rates(speeds, missing)
    calls, short_enough = _calls(speeds[_OURS])
    lines = [*rates, "", *calls]
    if has_valgrind() and not quick:
        say("P5 instructions")
        lines += ["", *_instructions(folder, python)]
    starts, soon_enough = _starts(bench, 1 if quick else 5)
    left = _left(folder, planted)
    lines += ["", *starts, "", f"{found} Of {planted[0]} values put into the dense text {left} are still there."]
    return lines, fast_enough and short_enough and soon_enough and left == 0


def _speeds(folder: Path, python: dict[str, str], rounds: int) -> dict[str, dict[str, Pace]]:
    """The best of alternating rounds, by redactor and text."""
    with ExitStack() as running:
        asked = {name: running.enter_context(_worker(path, name, folder)) for name, path in python.items()}
        best: dict[str, dict[str, Pace]] = {name: {} for name in asked}
        for number in range(rounds):
            say(f"P5 round {number + 1} of {rounds}")
            for text in (*_SMALL, *_LARGE, "call"):
                for name, ask in asked.items():
                    if not _is_asked(name, text):
                        continue
                    pace = ask(text)
                    held = best[name].get(text, pace)
                    best[name][text] = min(pace, held, key=lambda pace: pace.piece_us / pace.piece_bytes)
    return best


def _is_asked(name: str, text: str) -> bool:
    if name == _SCAN:
        # It stops where there is something.
        return text in {"prose", "code"}
    return text in _SMALL or name == _OURS or (text in _LARGE and name not in _SLOW)


def _rates(speeds: dict[str, dict[str, Pace]], missing: dict[str, str]) -> tuple[list[str], bool]:
    rows: list[list[str]] = []
    for name, paces in speeds.items():
        ratio = f"{speeds[_OURS]['dense'].mb_s / paces['dense'].mb_s:,.1f}" if "dense" in paces else "-"
        rates = [_rate(paces[text].mb_s) if text in paces else "-" for text in (*_SMALL, *_LARGE)]
        rows.append([_titled(name), *rates, ratio])
    rows += [[_titled(name), f"not measured: {why}", *["-"] * 6] for name, why in missing.items()]
    head = [
        "MB/s of pieces of 3 KB",
        "prose",
        "code",
        "dense text",
        "1 MB clean",
        f"1 MB, something every {corpus.SPARSE >> 10} KB",
        "1 MB dense",
        "dense: ours is times as fast",
    ]
    ours = speeds[_OURS]
    clean = min(ours[text].mb_s for text in ("prose", "code", "large clean"))
    dense = min(ours[text].mb_s for text in ("dense", "large dense"))
    said = (
        f"Slowest of {_OURS}: clean {clean:,.1f} MB/s, budget {_CLEAN_MB_S}; dense {dense:,.1f}, budget {_DENSE_MB_S}."
    )
    return [*table(head, rows), "", said], clean >= _CLEAN_MB_S and dense >= _DENSE_MB_S


def _rate(mb_s: float) -> str:
    return f"{mb_s:,.1f}" if mb_s >= 1 else f"{mb_s:.3f}"


def _calls(ours: dict[str, Pace]) -> tuple[list[str], bool]:
    call = ours["call"]
    times = [f"{us:,.1f}" for us in (call.piece_us, call.middle_us, call.slowest_us)]
    rows = [["3 KB, new each time", *times, str(_CALL_US)]]
    head = ["a message through Sealer.json", "mean, us", "median, us", "slowest piece, us", "budget of the mean, us"]
    return table(head, rows), call.piece_us <= _CALL_US


def _instructions(folder: Path, python: dict[str, str]) -> list[str]:
    """Of a longer run less a shorter one; not of the slow ones, which take valgrind minutes."""
    rows: list[list[str]] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in REDACTORS:
            if name in _SLOW:
                continue
            runs, path = (2, 12), python[name]
            counts = [[pool.submit(_counted, path, name, folder, text, passes) for passes in runs] for text in _SMALL]
            row = [_titled(name)]
            for shorter, longer in ((short.result(), long.result()) for short, long in counts):
                row.append(f"{(longer[0] - shorter[0]) / (runs[1] - runs[0]) / shorter[1]:,.1f}")
            rows.append(row)
    return table(["instructions a byte, pieces of 3 KB", "prose", "code", "dense text"], rows)


_START = """
import json, sys, time
begun = time.perf_counter()
from tachograph.redaction import Sealer
from tachograph.redaction.scan import engine_loader
imported = time.perf_counter()
wait = sys.argv[1] == "wait"
if wait:
    engine_loader.wait()
sealer = Sealer(bytes(32), {})
sealer.json({"role": "user", "content": "What does the harbour's tide table say?"}, {})
first = time.perf_counter()
secret = "gh" + "p_" + "a1B2" * 9
sealed = sealer.json({"content": "It is " + secret}, {})
assert secret.encode() not in sealed, sealed
second = time.perf_counter()
while not engine_loader.engine()[1]:
    time.sleep(0.05)
times = (imported - begun, first - imported, second - first, time.perf_counter() - imported)
print(json.dumps(times))
"""


def _starts(bench: Bench, rounds: int) -> tuple[list[str], bool]:
    """Fresh processes; the cold ones have a cache folder of their own."""
    say("P5 start-up")
    taken: dict[str, list[list[float]]] = {"kept": [], "nothing kept, waits": [], "nothing kept, a program": []}
    for _ in range(rounds):
        for name, rows in taken.items():
            with tempfile.TemporaryDirectory(dir=bench.folder) as cold:
                home = bench.folder if name == "kept" else cold
                words = ["wait" if name == "nothing kept, waits" else "go on"]
                if name == "kept" and not rows:
                    _python(_START, "wait", home=home)
                rows.append(json.loads(_python(_START, *words, home=home)))
    best = {name: [min(column) for column in zip(*rows, strict=True)] for name, rows in taken.items()}
    table_rows = [[name, *(f"{one * 1e3:,.1f}" for one in times)] for name, times in best.items()]
    head = [
        "compiled triggers",
        "import, ms",
        "first sealing, ms",
        "first with a secret, ms",
        "compiled engine there, ms",
    ]
    warm, waited, went_on = best.values()
    held = warm[1] * 1e3 <= _WARM_MS and waited[1] <= _COLD_S and went_on[1] < waited[1] / 4
    said = (
        f"Budgets of the first sealing: {_WARM_MS} ms where the triggers are kept, {_COLD_S} s for a tool that waits"
        " for them, and for a program a quarter of that tool's, as it is not to wait."
    )
    return [*table(head, table_rows), "", said], held


def _python(code: str, *words: str, home: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**environ, "XDG_CACHE_HOME": home},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


# ---- the processes that redact


class Pace(NamedTuple):
    """How long pieces took in the best of some passes."""

    piece_us: float
    piece_bytes: float
    middle_us: float
    slowest_us: float

    @property
    def mb_s(self) -> float:
        """Millions of bytes a second."""
        return self.piece_bytes / self.piece_us


@contextmanager
def _worker(python: str, name: str, folder: Path) -> Generator[Callable[[str], Pace]]:
    with subprocess.Popen(
        [python, "-m", "benchmarks.redaction", name, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def ask(text: str) -> Pace:
            stdin.write(f"{text}\n")
            stdin.flush()
            return Pace(*json.loads(stdout.readline()))

        try:
            yield ask
        finally:
            stdin.close()


def _counted(python: str, name: str, folder: Path, text: str, passes: int) -> tuple[int, int]:
    """The instructions of a process that makes some passes over a text, and the bytes of one pass."""
    tool = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={os.devnull}"]
    done = subprocess.run(
        [*tool, python, "-m", "benchmarks.redaction", name, str(folder), "--count", text, "--passes", str(passes)],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
        cwd=_ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    found = _COLLECTED.search(done.stderr)
    if found is None:
        raise RuntimeError(f"valgrind said no count: {done.stderr[-300:]}")
    return int(found[1]), int(done.stdout.split()[-1])


def main() -> None:
    """Redact what standard input names; each answer is a line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redaction")
    parser.add_argument("redactor", choices=[*REDACTORS, *RIVALS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", choices=_SMALL)
    parser.add_argument("--passes", type=int)
    said = cast("Any", parser.parse_args())
    redact = redactor(said.redactor)
    pieces: dict[str, list[str]] = {
        text: json.loads((said.folder / f"{text}.json").read_text("utf-8")) for text in (*_SMALL, *_LARGE)
    }
    if said.count:
        _count(redact, pieces[said.count][:40], said.passes)
        return
    few: dict[str, int] = {}
    for line in sys.stdin:
        text = line.strip()
        if text == "call":
            pace = _call_pace(pieces["prose"], pieces["code"])
        else:
            # A slow one takes a part of the text, which is as mixed as the whole.
            if text not in few:
                few[text] = _enough(redact, pieces[text])
            pace = _pace(redact, pieces[text][: few[text]])
        sys.stdout.write(json.dumps(pace) + "\n")
        sys.stdout.flush()


def _enough(redact: Callable[[str], object], pieces: list[str]) -> int:
    ends = time.perf_counter() + _LONGEST_PASS_S
    redact(pieces[0])
    for number, piece in enumerate(pieces):
        redact(piece)
        if time.perf_counter() > ends and number + 1 >= _FEWEST:
            return number + 1
    return len(pieces)


def _pace(redact: Callable[[str], object], pieces: list[str]) -> Pace:
    best: list[int] = []
    ends = time.perf_counter() + _LONGEST_PASS_S
    while not best or time.perf_counter() < ends:
        taken: list[int] = []
        for piece in pieces:
            begun = time.perf_counter_ns()
            redact(piece)
            taken.append(time.perf_counter_ns() - begun)
        best = min(best or taken, taken, key=sum)
    size = sum(len(piece.encode()) for piece in pieces)
    best.sort()
    return Pace(sum(best) / len(best) / 1e3, size / len(pieces), best[len(best) // 2] / 1e3, best[-1] / 1e3)


def _call_pace(prose: list[str], code: list[str]) -> Pace:
    """Messages of a chat, each with a number of its own, so that no cache knows them."""
    from tachograph.redaction import Sealer

    sealer = Sealer(bytes(32), dict(os.environ))
    numbers = iter(range(1 << 30))

    def call(text: str) -> object:
        parts = [{"type": "text", "content": f"{next(numbers)} {text}"}]
        return sealer.json([{"role": "user", "parts": parts}], {})

    return _pace(call, [piece for pair in zip(prose, code, strict=False) for piece in pair])


def _count(redact: Callable[[str], object], pieces: list[str], passes: int) -> None:
    for piece in pieces:
        redact(piece)
    for on in ("on", "off"):
        order = ["callgrind_control", "-i", on, str(os.getpid())]
        subprocess.run(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        for _ in range(passes if on == "on" else 0):
            for piece in pieces:
                redact(piece)
    sys.stdout.write(f"{sum(len(piece.encode()) for piece in pieces)}\n")


def _titled(name: str) -> str:
    return f"{name} {RIVALS[name].partition('==')[2]}" if name in RIVALS else name


def _environment(name: str) -> Path:
    """The Python of a rival's environment, which is kept; its mark says what was asked for."""
    # `./dev` says where it keeps its own.
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise FileNotFoundError("uv is not there to install it")
    home = _ROOT / ".cache" / "redactors" / name
    python, mark = home / "bin" / "python", home / "complete"
    if not mark.exists() or mark.read_text() != RIVALS[name]:
        say(f"P5 installing {RIVALS[name]}")
        home.parent.mkdir(parents=True, exist_ok=True)
        base = getattr(sys, "_base_executable", sys.executable)
        made = [uv, "venv", "--quiet", "--clear", "--python", base, str(home)]
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), RIVALS[name]]
        for command in (made, install):
            subprocess.run(command, check=True, timeout=480, capture_output=True, text=True)
        mark.write_text(RIVALS[name])
    return python


def _reason(error: Exception) -> str:
    said = getattr(error, "stderr", "") or str(error)
    return " ".join(str(said).split())[:120].replace("|", "/")


# ---- the texts


def _write_texts(folder: Path) -> tuple[str, tuple[int, list[str]]]:
    """Write the pieces of each text; a sentence about the clean ones and what was put into the dense one."""
    from tachograph.redaction import Sealer
    from tachograph.redaction.scan import engine_loader

    chance = random.Random(5)
    clean = {"prose": corpus.pieces(corpus.prose()), "code": corpus.pieces(corpus.code())}
    log, planted = corpus.dense(chance)
    texts = {**clean, "dense": corpus.pieces(log)}
    for pieces in texts.values():
        chance.shuffle(pieces)
    talk = "".join(piece for pair in zip(*clean.values(), strict=False) for piece in pair)
    texts |= {"large clean": [(talk * 4)[: corpus.WHOLE]], "large dense": [log[: corpus.WHOLE]]}
    texts["large sparse"] = [corpus.dense(chance, corpus.SPARSE)[0][: corpus.WHOLE]]
    for name, pieces in texts.items():
        (folder / f"{name}.json").write_text(json.dumps(pieces), "utf-8")

    engine_loader.wait()
    hit = engine_loader.engine()[0].hit
    sealer = Sealer(bytes(32), None)
    said: list[str] = []
    for name, pieces in clean.items():
        looked = sum(hit(piece.encode()) for piece in pieces)
        changed = sum(sealer.text(piece, {}) != piece for piece in pieces)
        said.append(f"Of {len(pieces)} pieces of {name} {looked} were looked at closer and {changed} changed.")
    return " ".join(said), (len(planted), planted)


def _left(folder: Path, planted: tuple[int, list[str]]) -> int:
    from tachograph.redaction import Sealer

    sealer = Sealer(bytes(32), None)
    pieces: list[str] = json.loads((folder / "dense.json").read_text("utf-8"))
    sealed = "\n".join(sealer.text(piece, {}) for piece in pieces)
    return sum(value in sealed for value in planted[1])


if __name__ == "__main__":
    main()
