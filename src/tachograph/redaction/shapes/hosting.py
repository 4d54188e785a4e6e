"""Tokens of platforms that put programs and sites on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, HEX, SLUG, SNAKE, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_FLY = "https://fly.io/docs/security/tokens/"
_VERCEL = "https://vercel.com/docs/rest-api#authentication"
_NETLIFY = "https://docs.netlify.com/api/get-started/#authentication"
_CLOUDFLARE = "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"
_TUNNEL = "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/"

HOSTING: tuple[Rule, ...] = (
    shape(
        "heroku-key",
        rb"HRKU-",
        SLUG,
        36,
        80,
        "https://devcenter.heroku.com/articles/authentication",
        "HRKU-AA{s58}",
        "HRKU-{w6}",
    ),
    shape("fly-token", rb"fo1_", SLUG, 32, 128, _FLY, "fo1_{s43}", "fo1_{w6}", weak=True),
    shape("fly-token", rb"fm1[ar]_", BASE64, 40, 8192, _FLY, "fm1r_{b200}==", "fm1r_{w6}", weak=True),
    shape("fly-token", rb"fm2_", BASE64, 40, 8192, _FLY, "fm2_{b200}=", "fm2_{w6}", weak=True),
    parts(
        "fly-token",
        rb"FlyV1 [A-Za-z0-9+/=_-]{16}",
        rb"FlyV1 [A-Za-z0-9+/=_-]{40,8192}(?:,f[mo][12][ar]?_[A-Za-z0-9+/=_-]{16,8192}){0,8}",
        _FLY,
        "FlyV1 fm2_{b120},fm2_{b90}==",
        "FlyV1 tokens",
    ),
    shape("vercel-token", rb"vc[pia]_", SLUG, 24, 128, _VERCEL, "vcp_{w56}", "vcp_{w6}", weak=True),
    shape("vercel-token", rb"vc[rk]_", SLUG, 24, 128, _VERCEL, "vck_{w56}", "vck_{w6}", weak=True),
    shape(
        "vercel-blob-token",
        rb"vercel_blob_rw_",
        SNAKE,
        24,
        128,
        "https://vercel.com/docs/vercel-blob/using-blob-sdk",
        "vercel_blob_rw_{w16}_{w30}",
        "vercel_blob_rw_token",
    ),
    parts(
        "vercel-deploy-hook",
        rb"api\.vercel\.com/v1/integrations/deploy/",
        rb"api\.vercel\.com/v1/integrations/deploy/(?P<secret>[A-Za-z0-9_]{8,64}/[A-Za-z0-9_-]{6,64})",
        "https://vercel.com/docs/deploy-hooks",
        "https://api.vercel.com/v1/integrations/deploy/prj_{w24}/{w10}",
        "https://api.vercel.com/v1/integrations/deploy/",
    ),
    shape("netlify-token", rb"nf[pc]_", SNAKE, 32, 64, _NETLIFY, "nfp_{w36}", "nfp_{w6}", weak=True),
    shape("netlify-token", rb"nf[oub]_", SNAKE, 32, 64, _NETLIFY, "nfo_{w36}", "nfo_{w6}", weak=True),
    parts(
        "netlify-build-hook",
        rb"api\.netlify\.com/build_hooks/[0-9a-f]{16}",
        rb"api\.netlify\.com/build_hooks/(?P<secret>[0-9a-f]{16,64})",
        "https://docs.netlify.com/configure-builds/build-hooks/",
        "https://api.netlify.com/build_hooks/{h24}",
        "https://api.netlify.com/build_hooks/",
    ),
    shape("render-key", rb"rnd_", WORD, 24, 64, "https://render.com/docs/api", "rnd_{w28}", "rnd_{w6}", weak=True),
    parts(
        "render-deploy-hook",
        rb"api\.render\.com/deploy/[a-z]{3}-",
        rb"api\.render\.com/deploy/[a-z]{3}-[a-z0-9]{8,40}\?key=(?P<secret>[A-Za-z0-9_-]{8,64})",
        "https://render.com/docs/deploy-hooks",
        "https://api.render.com/deploy/srv-{l20}?key={s11}",
        "https://api.render.com/deploy/srv-{l20}",
    ),
    parts(
        "railway-token",
        rb"rw_Fe26\.2\*",
        rb"rw_Fe26\.2\*[A-Za-z0-9*_~-]{60,2048}(?<!\*)",
        "https://docs.railway.com/reference/cli-api",
        "rw_Fe26.2**{h64}*{s22}*{s90}**{h64}*{s43}",
        "rw_Fe26.2**{h6}",
    ),
    shape("cloudflare-token", rb"cfut_", WORD, 40, 80, _CLOUDFLARE, "cfut_{w48}", "cfut_{w6}", left=True),
    shape("cloudflare-token", rb"cfat_", WORD, 40, 80, _CLOUDFLARE, "cfat_{w48}", "cfat_{w6}", left=True),
    shape("cloudflare-key", rb"cfk_", WORD, 40, 80, _CLOUDFLARE, "cfk_{w48}", "cfk_{w6}", left=True),
    parts(
        "cloudflare-origin-key",
        rb"v1\.0-[0-9a-f]{16}",
        rb"v1\.0-[0-9a-f]{20,32}-[0-9a-f]{100,200}",
        "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/",
        "v1.0-{h24}-{h146}",
        "v1.0-{h24}-rc",
    ),
    # The base 64 of `{"a":"`, with which the account begins.
    shape(
        "cloudflare-tunnel-token",
        rb"eyJhIjo[ig]",
        BASE64,
        100,
        400,
        _TUNNEL,
        "eyJhIjoi{w160}",
        "eyJhIjoi{w12}",
        left=True,
    ),
    shape(
        "cloudflare-turnstile-secret",
        rb"0x4AAAAAA",
        SLUG,
        22,
        48,
        "https://developers.cloudflare.com/turnstile/get-started/",
        "0x4AAAAAAA{s25}",
        "0x4AAAAAAA{s14}",
        left=True,
    ),
    shape("deno-token", rb"dd[op]_", WORD, 32, 64, "https://docs.deno.com/deploy/", "ddp_{w36}", "ddp_{w6}", left=True),
    shape(
        "tigris-secret",
        rb"tsec_",
        SLUG,
        30,
        96,
        "https://www.tigrisdata.com/docs/iam/manage-access-key/",
        "tsec_{s64}",
        "tsec_{w6}",
        weak=True,
    ),
    shape(
        "modal-token",
        rb"ak-",
        WORD,
        22,
        40,
        "https://modal.com/docs/reference/modal.config",
        "ak-{w22}",
        "ak-{w6}",
        weak=True,
    ),
    shape(
        "modal-token",
        rb"as-",
        WORD,
        22,
        40,
        "https://modal.com/docs/reference/modal.config",
        "as-{w22}",
        "as-{w6}",
        weak=True,
    ),
    shape(
        "daytona-key",
        rb"dtn_",
        HEX,
        40,
        128,
        "https://www.daytona.io/docs/en/api-keys/",
        "dtn_{h64}",
        "dtn_{h6}",
        left=True,
    ),
)
