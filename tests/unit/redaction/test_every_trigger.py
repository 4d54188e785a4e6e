"""What the scan looks for it finds, wherever it stands: what it misses is not looked at again."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tachograph.redaction.rule_types import Group
from tachograph.redaction.scan.engine import HyperscanEngine
from tachograph.redaction.scan.engine_loader import engine, wait
from tachograph.redaction.scan.triggers import LONG_NUMBER, triggers

# Numbers are looked for near long ones alone.
_SCANNED = [
    (number, trigger)
    for group in (Group.MAIN, Group.AT, Group.OPTIONAL)
    for number, trigger in triggers(group)
    if number != LONG_NUMBER
]
_PARTS = 16
_FINE = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
# Where there is no @, those of the group for it are not looked for.
_AROUND = (
    (b"", b" @"),
    (b"INSERT INTO x (name, note", b" @ end"),
    (b"@ and \\n more = a: 'b', ", b"\n"),
    *((b'{"content": "hello there @ friend, ' + b"a" * pad + b"\\n", b"\\n") for pad in (0, 13, 20, 41, 67, 96)),
)


@pytest.mark.parametrize("part", range(_PARTS))
def test_each_trigger_is_found_by_hyperscan(part: int) -> None:
    wait()
    scan, _ = engine(optional=True)
    assert type(scan) is HyperscanEngine
    assert [missed for pair in _SCANNED[part::_PARTS] if (missed := _missed(scan, *pair))] == []


def _missed(scan: HyperscanEngine, number: int, trigger: bytes) -> list[tuple[bytes, bytes]]:
    expression = re.compile(trigger)
    missed: list[tuple[bytes, bytes]] = []

    # Without regard to case there are only more of them, which are not made here.
    @settings(max_examples=3, database=None, suppress_health_check=_FINE, phases=[Phase.generate])
    @given(st.from_regex(re.compile(trigger.removeprefix(b"(?i)"))))
    def look(body: bytes) -> None:
        for before, behind in _AROUND:
            text = before + body + behind
            match = expression.search(text)
            if match is not None and (number, match.end()) not in scan.find(text):
                missed.append((trigger, text))

    look()
    return missed
