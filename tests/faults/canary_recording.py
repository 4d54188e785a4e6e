"""Records the program of the canaries, and gathers everything that it left behind."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from tests.faults.canary_carriers import CARRIERS, SPLIT
from tests.faults.canary_kinds import KINDS, SHAPES
from tests.faults.canary_provider import CanaryProvider
from tests.faults.canary_search import Found, Owner, Search
from tests.faults.canary_secrets import Secret, filled
from tests.receiver import Receiver

from tachograph.journal import run_dirs
from tachograph.report.index import open_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.faults.canary_carriers import Carrier

TACHO = str(Path(sys.executable).with_name("tacho"))
PROGRAM = Path(__file__).with_name("canary_program.py")
FAILING = Path(__file__).with_name("failing_redaction.py")
SHOWING = ("show", "show --json", "list", "list --json", "push --again")
FIRST = 100
_ROOM = {"working directory": 1500, "branch": 600}
"""Most characters that some carriers can be given in all."""
_MARK = re.compile(r"begin-?(\d+)(?:r\d+)?[q-]?")


class Planted:
    """What a carrier is given in a round, and what is to come of it."""

    def __init__(self, mark: str, carrier: Carrier, secret: Secret) -> None:
        self.secret = secret
        before, _, after = carrier.planted.replace("{n}", mark).partition("{secret}")
        self.text = before + self.secret.text + after
        self.mark = mark
        self.kept: re.Pattern[str] | None = None
        if carrier.kept is not None:
            sealed = re.escape(before) + self.secret.sealed + re.escape(after)
            around = map(re.escape, carrier.kept.replace("{n}", mark).split("{}"))
            self.kept = re.compile(sealed.join(around))


PLANTED = {
    name: Planted(str(number), carrier, carrier.kind(random.Random(name)))
    for number, (name, carrier) in enumerate(CARRIERS.items(), FIRST)
}
"""One secret for each carrier, and how exactly it is kept."""

KEYS = {name: Secret(*filled("Zq{w30}", random.Random(f"key of {name}"))) for name in ("OpenAI", "Anthropic")}
"""What clients are given as their keys: of no shape."""

VARIABLES = [Secret(*filled("Zq{w24}", random.Random(f"variable {number}"))) for number in range(4)]
"""Values of the environment: of no shape."""


class Planting(NamedTuple):
    """A secret in a carrier."""

    kind: str
    carrier: str
    planted: Planted


def _given(kind: str, name: str) -> Secret:
    make = KINDS.get(kind)
    if make is not None:
        return make(random.Random(f"{kind} in {name}"))
    return random.Random(name).choice(VARIABLES) if kind == VARIABLE else KEYS[kind.removeprefix(KEY)]


def _mark(name: str, number: int) -> str:
    # Of a secret that stands close behind a letter, or of a number behind a number, less is known.
    return f"{PLANTED[name].mark}r{number}{'q' if CARRIERS[name].is_wide else '-'}"


def _plantings(kinds: Iterable[str], room: dict[str, int], *, wide: bool) -> Iterator[Planting]:
    for kind in kinds:
        for name, carrier in CARRIERS.items():
            if carrier.is_wide is not wide or (name in SPLIT and kind not in _SPLIT):
                continue
            secret = _given(kind, name)
            room[name] = room.get(name, sys.maxsize) - len(secret.text)
            if carrier.holds(secret.text) and room[name] > 0:
                yield Planting(kind, name, Planted(_mark(name, MATRIX.index(kind)), carrier, secret))


def _shapes() -> Iterator[Planting]:
    free = [(name, carrier) for name, carrier in CARRIERS.items() if carrier.kept is not None and carrier.is_wide]
    for number, (kind, make) in enumerate(SHAPES.items()):
        name, carrier = free[number % len(free)]
        secret = make(random.Random(f"{kind} in {name}"))
        yield Planting(kind, name, Planted(_mark(name, len(MATRIX) + number), carrier, secret))


_SPLIT = {"GitHub", "JSON", "e-mail address"}
_MOST_TOGETHER = 10
_MOST_KINDS = 5

VARIABLE = "value of the environment"
KEY = "key of a client of "
MATRIX = (*KINDS, VARIABLE, *(KEY + name for name in KEYS))
"""The kinds of secret that are planted in every carrier."""

WIDE = [
    [Planting("its own", name, planted) for name, planted in PLANTED.items()],
    *(list(_plantings(MATRIX[at::_MOST_TOGETHER], {}, wide=True)) for at in range(_MOST_TOGETHER)),
    list(_shapes()),
]
"""What the program is given, one round after the other: one kind of secret in each carrier, then all kinds in each that
holds any text, some at once, and last every shape there is in one."""

_room = dict(_ROOM)
NARROW = [list(_plantings([kind], _room, wide=False)) for kind in MATRIX]
"""The kinds of secret one after the other, for the carriers that hold one of them at a time."""


def _texts(number: int, plantings: list[Planting]) -> dict[str, str]:
    held = {name: f"nothing-{PLANTED[name].mark}n{number}" for name in CARRIERS}
    given: dict[str, list[str]] = {}
    for planting in plantings:
        given.setdefault(planting.carrier, []).append(planting.planted.text)
    return {**held, **{name: "\n".join(texts) for name, texts in given.items()}}


_TEXTS = [_texts(number, plantings) for number, plantings in enumerate([*WIDE, *NARROW])]
PLANTINGS = [planting for plantings in (*WIDE, *NARROW) for planting in plantings]
"""Everything that is planted, the carriers' own first."""


def texts(carrier: str) -> list[str]:
    """All that is planted in a carrier, the first last."""
    return [planting.planted.text for planting in PLANTINGS[::-1] if planting.carrier == carrier]


@cache
def search() -> Search:
    """Finds what may be found nowhere."""
    return Search(
        (part, Owner(planting.kind, planting.carrier))
        for planting in PLANTINGS
        for part in planting.planted.secret.hidden
    )


class Recorded:
    """What a run left behind.

    Attributes
    ----------
    program
        How the command ended that recorded it.
    output, errors
        What the program wrote.
    sent
        What the provider got.
    left
        What each file holds, below its path, and what each command shows.
    receiver
        What took the run over OTLP.
    found
        What is left of secrets.
    open_carriers
        Carriers that let through so many kinds that it is the carrier's fault rather than that of a kind.
    """

    def __init__(self, base: Path, **env: str) -> None:
        (base / "planted.json").write_text(
            json.dumps({"rounds": _TEXTS, "wide": len(WIDE), "keys": {name: key.text for name, key in KEYS.items()}}),
            "utf-8",
        )
        for name in ("tmp", "data"):
            (base / "sinks" / name).mkdir(parents=True, mode=0o700)
        env = {"TMPDIR": str(base / "sinks" / "tmp"), "XDG_DATA_HOME": str(base / "sinks" / "data"), **env}
        work = _work(base)
        program = work / f"{PLANTED['source file name'].text}.py"
        # A quote, as a cookie goes on to one.
        line = ' " '.join(texts("source line of an error")[::-1])
        program.write_text(PROGRAM.read_text("utf-8").replace("SOURCE LINE", line), "utf-8")
        with CanaryProvider(_TEXTS) as provider, Receiver() as receiver:
            everything = {
                "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
                "OTEL_LOGS_EXPORTER": "otlp",
                "OTEL_METRICS_EXPORTER": "otlp",
                "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_AND_EVENT",
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST": "x-told",
                "TACHOGRAPH_HTTP": "true",
                "TACHOGRAPH_DIR": str(base / "runs"),
                **env,
            }
            self.program = tacho(work, *_words(base, program, provider.url), **everything)
            self.left = {"what `tacho run` says": (self.program.stdout + self.program.stderr).encode()}
            for words in SHOWING:
                shown = tacho(work, *words.split(), **everything)
                self.left[words] = (shown.stdout + shown.stderr).encode()
            for run_dir in run_dirs(base / "runs"):
                with open_index(run_dir) as index:
                    transcripts = [index.transcript(call.span.span_id) for call in index.calls()]
                self.left["transcripts"] = json.dumps(transcripts).encode()
            self.sent = json.dumps(provider.bodies)
        self.receiver = receiver
        self.left["wire"] = receiver.wire
        self.output, self.errors = ((base / name).read_text("utf-8") for name in ("output", "errors"))
        for path in [*(base / "runs").rglob("*"), *(base / "sinks").rglob("*")]:
            name = str(path.relative_to(base))
            self.left[name] = name.encode() + (path.read_bytes() if path.is_file() else b"")
        self.found = [_placed(found) for name, body in self.left.items() for found in search()(name, body)]
        kinds: dict[str, set[str]] = {}
        for found in self.found:
            kinds.setdefault(found.carrier, set()).add(found.kind)
        self.open_carriers = {name for name, of_it in kinds.items() if len(of_it) > _MOST_KINDS}

    @cached_property
    def marks(self) -> set[str]:
        """Of all that was planted, what was recorded."""
        held = b"\n".join(self.left.values()).decode("latin-1")
        return set(re.findall(r"(?<=begin)\d+r\d+-|(?<=begin-)\d+r\d+[q-]", held))

    @cached_property
    def text(self) -> dict[str, str]:
        """The same as text, in which each byte is a character."""
        return {name: body.decode("latin-1") for name, body in self.left.items()}


def _placed(found: Found) -> Found:
    """With the carrier that the text around it names, for a secret that was planted in several."""
    marks = _MARK.findall(found.text)
    if found.kind in KINDS or found.kind in SHAPES or not marks:
        return found
    return found._replace(carrier=list(CARRIERS)[int(marks[-1]) - FIRST])


def record_failing(base: Path, every: int) -> Recorded:
    """Record it where what looks for secrets fails, in every process there is."""
    (base / "site").mkdir()
    (base / "site" / "sitecustomize.py").write_text(FAILING.read_text("utf-8"), "utf-8")
    paths = [str(base / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return Recorded(base, PYTHONPATH=os.pathsep.join(paths), FAIL_EVERY=str(every))


def _work(base: Path) -> Path:
    """The working directory, whose path is a carrier, with a branch, which is one."""
    work = base.joinpath(*texts("working directory"))
    (work / ".git").mkdir(parents=True)
    (work / ".git" / "HEAD").write_text(f"ref: refs/heads/{'/'.join(texts('branch'))}\n", "utf-8")
    return work


def _words(base: Path, program: Path, url: str) -> Iterator[str]:
    yield from ("run", "--name", "\n".join(texts("name of a run")), "--")
    # What the program says by itself is no concern of ours.
    yield from ("sh", "-c", f'exec "$@" >{base}/output 2>{base}/errors', "sh")
    yield from (sys.executable, str(program), str(base), url)
    for name in ("argument", "argument that is a variable's value"):
        yield from texts(name)
    for text in texts("argument behind a flag"):
        yield from ("--password", text)


def tacho(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run our command where the variables of its environment hold secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TACHOGRAPH_", "OTEL_", "TRACE"))}
    resource = [f"owner{at or ''}={quote(text)}" for at, text in enumerate(texts("resource attribute")[::-1])]
    told = {
        "ACME_API_TOKEN": PLANTED["value of an environment variable"].secret.text,
        "ACME_ACCESS_KEY": PLANTED["argument that is a variable's value"].secret.text,
        "ACME_PASSWORD": PLANTED["value of an environment variable as JSON"].secret.text,
        **{f"ACME_{number}_SECRET": secret.text for number, secret in enumerate(VARIABLES)},
        "ACME_NOTE": "\n".join(texts("environment variable")),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKFLOW": "\n".join(texts("pipeline")),
        "OTEL_RESOURCE_ATTRIBUTES": ",".join(resource),
        "OTEL_SERVICE_NAME": "\n".join(texts("service name")),
    }
    return subprocess.run(
        [TACHO, *words],
        cwd=folder,
        env={**kept, **told, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
