"""A secret in any carrier of text is gone from every byte that a run leaves; what stands around it is kept."""

from __future__ import annotations

import base64
import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from tests.faults.canary_carriers import CARRIERS
from tests.faults.canary_kinds import SHAPES
from tests.faults.canary_recording import MATRIX, PLANTED, PLANTINGS, SHOWING, Recorded, record_failing
from tests.faults.canary_search import Owner, Search

from tachograph.journal.builder import RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.faults.canary_search import Found

# The first test of them waits for the recordings, of many thousand plantings each.
pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("canary")]

TIMES = {"always": 1, "now and then": 3}
# In the query of a URL the name of an address joins what stands in front of it.
SEEN = {name for name, carrier in CARRIERS.items() if carrier.kept is not None} - {"query of another request"}


WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "JSON in JSON": lambda half: json.dumps(json.dumps(f'"\n{half.decode()}')).encode(),
    "escaped": lambda half: "".join(f"\\u{letter:04x}" for letter in half).encode(),
    "percent": lambda half: "".join(f"%{letter:02X}" for letter in half).encode(),
    "entities": lambda half: "".join(f"&#{letter};" for letter in half).encode(),
    "base 64": lambda half: base64.b64encode(b"any" + half),
    "base 64 for URLs": lambda half: base64.urlsafe_b64encode(b"text" + half + b"?>"),
    "base 64, shifted": lambda half: base64.b64encode(b"where" + half),
}
"""Ways in which a part of a secret may be written."""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Recorded]]]:
    """The program, recorded as it is and with failures of what looks for secrets, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        made = {"": pool.submit(Recorded, tmp_path_factory.mktemp("canary"))}
        for name, every in TIMES.items():
            made[name] = pool.submit(record_failing, tmp_path_factory.mktemp("failing"), every)
        yield made


@pytest.fixture(scope="module")
def recorded(recordings: dict[str, Future[Recorded]]) -> Recorded:
    """The program, recorded once, and everything that came of it."""
    return recordings[""].result()


@pytest.fixture(scope="module", params=TIMES)
def failing(request: pytest.FixtureRequest, recordings: dict[str, Future[Recorded]]) -> Recorded:
    """The same, where what looks for secrets fails."""
    return recordings[request.param].result()


BEFORE_ANY_CLIENT = {"argument", "argument of a child", "name of a run", "resource attribute"}
"""What is recorded before the program has a client, or in a process that has none: its key is known to nobody there."""


def assert_none(found: Iterable[Found]) -> None:
    """Fail with what is left of secrets, a line for each; of many the first."""
    known = (f for f in found if f.carrier not in BEFORE_ANY_CLIENT or not f.kind.startswith("key of a client"))
    lines = sorted(map(str, known))
    assert not lines, f"{len(lines)} found\n" + "\n".join(lines[:20])


def test_the_program_ran_to_its_end_with_the_secrets_as_they_are(recorded: Recorded) -> None:
    ended = PLANTED["exception that ends the program"].text
    assert (recorded.program.returncode, recorded.program.stdout, recorded.program.stderr) == (1, "", "")
    assert PLANTED["standard output"].text + "\n" in recorded.output
    assert recorded.errors.splitlines()[-1] == ended
    assert "tachograph:" not in recorded.errors
    for name in ("system prompt", "result of a tool", "message of the user: Anthropic"):
        assert json.dumps(PLANTED[name].text) in recorded.sent


@pytest.mark.parametrize("name", CARRIERS)
def test_no_byte_of_a_secret_is_left_of_a_carrier(name: str, recorded: Recorded) -> None:
    own = [found for found in recorded.found if found.carrier == name]
    assert_none(found for found in own if found.kind == "its own" or name in recorded.open_carriers)


@pytest.mark.parametrize("kind", MATRIX)
def test_no_byte_of_a_kind_of_secret_is_left(kind: str, recorded: Recorded) -> None:
    others = [found for found in recorded.found if found.carrier not in recorded.open_carriers]
    assert_none(found for found in others if found.kind == kind)


def test_no_byte_of_any_shape_there_is_is_left(recorded: Recorded) -> None:
    assert_none(found for found in recorded.found if found.kind in SHAPES)


@pytest.mark.parametrize("name", sorted(SEEN))
def test_each_carrier_was_recorded_with_every_kind(name: str, recorded: Recorded) -> None:
    planted = [planting for planting in PLANTINGS[len(CARRIERS) :] if planting.carrier == name]
    marked = [planting for planting in planted if planting.planted.text.startswith("begin")]
    assert [planting.kind for planting in marked if planting.planted.mark not in recorded.marks] == []


@pytest.mark.parametrize("name", [name for name, carrier in CARRIERS.items() if carrier.kept is not None])
def test_what_stands_around_a_secret_is_kept(name: str, recorded: Recorded) -> None:
    kept = PLANTED[name].kept
    assert kept is not None
    assert any(kept.search(text) for text in recorded.text.values()), kept.pattern


@pytest.mark.parametrize("name", [name for name, carrier in CARRIERS.items() if carrier.kept is None])
def test_what_nobody_needs_is_not_kept_at_all(name: str, recorded: Recorded) -> None:
    mark = PLANTED[name].mark
    assert [place for place, text in recorded.text.items() if f"begin-{mark}" in text] == []


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("half", [slice(8), slice(8, 16), slice(4, 12)], ids=str)
def test_any_stretch_of_a_secret_is_found(half: slice, written: str) -> None:
    find = Search([("q7cZ4mXw9RtB2kLp", Owner("kind", "carrier"))])
    (found,) = find("sink", b'{"a":"' + WRITTEN[written](b"q7cZ4mXw9RtB2kLp"[half]) + b'"}')
    assert str(found).startswith("kind, planted in carrier, found in sink: ")
    assert list(find("sink", b'{"a":"q7cZ4mX 4mXw9Rt"}')) == []


def test_all_that_a_run_leaves_was_searched(recorded: Recorded) -> None:
    assert [words for words in SHOWING[:4] if "[REDACTED:" not in recorded.text[words]] == []
    journals = "".join(text for place, text in recorded.text.items() if ".jsonl" in place)
    kinds = set(re.findall(r'\{"type":"([a-z.]+)","ts":', journals))
    assert kinds == set(get_args(RecordType))
    names = {Path(place).name.partition("-")[0] for place in recorded.left if place.startswith("runs")}
    assert {"journal", "report.json", "index.sqlite", "otlp.json"} <= names
    # The index of the run, beside its journals, and what is read by it.
    assert [place for place in recorded.left if re.search(r"runs/.+/.+/index\.sqlite$", place)] != []
    assert "[REDACTED:" in recorded.text["transcripts"]
    # Each signal went out, and prompts with them.
    for told in ("gen_ai.input.messages", "tachograph.error", "gen_ai.client.token.usage", "histogram"):
        assert told in recorded.text["wire"]


def test_where_redaction_fails_no_byte_of_a_secret_is_left(failing: Recorded) -> None:
    assert (failing.program.returncode, failing.program.stdout, failing.program.stderr) == (1, "", "")
    assert_none(failing.found)
    assert "[REDACTED:error]" in failing.text["wire"]


def test_where_redaction_fails_ids_and_times_are_left(failing: Recorded) -> None:
    lines = [line for place, text in failing.text.items() if ".jsonl" in place for line in text.splitlines()]
    ended = [record for line in lines if '"type":"span.end"' in line for record in [json.loads(line[line.find("{") :])]]
    sent = {(span["spanId"], span["startTimeUnixNano"]) for span in failing.receiver.spans()}
    told = {(base64.b64encode(bytes.fromhex(record["span_id"])).decode(), str(record["start_ns"])) for record in ended}
    assert len(told) > 200
    assert told <= sent
    assert {path for path, _ in failing.receiver.taken} >= {"/v1/traces", "/v1/logs"}
    # And whoever asks is told of the run.
    assert json.loads(failing.text["show --json"])["redactions"]["error"] > 0
    assert [words for words in SHOWING if "Traceback" in failing.text[words]] == []
