"""Tokens and keys of what keeps secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, SLUG, UPPER, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_VAULT = "https://developer.hashicorp.com/vault/docs/concepts/tokens"
# The three kinds of character that what was drawn by chance has, and a method of a short name lacks.
_LEGACY = (
    rb"(?=[A-Za-z]{0,23}[0-9])(?=[a-z0-9]{0,23}[A-Z])(?=[A-Z0-9]{0,23}[a-z])"
    rb"[A-Za-z0-9]{24}(?![A-Za-z0-9_(]|\.[A-Za-z_])"
)
_ONEPASSWORD = "https://developer.1password.com/docs/service-accounts/"
_AGE = "https://github.com/FiloSottile/age"

SECRET_STORES: tuple[Rule, ...] = (
    shape("vault-token", rb"hv[sbr]\.", SLUG, 20, 4096, _VAULT, "hvs.CAESI{s90}", "hvs.short", left=True),
    # Two letters alone are too little to look for, so the sign in front is looked for with them.
    parts(
        "vault-token",
        rb"[ ='\"]s\.[A-Za-z0-9]{16}",
        rb"s\." + _LEGACY,
        _VAULT,
        " s.{w24}",
        " s.sendMessageTo2Recipients()",
        left=True,
    ),
    parts("vault-token", rb"[:>`\n]s\.[A-Za-z0-9]{16}", rb"s\." + _LEGACY, _VAULT, ":s.{w24}", ":s.{w9}", left=True),
    shape("vault-token", rb"b\.AAAAAQ", SLUG, 60, 1024, _VAULT, "b.AAAAAQ{s130}", "b.AAAAAQ{w6}", left=True),
    shape("1password-token", rb"ops_ey", BASE64, 40, 4096, _ONEPASSWORD, "ops_eyJ{b700}", "ops_eyelet", left=True),
    parts(
        "1password-secret-key",
        rb"A3-[A-Z0-9]{6}-[A-Z0-9]{5}",
        rb"A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}",
        "https://support.1password.com/secret-key-security/",
        "A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}",
        "A3-{u6}-{u5}",
        left=True,
    ),
    shape(
        "doppler-token",
        rb"dp\.(?:pt|st|ct|sa|said|scim|audit)\.",
        rb"[A-Za-z0-9._-]",
        20,
        160,
        "https://docs.doppler.com/reference/auth-token-formats",
        "dp.st.prd.{w43}",
        "dp.st.prd",
        left=True,
    ),
    parts(
        "infisical-token",
        rb"st\.[0-9a-f]{16}",
        rb"st\.[0-9a-f]{20,32}\.[0-9a-f]{24,72}\.[0-9a-f]{24,72}",
        "https://infisical.com/docs/documentation/platform/token",
        "st.{h24}.{h32}.{h32}",
        "st.{h24}.js",
        left=True,
    ),
    parts(
        "phase-token",
        rb"pss_(?:service|user):v[0-9]:",
        rb"pss_(?:service|user):v[0-9](?::[0-9a-f-]{32,128}){2,4}",
        "https://docs.phase.dev/access-control/service-accounts",
        "pss_service:v2:{h64}:{h64}:{h64}:{h64}",
        "pss_service:v2:docs",
    ),
    parts(
        "evervault-key",
        rb"ev:key:[0-9]:",
        rb"ev:key:[0-9]:[A-Za-z0-9+/=_-]{16,256}(?::[A-Za-z0-9+/=_-]{4,64}){0,3}",
        "https://docs.evervault.com/api-reference",
        "ev:key:1:{w64}:{w6}:{w6}",
        "ev:key:1:docs",
        left=True,
    ),
    shape(
        "age-key", rb"AGE-SECRET-KEY-(?:PQ-)?1", UPPER, 50, 128, _AGE, "AGE-SECRET-KEY-1{u58}", "AGE-SECRET-KEY-1{u6}"
    ),
    shape(
        "minisign-key",
        rb"RWRTY0Iy",
        rb"[A-Za-z0-9+/=]",
        100,
        256,
        "https://jedisct1.github.io/minisign/",
        "RWRTY0Iy{b204}",
        "RWRTY0Iy{w6}",
        left=True,
    ),
)
