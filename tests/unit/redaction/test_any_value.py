"""Whatever it is handed, the sealer gives one line of JSON, and fails closed."""

from __future__ import annotations

import datetime as dt
import enum
import json
import threading
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from tachograph.redaction import REDACTED_ERROR, Sealer, redact_text
from tachograph.redaction.scan import engine_loader
from tachograph.redaction.scan.pattern_engine import PatternEngine

SEALER = Sealer(b"k" * 32, None)
PASSWORD = "hunter2" + "Xq9v"
SECRET = "gh" + "p_" + "e71lHFE8l6hlvY5bR215DEWc1ZCjfi1ZcD47"


class Hostile:
    """Its own code must never run."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)

    def __repr__(self) -> str:
        raise AssertionError

    __str__ = __repr__


class HostileText(str):
    def __str__(self) -> str:
        raise AssertionError

    __repr__ = encode = __iter__ = __len__ = __str__  # type: ignore[assignment]


class HostileNumber(int):
    def __str__(self) -> str:
        raise AssertionError

    __repr__ = __int__ = __index__ = __str__  # type: ignore[assignment]


class HostileMapping(dict[str, Any]):
    def __iter__(self) -> Any:
        raise AssertionError

    items = keys = values = copy = __len__ = __getitem__ = __iter__  # type: ignore[assignment]


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Point:
    x: int


class Model(BaseModel):
    x: int = 1


def _name(kind: type) -> str:
    return f"<{kind.__module__}.{kind.__qualname__}>"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (float("nan"), None),
        (float("-inf"), None),
        (2**63, 2**63),
        (2**70, str(2**70)),
        (10**6000, "<int of 19932 bits>"),
        (b"abc", "abc"),
        (b"\xff\xfe", "<2 bytes>"),
        ((1, (2,)), [1, [2]]),
        ({1}, [1]),
        ({1: 4, None: 3, b"x": 5, (1,): 6, 1.5: 7}, {"1": 4, "null": 3, "x": 5, "<tuple>": 6, "1.5": 7}),
        (dt.datetime(2026, 1, 2, tzinfo=dt.UTC), "2026-01-02T00:00:00+00:00"),
        (PurePosixPath("/a/b"), "/a/b"),
        (Colour.RED, "red"),
        (Point(1), _name(Point)),
        (Model(), _name(Model)),
        (Hostile(), _name(Hostile)),
        (HostileText("a"), "a"),
        (HostileNumber(7), 7),
        (HostileMapping(a=1), {"a": 1}),
        ("a\ud800b", "a\ufffdb"),
        (orjson.Fragment(b"[1,\n2]"), "<orjson.Fragment>"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_becomes_plain(value: object, want: object) -> None:
    tally: dict[str, int] = {}
    sealed = SEALER.json({"v": value}, tally)
    assert b"\n" not in sealed
    assert json.loads(sealed) == {"v": want}
    assert tally == {}


@pytest.mark.parametrize(
    "value",
    [
        [b"--private-key", PASSWORD],
        (PurePosixPath("--password"), 7),
        {b"password": PASSWORD},
        [{b"name": b"Authorization", b"value": PASSWORD}],
        {"value": PASSWORD, "name": HostileText("Authorization")},
        {HostileText("api_key"): PASSWORD},
        [b"x-api-key", PASSWORD],
        {b"access_token": 1 << 80},
    ],
)
def test_a_name_is_one_in_any_type(value: object) -> None:
    sealed = SEALER.json(value, {})
    assert PASSWORD.encode() not in sealed
    assert b"[REDACTED:" in sealed
    assert SEALER.json(orjson.loads(sealed), {}) == sealed


def test_cycles_and_depth_end() -> None:
    row: list[object] = [1]
    row.append(row)
    assert json.loads(SEALER.json(row, {})) == [1, "<cycle>"]
    deep: list[object] = []
    for _ in range(3000):
        deep = [deep]
    assert b"<too deep>" in SEALER.json(deep, {})


def test_a_text_is_cut_after_it_was_redacted() -> None:
    tally: dict[str, int] = {}
    sealed = json.loads(SEALER.json({"v": "x" * 80 + " " + SECRET}, tally, 100))
    assert sealed == {"v": "x" * 80 + " "}
    assert tally == {"github-token": 1}
    assert json.loads(SEALER.json({"v": "y" * 500}, {}, 100)) == {"v": "y" * 100}


class _Broken:
    def hit(self, body: bytes) -> bool:
        raise MemoryError

    def find(self, body: bytes) -> Any:
        raise MemoryError


def _broken(**_: Any) -> tuple[_Broken, bool]:
    return _Broken(), False


def test_it_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_loader, "engine", _broken)
    sealer = Sealer(bytes(32), None)
    tally: dict[str, int] = {}
    assert json.loads(sealer.json({"a": SECRET, "n": 1}, tally)) == {REDACTED_ERROR: 1}
    assert sealer.json(SECRET, tally) == f'"{REDACTED_ERROR}"'.encode()
    assert sealer.text(SECRET, tally) == REDACTED_ERROR
    assert tally["error"] >= 3
    assert redact_text(SECRET) == REDACTED_ERROR


def test_a_scan_within_a_scan_and_many_threads() -> None:
    outs: set[bytes] = set()

    def work() -> None:
        for _ in range(50):
            outs.add(SEALER.json({"a": f"x {SECRET} y"}, {}))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outs) == 1
    assert SECRET.encode() not in outs.pop()


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from([SECRET, "password", "token: ", "a@b.example", '"', "\\", "password=" + "hunter2x", "Bearer "])
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.text() | st.sampled_from(["password", "token", "name", "value", SECRET]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
_TEXTS = st.lists(
    st.text(max_size=12)
    | st.sampled_from(
        [
            SECRET,
            "password",
            "=",
            ": ",
            '"',
            "\\",
            "\n",
            "hunter2x",
            "token",
            "Bearer ",
            "https://",
            "u:p4ss@",
            "host.example",
            "?sig=abcdef12",
            "&",
            "Authorization: ",
            "cookie: a=b",
            "4111 1111 1111 1111",
            "[REDACTED:",
            "REDACTED",
            "]",
            "\\u0022",
            "--password ",
            "is ",
        ]
    ),
    max_size=10,
).map("".join)


@given(_VALUES)
def test_output_is_json_and_a_fixed_point(value: object) -> None:
    tally: dict[str, int] = {}
    sealed = SEALER.json(value, tally)
    assert b"\n" not in sealed
    assert SECRET.encode() not in sealed
    assert "error" not in tally
    again: dict[str, int] = {}
    assert SEALER.json(orjson.loads(sealed), again) == sealed
    assert again == {}


@given(_TEXTS)
def test_sealed_text_is_a_fixed_point(text: str) -> None:
    sealed = SEALER.text(text, {})
    assert SECRET not in sealed
    again: dict[str, int] = {}
    assert SEALER.text(sealed, again) == sealed
    assert again == {}


SLOW = PatternEngine(optional=False)


def _slow(**_: Any) -> tuple[PatternEngine, bool]:
    return SLOW, False


@example("KEY-AA=" + SECRET)
@example("key hi=afEu4bAzCaBau7cb")
@given(_TEXTS)
def test_both_engines_agree(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        first = SEALER.json({"a": text}, one := {})
        patch.setattr(engine_loader, "engine", _slow)
        assert SEALER.json({"a": text}, other := {}) == first
        assert one == other
