"""Identity and login.

Vendors: Authress, hCaptcha, NKey, Okta, Onfido, Ory, Paseto, Stytch, Sumsub, WorkOS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    DOTTED,
    STANDARD_BASE64,
    UPPER,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
IDENTITY: tuple[Rule, ...] = (
    structured("okta-token", trigger=rb"SSWS\s00[A-Za-z0-9_-]{16}", pattern=rb"SSWS\s00[A-Za-z0-9_-]{40}",
        positive="SSWS 00{s40}", negative="SSWS 00", source="https://developer.okta.com/docs/reference/core-okta-api/"),
    token("workos-key", rb"sk_(?:test_|live_)?a2V5X", STANDARD_BASE64, (40, 256), word_start=True, positive="sk_test_a2V5X{w75}=", negative="sk_a2V5X2", source="https://workos.com/docs/reference/authentication"),
    structured("authress-key", trigger=rb"\.acc[_-][a-z0-9-]{10,32}\.",
        pattern=rb"(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/=_-]{30,120}",
        word_start=True, positive="sc_{l12}.{w4}.acc-{l16}.{w64}", negative="the account is acc-0f1e2d3c4b5a", source="https://authress.io/knowledge-base/docs/authorization/service-clients/"),
    # The second character is the kind of the seed, the third is always an A.
    token("nkey-seed", rb"SUA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SUA{u55}", negative="SUA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    token("nkey-seed", rb"SAA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SAA{u55}", negative="SAA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    token("nkey-seed", rb"SOA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SOA{u55}", negative="SOA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    token("nkey-seed", rb"SNA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SNA{u55}", negative="SNA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    token("nkey-seed", rb"SCA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SCA{u55}", negative="SCA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    token("nkey-seed", rb"SXA", UPPER, (55, 55), end=WORD_END, word_start=True, positive="SXA{u55}", negative="SXA2", source="https://docs.nats.io/using-nats/developer/connecting/nkey"),
    structured("onfido-token", trigger=rb"api_(?:live|sandbox)(?:_[a-z]{2})?\.", pattern=rb"api_(?:live|sandbox)(?:_[a-z]{2})?\.[A-Za-z0-9_-]{8,16}\.[A-Za-z0-9_-]{24,64}",
        positive="api_live.{s11}.{s32}", negative="api_live.example.com", source="https://documentation.onfido.com/api/latest/#authentication"),
    structured("sumsub-token", trigger=rb"sbx:[A-Za-z0-9]{16}", pattern=rb"sbx:[A-Za-z0-9]{24}\.[A-Za-z0-9]{32}",
        word_start=True, positive="sbx:{w24}.{w32}", negative="sbx:2", source="https://docs.sumsub.com/reference/authentication"),
    structured("sumsub-token", trigger=rb"prd:[A-Za-z0-9]{16}", pattern=rb"prd:[A-Za-z0-9]{24}\.[A-Za-z0-9]{32}",
        word_start=True, positive="prd:{w24}.{w32}", negative="prd:2", source="https://docs.sumsub.com/reference/authentication"),
    token("hcaptcha-secret", rb"ES_", WORD, (32, 32), end=WORD_END, word_start=True, positive="ES_{h32}", negative="ES_2", source="https://docs.hcaptcha.com/#siteverify-error-codes-table"),
    token("ory-token", rb"ory_(?:pat|wak|at|rt|ac|st)_", DOTTED, (24, 256), word_start=True, positive="ory_pat_{w32}", negative="directory_at_home_in_the_mountains", source="https://www.ory.sh/docs/concepts/personal-access-token"),
    token("stytch-secret", rb"secret-(?:test|live)-", BASE64, (32, 64), positive="secret-live-{s36}", negative="secret-live-copy", source="https://stytch.com/docs/api/authentication"),
    structured("paseto", trigger=rb"v[1-4]\.(?:public|local)\.[A-Za-z0-9_-]{16}", pattern=rb"v[1-4]\.(?:public|local)\.[A-Za-z0-9_-]{60,8192}(?:\.[A-Za-z0-9_-]{1,1024})?",
        word_start=True, positive="v4.public.{s160}", negative="v4.public.api", source="https://github.com/paseto-standard/paseto-spec"),
)
# fmt: on
