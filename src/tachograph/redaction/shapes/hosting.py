"""Platforms that host programs, sites and functions.

Vendors: Cloudflare, Daytona, Deno, Fly, Heroku, Modal, Netlify, Railway, Render, Tigris, Valtown, Vercel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, SLUG, SLUG_END, SNAKE, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
HOSTING: tuple[Rule, ...] = (
    token("heroku-key", rb"HRKU-", SLUG, (36, 80), positive="HRKU-AA{s58}", negative="HRKU-{w6}", source="https://devcenter.heroku.com/articles/authentication"),
    token("fly-token", rb"fo1_", SLUG, (32, 128), mixed=True, positive="fo1_{s43}", negative="fo1_{w6}", source="https://fly.io/docs/security/tokens/"),
    token("fly-token", rb"fm1[ar]_", BASE64, (40, 8192), mixed=True, positive="fm1r_{b200}==", negative="fm1r_{w6}", source="https://fly.io/docs/security/tokens/"),
    token("fly-token", rb"fm2_", BASE64, (40, 8192), mixed=True, positive="fm2_{b200}=", negative="fm2_{w6}", source="https://fly.io/docs/security/tokens/"),
    structured("fly-token", trigger=rb"FlyV1 [A-Za-z0-9+/=_-]{16}", pattern=rb"FlyV1 [A-Za-z0-9+/=_-]{40,8192}(?:,f[mo][12][ar]?_[A-Za-z0-9+/=_-]{16,8192}){0,8}",
        positive="FlyV1 fm2_{b120},fm2_{b90}==", negative="FlyV1 tokens", source="https://fly.io/docs/security/tokens/"),
    token("vercel-token", rb"vc[pia]_", SLUG, (24, 128), mixed=True, positive="vcp_{w56}", negative="vcp_{w6}", source="https://vercel.com/docs/rest-api#authentication"),
    token("vercel-token", rb"vc[rk]_", SLUG, (24, 128), mixed=True, positive="vck_{w56}", negative="vck_{w6}", source="https://vercel.com/docs/rest-api#authentication"),
    token("vercel-blob-token", rb"vercel_blob_rw_", SNAKE, (24, 128), positive="vercel_blob_rw_{w16}_{w30}", negative="vercel_blob_rw_token", source="https://vercel.com/docs/vercel-blob/using-blob-sdk"),
    structured("vercel-deploy-hook", trigger=rb"api\.vercel\.com/v1/integrations/deploy/",
        pattern=rb"api\.vercel\.com/v1/integrations/deploy/(?P<secret>[A-Za-z0-9_]{8,64}/[A-Za-z0-9_-]{6,64})",
        positive="https://api.vercel.com/v1/integrations/deploy/prj_{w24}/{w10}", negative="https://api.vercel.com/v1/integrations/deploy/", source="https://vercel.com/docs/deploy-hooks"),
    token("netlify-token", rb"nf[pc]_", SNAKE, (32, 64), mixed=True, positive="nfp_{w36}", negative="nfp_{w6}", source="https://docs.netlify.com/api/get-started/#authentication"),
    token("netlify-token", rb"nf[oub]_", SNAKE, (32, 64), mixed=True, positive="nfo_{w36}", negative="nfo_{w6}", source="https://docs.netlify.com/api/get-started/#authentication"),
    structured("netlify-build-hook", trigger=rb"api\.netlify\.com/build_hooks/[0-9a-f]{16}", pattern=rb"api\.netlify\.com/build_hooks/(?P<secret>[0-9a-f]{16,64})",
        positive="https://api.netlify.com/build_hooks/{h24}", negative="https://api.netlify.com/build_hooks/", source="https://docs.netlify.com/configure-builds/build-hooks/"),
    token("render-key", rb"rnd_", WORD, (24, 64), mixed=True, positive="rnd_{w28}", negative="rnd_{w6}", source="https://render.com/docs/api"),
    structured("render-deploy-hook", trigger=rb"api\.render\.com/deploy/[a-z]{3}-",
        pattern=rb"api\.render\.com/deploy/[a-z]{3}-[a-z0-9]{8,40}\?key=(?P<secret>[A-Za-z0-9_-]{8,64})",
        positive="https://api.render.com/deploy/srv-{l20}?key={s11}", negative="https://api.render.com/deploy/srv-{l20}", source="https://render.com/docs/deploy-hooks"),
    structured("railway-token", trigger=rb"rw_Fe26\.2\*", pattern=rb"rw_Fe26\.2\*[A-Za-z0-9*_~-]{60,2048}(?<!\*)",
        positive="rw_Fe26.2**{h64}*{s22}*{s90}**{h64}*{s43}", negative="rw_Fe26.2**{h6}", source="https://docs.railway.com/reference/cli-api"),
    token("cloudflare-token", rb"cfut_", WORD, (40, 80), word_start=True, positive="cfut_{w48}", negative="cfut_{w6}", source="https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    token("cloudflare-token", rb"cfat_", WORD, (40, 80), word_start=True, positive="cfat_{w48}", negative="cfat_{w6}", source="https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    token("cloudflare-key", rb"cfk_", WORD, (40, 80), word_start=True, positive="cfk_{w48}", negative="cfk_{w6}", source="https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    structured("cloudflare-origin-key", trigger=rb"v1\.0-[0-9a-f]{16}", pattern=rb"v1\.0-[0-9a-f]{20,32}-[0-9a-f]{100,200}",
        positive="v1.0-{h24}-{h146}", negative="v1.0-{h24}-rc", source="https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/"),
    # It begins with the base 64 of `{"a":"`, the first member of the decoded token.
    token("cloudflare-tunnel-token", rb"eyJhIjo[ig]", BASE64, (100, 400), word_start=True, positive="eyJhIjoi{w160}", negative="eyJhIjoi{w12}", source="https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/"),
    token("cloudflare-turnstile-secret", rb"0x4AAAAAA", SLUG, (22, 48), word_start=True, positive="0x4AAAAAAA{s25}", negative="0x4AAAAAAA{s14}", source="https://developers.cloudflare.com/turnstile/get-started/"),
    token("deno-token", rb"dd[op]_", WORD, (32, 64), word_start=True, positive="ddp_{w36}", negative="ddp_{w6}", source="https://docs.deno.com/deploy/"),
    token("tigris-secret", rb"tsec_", SLUG, (30, 96), mixed=True, positive="tsec_{s64}", negative="tsec_{w6}", source="https://www.tigrisdata.com/docs/iam/manage-access-key/"),
    token("modal-token", rb"ak-", WORD, (22, 40), mixed=True, positive="ak-{w22}", negative="ak-{w6}", source="https://modal.com/docs/reference/modal.config"),
    token("modal-token", rb"as-", WORD, (22, 40), mixed=True, positive="as-{w22}", negative="as-{w6}", source="https://modal.com/docs/reference/modal.config"),
    token("daytona-key", rb"dtn_", WORD, (40, 128), word_start=True, positive="dtn_{h64}", negative="dtn_{h6}", source="https://www.daytona.io/docs/en/api-keys/"),
    token("valtown-token", rb"vtwn_", WORD, (20, 64), word_start=True, positive="vtwn_{w28}", negative="vtwn_{w6}", source="https://docs.val.town/reference/permissions/"),
    token("modal-token", rb"wk-", WORD, (22, 22), end=SLUG_END, mixed=True, positive="wk-{w22}", negative="wk-of-2026", source="https://modal.com/docs/guide/webhook-proxy-auth"),
    token("modal-token", rb"ws-", WORD, (22, 22), end=SLUG_END, mixed=True, positive="ws-{w22}", negative="ws-of-2026", source="https://modal.com/docs/guide/webhook-proxy-auth"),
)
# fmt: on
