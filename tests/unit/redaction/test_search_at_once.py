"""Values that are searched at once are found clean only if each of them would be written as it was dumped."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.redaction.samples import filled

from tachograph.redaction import Sealer
from tachograph.redaction.policy import Policy

KEY = bytes(range(32))
TOKEN = filled("ghp_{w36}")
IN_ENVIRONMENT = filled("zq{w20}")
LEARNED = filled("zk{w20}")
CLEAN = {"text": "nothing of note"}
NOT_CLEAN: dict[str, Any] = {
    "token": {"text": f"use {TOKEN} here"},
    "name": {"password": LEARNED},
    "environment": {"text": IN_ENVIRONMENT},
    "client key": {"text": LEARNED},
    "line break": {"text": orjson.Fragment(b'"a\nb"')},
    "long": {"text": "word " * 20_000},
}
PIECES = st.sampled_from(
    ["a", "note ", '"', "\\", "é", "12", "::", "@", "=", "password", "Bearer ", TOKEN, TOKEN[:20], TOKEN[20:], LEARNED]
)
VALUES = st.lists(PIECES, max_size=6).map(lambda pieces: {"text": "".join(pieces)})


@pytest.fixture
def sealer() -> Sealer:
    sealer = Sealer(KEY, {"SERVICE_TOKEN": IN_ENVIRONMENT})
    sealer.know(LEARNED)
    return sealer


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("name", NOT_CLEAN)
def test_one_that_is_not_clean_is_found_at_any_place(sealer: Sealer, name: str, place: int) -> None:
    values = [CLEAN, CLEAN, CLEAN]
    assert sealer.are_clean([sealer.dump(value) for value in values[:-1]], sealer.dump(values[-1]))
    values[place] = NOT_CLEAN[name]
    *bodies, last = map(sealer.dump, values)
    for _ in range(2):
        assert not sealer.are_clean(bodies, last)


def test_what_was_clean_is_searched_again_once_a_secret_is_known() -> None:
    environ: dict[str, str] = {}
    sealer = Sealer(KEY, environ)
    body = sealer.dump({"text": IN_ENVIRONMENT})
    assert sealer.are_clean([], body)
    environ["SERVICE_TOKEN"] = IN_ENVIRONMENT
    assert not sealer.are_clean([], body)
    assert not sealer.are_clean([body], sealer.dump(CLEAN))


@given(st.lists(VALUES, max_size=3), VALUES)
def test_clean_values_are_sealed_as_they_were_dumped(values: list[dict[str, str]], last: dict[str, str]) -> None:
    sealer = Sealer(KEY, None)
    sealer.know(LEARNED)
    every = [*values, last]
    bodies = [sealer.dump(value) for value in every]
    if sealer.are_clean(bodies[:-1], bodies[-1]):
        assert [sealer.json(value, {}) for value in every] == bodies


@pytest.mark.parametrize("value", [{"text": object()}, {"text": {1, 2}}, {1: "a"}, {"text": "\ud800"}])
def test_what_only_a_walk_can_seal_is_not_dumped(sealer: Sealer, value: object) -> None:
    with pytest.raises(TypeError):
        sealer.dump(value)


def test_with_rules_of_the_user_nothing_is_dumped() -> None:
    sealer = Sealer(KEY, None, Policy(names=frozenset({"membercode"})))
    with pytest.raises(TypeError):
        sealer.dump(CLEAN)
    assert b"M-1" not in sealer.json({"member_code": "M-1"}, {})
