"""Each rule's own samples: the one that has a secret, in the places a token stands in, and the one that stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.redaction.samples import filled

from tachograph.redaction.catalogue import RULES

if TYPE_CHECKING:
    from tachograph.redaction import Sealer
    from tachograph.redaction.rule_types import Rule

PLACES = {
    "alone": "%s",
    "prose": "Use %s, it is for you",
    "full stop": "The answer was %s.",
    "parentheses": "failed (%s) twice",
    "brackets": "unexpected [%s] at position 3",
    "angles": "<v>%s</v>",
    "ampersand": "a=1&t=%s&page=2",
    "newline": "one\n%s\ntwo",
    "escaped newline": '{"stdout":"one\\n%s\\ntwo"}',
    "unicode escape": '{"a":"b \\u0022%s\\u0022"}',
    "bytes repr": "b'%s\\r\\n'",
    "non-ASCII": "ключ%sключ",
    "quotes": "'%s'",
    "csv": "2026-11-20,login,%s,ok",
    "backticks": "Use `%s` here",
    "markdown": "**%s**",
    "diff": '-old\n+new = "%s"\n',
    "entity": "&quot;%s&quot;",
    "far from the end": "one %s\n" + "two three " * 80,
}


def _name(rule: Rule) -> str:
    return f"{rule.kind}:{rule.positive}"


SHAPED = [rule for rule in RULES if rule.positive]


@pytest.mark.parametrize("rule", SHAPED, ids=_name)
def test_a_shape_goes_wherever_it_stands(rule: Rule, sealer: Sealer) -> None:
    secret = filled(rule.positive)
    for place, template in PLACES.items():
        text = template % secret
        out = sealer.text(text, tally := {})
        before, _, after = template.partition("%s")
        assert out.startswith(before), (place, text, out)
        assert out.endswith(after), (place, text, out)
        assert secret not in out, (place, text)
        assert secret[len(secret) // 2 :] not in out, (place, text, out)
        assert rule.kind in tally, (place, text, out)
        assert sealer.text(out, again := {}) == out, place
        assert again == {}, place


@pytest.mark.parametrize("rule", SHAPED, ids=_name)
def test_a_record_is_searched_as_well_as_its_texts(rule: Rule, sealer: Sealer) -> None:
    text = f"{filled(rule.positive)} https://x.example/a\n"
    for _ in range(3):
        sealed = json.loads(sealer.json({"a": text}, {}))
        assert sealed == {"a": sealer.text(text, {})}
        assert sealed != {"a": text}
        text = json.dumps({"b": text})
        if rule.positive.startswith("http"):
            # As PHP writes it.
            text = text.replace("/", "\\/")


@pytest.mark.parametrize("rule", SHAPED, ids=_name)
def test_what_only_looks_like_a_shape_stays(rule: Rule, sealer: Sealer) -> None:
    text = filled(rule.negative)
    assert text
    assert sealer.text(text, tally := {}) == text
    assert tally == {}


def test_each_rule_says_where_it_is_from() -> None:
    assert [rule.kind for rule in RULES if not rule.source.startswith("https://")] == []
