"""Rules of the user's own: what they do, and what is said about a mistake."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.errors import RedactionError
from tachograph.redaction import Sealer
from tachograph.redaction.catalogue import RULES
from tachograph.redaction.configuration import policy_of
from tachograph.redaction.policy import ON_REQUEST, PERSONAL_KINDS, Policy
from tachograph.redaction.rule_types import Group, Rank
from tachograph.redaction.scan.ambiguity import UnsupportedError, exponential
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"k" * 32


def _sealer(**table: Any) -> Sealer:
    return Sealer(KEY, None, policy_of(table))


def test_a_pattern_goes_under_its_name_whatever_the_text_is_in() -> None:
    sealer = _sealer(rules=[{"name": "employee-id", "pattern": "EMP-[0-9]{6}"}])
    tally: dict[str, int] = {}
    value = {"a": "ü EMP-123456, EMP-654321\n", "EMP-123456": ["x EMP-123456"], "executable": "python"}
    sealed = json.loads(sealer.json(value, tally))
    first, second = (sealer.text(f"EMP-{number}", {}) for number in ("123456", "654321"))
    assert first.startswith("[REDACTED:employee-id:")
    assert first != second
    assert sealed == {"a": f"ü {first}, {second}\n", first: [f"x {first}"], "executable": "python"}
    assert tally == {"employee-id": 4}


def test_names_of_members_that_are_words_stay_as_what_reads_them_needs_them() -> None:
    sealer = _sealer(rules=[{"name": "letters", "pattern": "a+b"}])
    assert json.loads(sealer.json({"executable": "aab"}, {})).keys() == {"executable"}


def test_only_the_group_goes() -> None:
    sealer = _sealer(rules=[{"name": "badge", "pattern": "badge (?P<secret>[0-9]+)"}])
    assert sealer.text("ä badge 77 is", {}).startswith("ä badge [REDACTED:badge:")
    assert sealer.text("ä badge 77 is", {}).endswith("] is")


@pytest.mark.parametrize(
    "value",
    [
        {"X-Internal-Auth": "kiwi"},
        {"xInternalAuth": 12},
        {"headers": [["x-internal-auth", "kiwi"]]},
        {"name": "X_INTERNAL_AUTH", "value": "kiwi"},
        ["tool", "--x-internal-auth", "kiwi"],
        "x-internal-auth: kiwi",
        "X_INTERNAL_AUTH=kiwi",
        'called with {"x-internal-auth": "kiwi"}',
    ],
    ids=str,
)
def test_under_a_name_everything_goes(value: object) -> None:
    sealed = _sealer(keys=["x-internal-auth"]).json(value, tally := {})
    assert b"kiwi" not in sealed
    assert b"12" not in sealed.replace(b":", b"") or b"REDACTED" in sealed
    assert tally == {"secret": 1}


def test_what_is_allowed_by_its_digest_stays() -> None:
    token = "ghp_" + "a1B2" * 9
    digest = hashlib.sha256(token.encode()).hexdigest()
    for written in (digest, "sha256:" + digest, "sha256:" + digest.upper()):
        assert _sealer(allow=[written]).text(f"x {token} y", {}) == f"x {token} y"
    assert token not in _sealer(allow=["0" * 64]).text(f"x {token} y", {})


def test_kinds_of_personal_data_are_switched() -> None:
    text = "ann@acme.io 10.1.2.3 +1 415 555 0132"
    assert _sealer().text(text, {}) == "[REDACTED:email] 10.1.2.3 [REDACTED:phone]"
    switched = _sealer(personal={"email": False, "phone": False, "private-ip": True})
    assert switched.text(text, {}) == "ann@acme.io [REDACTED:private-ip] +1 415 555 0132"
    assert json.loads(switched.json({"a": text}, {})) == {"a": switched.text(text, {})}


def test_the_kinds_are_those_of_the_rules() -> None:
    assert {rule.kind for rule in RULES if rule.rank is Rank.PERSONAL} == PERSONAL_KINDS
    assert {rule.kind for rule in RULES if rule.group is Group.OPTIONAL} == ON_REQUEST
    assert policy_of({}) == Policy()


MISTAKES: dict[str, tuple[str, int | None, str]] = {
    "unknown setting": ('[redaction]\nkey = ["a"]\n', 2, "redaction.key is not a setting."),
    "unknown kind": ("[redaction.personal]\n\nname = true\n", 3, "redaction.personal.name is no kind"),
    "no switch": ('[redaction.personal]\nphone = "off"\n', 2, "must be true or false, not 'off'."),
    "no list": ('[redaction]\nkeys = "a"\n', 2, "redaction.keys must be a list of names"),
    "empty name": ('[redaction]\nkeys = ["-"]\n', 2, "may not hold an empty name"),
    "a value": ('[redaction]\nallow = ["hunter2"]\n', 2, "redaction.allow must be a list of SHA-256 digests"),
    "no tables": ("[redaction]\nrules = 3\n", 2, "[[redaction.rules]]"),
    "no pattern": ('[[redaction.rules]]\nname = "a"\n', 1, "redaction.rules[0].pattern is missing"),
    "bad name": ('[[redaction.rules]]\nname = "A b"\npattern = "x"\n', 2, "such as employee-id."),
    "more": ('[[redaction.rules]]\nname = "a"\npattern = "x"\nflags = "i"\n', 4, "flags is not a setting."),
    "no expression": ('[[redaction.rules]]\nname = "a"\npattern = "(x"\n', 3, "is not a regular expression"),
    "empty": ('[[redaction.rules]]\nname = "a"\npattern = "x*"\n', 3, "matches the empty text"),
    "group": ("[[redaction.rules]]\nname = \"a\"\npattern = '(x)\\1'\n", 3, "it refers to a group"),
    "the second": (
        '[[redaction.rules]]\nname = "a"\npattern = "x"\n\n[[redaction.rules]]\nname = "b"\npattern = "(a+)+$"\n',
        7,
        "could take a time that doubles with each character",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("name", ["tachograph.toml", "pyproject.toml"])
def test_a_mistake_is_told_with_its_line(mistake: str, name: str, tmp_path: Path) -> None:
    text, line, message = MISTAKES[mistake]
    if name == "pyproject.toml":
        text = text.replace("[redaction", "[tool.tachograph.redaction")
    (tmp_path / name).write_text(text)
    settings = load({}, tmp_path)
    with pytest.raises(RedactionError) as caught:
        policy_of(settings.redaction, settings.source)
    assert str(caught.value).startswith(f"{tmp_path / name}, line {line}: redaction.")
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


EXPONENTIAL = ["(a+)+$", r"(\w+\s?)*$", "(?i)(?:ab|AB)+c", "(?:[a-z]+-?)+x", "(.*)*x", "(x+x+)+y", r"(?<=x)(a+)+b"]
FINE = ["EMP-[0-9]{6}", "(a|b)*c", "(?:[a-z]+-)+x", r"(?:\d{3}-){2}\d{4}", ".*.*x", r"\bPROJ-\d+\b", "(?:a+b)*c"]


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_a_time_that_doubles_is_seen(pattern: str) -> None:
    assert exponential(pattern)


@pytest.mark.parametrize("pattern", FINE)
def test_an_expression_that_reads_in_one_way_is_let_pass(pattern: str) -> None:
    assert not exponential(pattern)


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=(a+)+b)x", "(?:a?){30}a{30}", "a" * 500])
def test_what_cannot_be_judged_is_refused(pattern: str) -> None:
    with pytest.raises(UnsupportedError):
        exponential(pattern)


def test_what_is_let_pass_is_fast_on_what_makes_others_slow() -> None:
    fine = [pattern for pattern in FINE if ".*" not in pattern]
    sealer = _sealer(rules=[{"name": f"rule-{n}", "pattern": pattern} for n, pattern in enumerate(fine)])
    begin = time.monotonic()
    sealer.text("a" * 2000 + "-" + "1" * 2000, {})
    assert time.monotonic() - begin < 20
