"""What a name says, and that the scan knows the same names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tachograph.redaction.words.name_strength import ENDINGS, secret_name
from tachograph.redaction.words.secret_words import Strength

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

SAID = {
    Strength.STRONG: "password DB_PASSWORD dbPassword passwd pwd pin cvv password2 password_new passwords Kennwort",
    Strength.FIRM: "api_key apiKey X-API-Key aws_secret_access_key client_secret connection_string api_token_1",
    Strength.WEAK: "token hf_token credentials bearer pat",
    Strength.FAINT: "deploy-it-key vendorKEY access my_password_secure token_for_bob",
    Strength.NONE: (
        "name tokens max_tokens token_count next_page_token eos_token primary_key cache-key public_key kms_key_id"
        " password_id secret_name token_type has_password tokenizer key PWD compass spin bypass"
    ),
}


@pytest.mark.parametrize(("strength", "name"), [(s, name) for s, written in SAID.items() for name in written.split()])
def test_how_far_a_name_gives_its_value_away(strength: Strength, name: str) -> None:
    assert secret_name(name.encode()) is strength


WORDS = sorted(word.decode() for word in ENDINGS)


@pytest.mark.parametrize("word", WORDS)
def test_the_scan_looks_for_each_word_there_is(word: str, sealer: Sealer) -> None:
    value = "aB3dE5gH7jK9mN1p"
    for text in (
        f'{word}: "{value}"',
        f"x {word}={value}",
        json.dumps({"a": f"b\n{word}: {value}"}, ensure_ascii=False),
    ):
        assert value not in sealer.text(text, {}), text
        assert value.encode() not in sealer.json({"t": text}, {}), text
