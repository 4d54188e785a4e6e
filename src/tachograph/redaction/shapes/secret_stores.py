"""Stores of secrets and encryption tools.

Vendors: 1Password, Age, Doppler, Evervault, Infisical, Minisign, Phase, Vault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, SLUG, STANDARD_BASE64, UPPER, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
SECRET_STORES: tuple[Rule, ...] = (
    token("vault-token", rb"hv[sbr]\.", SLUG, (20, 4096), word_start=True, positive="hvs.CAESI{s90}", negative="hvs.short", source="https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    # `s.` is too short for the scan, so the trigger includes the character in front of it.
    structured("vault-token", trigger=rb"""[ ='\"]s\.[A-Za-z0-9]{16}""",
        pattern=rb"s\.(?=[A-Za-z]{0,23}[0-9])(?=[a-z0-9]{0,23}[A-Z])(?=[A-Z0-9]{0,23}[a-z])[A-Za-z0-9]{24}(?![A-Za-z0-9_(]|\.[A-Za-z_])",
        word_start=True, positive=" s.{w24}", negative=" s.sendMessageTo2Recipients()", source="https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    structured("vault-token", trigger=rb"[:>`\n]s\.[A-Za-z0-9]{16}",
        pattern=rb"s\.(?=[A-Za-z]{0,23}[0-9])(?=[a-z0-9]{0,23}[A-Z])(?=[A-Z0-9]{0,23}[a-z])[A-Za-z0-9]{24}(?![A-Za-z0-9_(]|\.[A-Za-z_])",
        word_start=True, positive=":s.{w24}", negative=":s.{w9}", source="https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    token("vault-token", rb"b\.AAAAAQ", SLUG, (60, 1024), word_start=True, positive="b.AAAAAQ{s130}", negative="b.AAAAAQ{w6}", source="https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    token("1password-token", rb"ops_ey", BASE64, (40, 4096), word_start=True, positive="ops_eyJ{b700}", negative="ops_eyelet", source="https://developer.1password.com/docs/service-accounts/"),
    structured("1password-secret-key", trigger=rb"A3-[A-Z0-9]{6}-[A-Z0-9]{5}", pattern=rb"A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}",
        word_start=True, positive="A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}", negative="A3-{u6}-{u5}", source="https://support.1password.com/secret-key-security/"),
    token("doppler-token", rb"dp\.(?:pt|st|ct|sa|said|scim|audit)\.", rb"[A-Za-z0-9._-]", (20, 160), word_start=True, positive="dp.st.prd.{w43}", negative="dp.st.prd", source="https://docs.doppler.com/reference/auth-token-formats"),
    structured("infisical-token", trigger=rb"st\.[0-9a-f]{16}", pattern=rb"st\.[0-9a-f]{20,32}\.[0-9a-f]{24,72}\.[0-9a-f]{24,72}",
        word_start=True, positive="st.{h24}.{h32}.{h32}", negative="st.{h24}.js", source="https://infisical.com/docs/documentation/platform/token"),
    structured("phase-token", trigger=rb"pss_(?:service|user):v[0-9]:", pattern=rb"pss_(?:service|user):v[0-9](?::[0-9a-f-]{32,128}){2,4}",
        positive="pss_service:v2:{h64}:{h64}:{h64}:{h64}", negative="pss_service:v2:docs", source="https://docs.phase.dev/access-control/service-accounts"),
    structured("evervault-key", trigger=rb"ev:key:[0-9]:", pattern=rb"ev:key:[0-9]:[A-Za-z0-9+/=_-]{16,256}(?::[A-Za-z0-9+/=_-]{4,64}){0,3}",
        word_start=True, positive="ev:key:1:{w64}:{w6}:{w6}", negative="ev:key:1:docs", source="https://docs.evervault.com/api-reference"),
    token("age-key", rb"AGE-SECRET-KEY-(?:PQ-)?1", UPPER, (50, 128), positive="AGE-SECRET-KEY-1{u58}", negative="AGE-SECRET-KEY-1{u6}", source="https://github.com/FiloSottile/age"),
    token("minisign-key", rb"RWRTY0Iy", STANDARD_BASE64, (100, 256), word_start=True, positive="RWRTY0Iy{b204}", negative="RWRTY0Iy{w6}", source="https://jedisct1.github.io/minisign/"),
)
# fmt: on
