"""A text in pieces is redacted as it is in one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from tests.unit.redaction.samples import filled

from tachograph.redaction.environment import Known
from tachograph.redaction.policy import STRICT
from tachograph.redaction.scan import engine_loader
from tachograph.redaction.stream import RedactedStream
from tachograph.redaction.text import TextRedactor

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = filled("ghp_{w36}")
LINES = "\n".join(filled("{w64}") for _ in range(30))
KEY = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{LINES}\n-----END RSA {'PRIVATE'} KEY-----\n"


def _redactor() -> TextRedactor:
    return TextRedactor(b"k" * 32, lambda: engine_loader.engine(optional=True)[0], STRICT, Known())


def _split(body: bytes, size: int) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def test_a_secret_over_any_border_of_pieces_goes() -> None:
    text = f"x {TOKEN} y\n{KEY}password=hunter2x\n".encode()
    want = _redactor()(text, {})
    for size in (1, 7, 64, len(text)):
        assert b"".join(RedactedStream(_redactor(), {}).pieces(_split(text, size))) == want


@pytest.mark.parametrize("seed", range(3))
def test_a_large_text_is_what_it_is_in_one(seed: int) -> None:
    chance = random.Random(seed)
    words = ["alpha", "beta", "gamma\n", TOKEN, KEY, "password=hunter2x", "a@b.example.org,", "\xff", "ü", " " * 40]
    text = " ".join(chance.choice(words) for _ in range(12_000)).encode("utf-8", "surrogateescape")
    tally: dict[str, int] = {}
    want = _redactor()(text, tally)
    told: dict[str, int] = {}
    notes: list[int] = []
    stream = RedactedStream(_redactor(), told, lambda span, _, done: notes.append(done + span.start))
    assert b"".join(stream.pieces(_split(text, 65_536))) == want
    assert told == tally
    assert notes == sorted(notes)
    assert len(notes) == sum(tally.values())


def test_a_pause_gives_back_whole_lines_that_no_secret_reaches_out_of() -> None:
    begun = KEY[:200].encode()
    stream = RedactedStream(_redactor(), {})
    out = list(stream.pieces([b"one\ntwo", b"", b" three\n", begun, b"", KEY[200:].encode()]))
    assert out[0] == b"one\n"
    assert out[1] == b"two three\n"
    assert out[2].startswith(b"[REDACTED:private-key:")


def test_bytes_that_are_no_text_stay() -> None:
    body = bytes(range(256)) * 4
    assert b"".join(RedactedStream(_redactor(), {}).pieces([body])) == body
