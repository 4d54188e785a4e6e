"""What secrets begin with, in base 64: how a token that was encoded, once or twice, is found without decoding all.

A word stands at one of three places of the groups of three bytes, and each place gives other letters
(https://www.rfc-editor.org/rfc/rfc4648#section-4). Only those are looked for that depend on the word alone.
"""

from __future__ import annotations

import base64
from functools import cache

_ONCE = (
    b"password", b"Password", b"PASSWORD", b"passwd", b"secret", b"SECRET", b"token", b"TOKEN", b"api_key", b"API_KEY",
    b"apiKey", b"access_key", b"ACCESS_KEY", b"private_key", b"uthorization", b"Bearer ", b"-----BEGIN", b"PRIVATE KEY",
    b"postgres", b"mysql://", b"mongodb", b"redis://", b"amqp://", b"AccountKey", b"dckr_pat_", b"pypi-", b"npm_",
    b"pplx-", b"nvapi-", b"lin_api_", b"dop_v1_", b"shpat_", b"SG.", b"xkeysib-", b"GOCSPX-", b"ya29.", b"hooks.slack",
    b"discord.com/api/webhooks", b"hf_", b"whsec_", b"dapi", b"sbp_", b"glsa_", b"pul-", b"$2b$", b"$2a$", b"rubygems_",
    b"figu_", b"nfp_", b"tskey-", b"dp.st.", b"dp.pt.", b"CCIPAT", b"sntrys_", b"sntryu_", b"pscale_", b"napi_", b"r8_",
    b"AGE-SECRET", b"SharedAccess", b"glc_", b"lsv2_", b"client_email",
    b"PMAK-", b"lsv2_", b"r8_", b"tvly-", b"phc_", b"figd_", b"ATATT3", b"NRAK-", b"ntn_",
)  # fmt: skip
_TWICE = (
    b"sk-ant-", b"sk-proj-", b"sk-or-v1-", b"sk_live_", b"rk_live_", b"sk_test_", b"ghp_", b"gho_", b"ghu_", b"ghs_",
    b"ghr_", b"github_pat_", b"glpat-", b"AKIA", b"ASIA", b"AIza", b"xoxb-", b"xoxp-", b"xapp-", b"hvs.", b"gsk_",
    b"xai-", b"hf_", b"eyJhbGciOi",
)  # fmt: skip
_LEAST = 4


def forms_of(word: bytes) -> list[bytes]:
    """The letters that depend on a word alone, at each of the three places it may stand."""
    found: list[bytes] = []
    for before in range(3):
        whole = base64.b64encode(bytes(before) + word)
        form = whole[-(-8 * before // 6) : 8 * (before + len(word)) // 6]
        if len(form) >= _LEAST:
            found.append(form)
    return found


@cache
def encoded_forms() -> tuple[bytes, ...]:
    """All forms, each once."""
    once = [form for word in (*_ONCE, *_TWICE) for form in forms_of(word)]
    twice = [form for word in _TWICE for first in forms_of(word) for form in forms_of(first)]
    return tuple(dict.fromkeys((*once, *twice)))
