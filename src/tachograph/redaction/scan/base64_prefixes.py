"""Beginnings of secrets as base 64, so that an encoded token is found without decoding everything.

A word begins at one of three places of a group of three bytes, and each place gives other letters
(https://www.rfc-editor.org/rfc/rfc4648#section-4). Only the letters that depend on the word alone are searched.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING

from tachograph.redaction.words.secret_words import BASE64, KEYS_IN_BASE64, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_VENDORS = (
    b"dckr_pat_", b"pypi-", b"npm_", b"pplx-", b"nvapi-", b"lin_api_", b"dop_v1_", b"shpat_", b"SG.", b"xkeysib-",
    b"GOCSPX-", b"ya29.", b"hooks.slack", b"discord.com/api/webhooks", b"whsec_", b"dapi", b"sbp_", b"glsa_", b"pul-",
    b"$2b$", b"$2a$", b"rubygems_", b"figu_", b"figd_", b"nfp_", b"tskey-", b"dp.st.", b"dp.pt.", b"CCIPAT", b"sntrys_",
    b"sntryu_", b"pscale_", b"napi_", b"r8_", b"AGE-SECRET", b"glc_", b"lsv2_", b"PMAK-", b"tvly-", b"phc_", b"ATATT3",
    b"NRAK-", b"ntn_",
)  # fmt: skip
_VENDORS_TWICE = (
    b"sk-ant-", b"sk-proj-", b"sk-or-v1-", b"sk_live_", b"rk_live_", b"sk_test_", b"ghp_", b"gho_", b"ghu_", b"ghs_",
    b"ghr_", b"github_pat_", b"glpat-", b"AKIA", b"ASIA", b"AIza", b"xoxb-", b"xoxp-", b"xapp-", b"hvs.", b"gsk_",
    b"xai-", b"hf_", b"eyJhbGciOi",
)  # fmt: skip
PREFIXES = (*_VENDORS, *_VENDORS_TWICE)
"""Prefixes of tokens that are found in base 64; those of `_VENDORS_TWICE` also if they were encoded twice."""
_PLACES = (
    b"-----BEGIN", b"PRIVATE KEY", b"postgres", b"mysql://", b"mongodb", b"redis://", b"amqp://", b"AccountKey",
    b"SharedAccess", b"client_email",
)  # fmt: skip


def _words() -> Iterator[bytes]:
    for word in WORDS:
        if word.places & BASE64:
            yield from (text.encode() for text in word.base64 or (word.written, word.written.upper()))
    yield from (text.encode() for text in KEYS_IN_BASE64)


_LEAST = 4


def forms_of(word: bytes) -> list[bytes]:
    """The letters that depend on a word alone, for each of the three places it may begin at."""
    forms: list[bytes] = []
    for before in range(3):
        whole = base64.b64encode(bytes(before) + word)
        form = whole[-(-8 * before // 6) : 8 * (before + len(word)) // 6]
        if len(form) >= _LEAST:
            forms.append(form)
    return forms


@cache
def encoded_forms() -> tuple[bytes, ...]:
    """All forms, each once."""
    once = [form for word in (*_words(), *_PLACES, *PREFIXES) for form in forms_of(word)]
    twice = [form for word in _VENDORS_TWICE for first in forms_of(word) for form in forms_of(first)]
    return tuple(dict.fromkeys((*once, *twice)))
