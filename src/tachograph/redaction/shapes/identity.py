"""Keys of services that say who somebody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rule_types import Group
from tachograph.redaction.shapes.token_shape import BASE64, HEX, UPPER, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_WORKOS = "https://workos.com/docs/reference/authentication"
_AUTHRESS = "https://authress.io/knowledge-base/docs/authorization/service-clients/"
_ORY = "https://www.ory.sh/docs/concepts/personal-access-token"
_SUMSUB = "https://docs.sumsub.com/reference/authentication"
_NKEYS = "https://docs.nats.io/using-nats/developer/connecting/nkey"
_END = rb"(?![A-Za-z0-9])"

IDENTITY: tuple[Rule, ...] = (
    # It has no literal, but it has a long number.
    parts(
        "facebook-app-token",
        rb"[0-9]{13}\|[A-Za-z0-9_-]{20}",
        rb"[0-9]{13,17}\|[A-Za-z0-9_-]{24,40}",
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/#apptokens",
        "{d15}|{s27}",
        "{d15}|{w6}",
        left=True,
    )._replace(group=Group.NUMBER),
    parts(
        "okta-token",
        rb"SSWS\s00[A-Za-z0-9_-]{16}",
        rb"SSWS\s00[A-Za-z0-9_-]{40}",
        "https://developer.okta.com/docs/reference/core-okta-api/",
        "SSWS 00{s40}",
        "SSWS 00",
    ),
    shape(
        "workos-key",
        rb"sk_(?:test_|live_)?a2V5X",
        rb"[A-Za-z0-9+/=]",
        40,
        256,
        _WORKOS,
        "sk_test_a2V5X{w75}=",
        "sk_a2V5X2",
        left=True,
    ),
    parts(
        "authress-key",
        rb"\.acc[_-][a-z0-9-]{10,32}\.",
        rb"(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/=_-]{30,120}",
        _AUTHRESS,
        "sc_{l12}.{w4}.acc-{l16}.{w64}",
        "the account is acc-0f1e2d3c4b5a",
        left=True,
    ),
    # A seed of each kind begins with its letter and an A.
    *(
        shape(
            "nkey-seed",
            prefix,
            UPPER,
            55,
            55,
            _NKEYS,
            prefix.decode() + "{u55}",
            prefix.decode() + "2",
            left=True,
            end=_END,
        )
        for prefix in (b"SUA", b"SAA", b"SOA", b"SNA", b"SCA", b"SXA")
    ),
    parts(
        "onfido-token",
        rb"api_(?:live|sandbox)(?:_[a-z]{2})?\.",
        rb"api_(?:live|sandbox)(?:_[a-z]{2})?\.[A-Za-z0-9_-]{8,16}\.[A-Za-z0-9_-]{24,64}",
        "https://documentation.onfido.com/api/latest/#authentication",
        "api_live.{s11}.{s32}",
        "api_live.example.com",
    ),
    *(
        parts(
            "sumsub-token",
            prefix + rb"[A-Za-z0-9]{16}",
            prefix + rb"[A-Za-z0-9]{24}\.[A-Za-z0-9]{32}",
            _SUMSUB,
            prefix.decode() + "{w24}.{w32}",
            prefix.decode() + "2",
            left=True,
        )
        for prefix in (b"sbx:", b"prd:")
    ),
    shape(
        "hcaptcha-secret",
        rb"ES_",
        HEX,
        32,
        32,
        "https://docs.hcaptcha.com/#siteverify-error-codes-table",
        "ES_{h32}",
        "ES_2",
        left=True,
        end=_END,
    ),
    shape(
        "ory-token",
        rb"ory_(?:pat|wak|at|rt|ac|st)_",
        rb"[A-Za-z0-9_.-]",
        24,
        256,
        _ORY,
        "ory_pat_{w32}",
        "directory_at_home_in_the_mountains",
        left=True,
    ),
    shape(
        "stytch-secret",
        rb"secret-(?:test|live)-",
        BASE64,
        32,
        64,
        "https://stytch.com/docs/api/authentication",
        "secret-live-{s36}",
        "secret-live-copy",
    ),
    parts(
        "paseto",
        rb"v[1-4]\.(?:public|local)\.[A-Za-z0-9_-]{16}",
        rb"v[1-4]\.(?:public|local)\.[A-Za-z0-9_-]{60,8192}(?:\.[A-Za-z0-9_-]{1,1024})?",
        "https://github.com/paseto-standard/paseto-spec",
        "v4.public.{s160}",
        "v4.public.api",
        left=True,
    ),
)
