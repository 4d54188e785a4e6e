"""Tokens of platforms for hosting, data and development."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rules.tokens import token

if TYPE_CHECKING:
    from tachograph.redaction.rules.rule import Rule

_WORD = rb"[A-Za-z0-9]"
_SLUG = rb"[A-Za-z0-9_-]"
_HEX = rb"[0-9a-f]"
_BASE64 = rb"[A-Za-z0-9+/=_-]"
_PREFECT = "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"

PLATFORMS: tuple[Rule, ...] = (
    token("fly-token", rb"fm[12][ar]?_", _BASE64, 40, 2048, "https://fly.io/docs/security/tokens/"),
    token("docker-token", rb"dckr_(?:pat|oat)_", _SLUG, 20, 64, "https://docs.docker.com/security/access-tokens/"),
    token(
        "docker-swarm-token", rb"SWMTKN-1-", rb"[a-z0-9-]", 40, 128, "https://docs.docker.com/engine/swarm/join-nodes/"
    ),
    # Apart, for hyperscan would look for the `ph` that all three begin with, and for the `pn` of those of Prefect.
    token("posthog-key", rb"phc_", _SLUG, 32, 64, "https://posthog.com/docs/api"),
    token("posthog-key", rb"phs_", _SLUG, 32, 64, "https://posthog.com/docs/api"),
    token("posthog-key", rb"phx_", _SLUG, 32, 64, "https://posthog.com/docs/api"),
    token("figma-token", rb"fig[du]_", _SLUG, 32, 128, "https://www.figma.com/developers/api#access-tokens"),
    token("render-key", rb"rnd_", _WORD, 24, 64, "https://render.com/docs/api"),
    token("buildkite-token", rb"bk(?:ua|pt|ct)_", _WORD, 32, 64, "https://buildkite.com/docs/apis/managing-api-tokens"),
    token("cerebras-key", rb"csk-", _WORD, 32, 64, "https://inference-docs.cerebras.ai/quickstart"),
    token(
        "planetscale-token",
        rb"pscale_(?:oauth|tkn|pw)_",
        rb"[A-Za-z0-9_=.-]",
        24,
        128,
        "https://planetscale.com/docs/api",
    ),
    token("sentry-token", rb"sntry[sua]_", rb"[A-Za-z0-9+/=_]", 32, 512, "https://docs.sentry.io/account/auth-tokens/"),
    token(
        "shippo-token",
        rb"shippo_(?:live|test)_",
        _HEX,
        32,
        64,
        "https://docs.goshippo.com/docs/guides_general/authentication",
    ),
    token(
        "sourcegraph-token",
        rb"sgp_(?:local_|[0-9a-f]{16}_)?",
        _HEX,
        40,
        64,
        "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token",
    ),
    token(
        "tailscale-key", rb"tskey-[a-z]{2,12}-", rb"[A-Za-z0-9-]", 16, 128, "https://tailscale.com/kb/1085/auth-keys"
    ),
    token("wandb-key", rb"wandb_v1_", _SLUG, 32, 128, "https://docs.wandb.ai/"),
    token(
        "newrelic-key",
        rb"NR(?:AK|JS|II|IQ|RA|BR|AL)-",
        _WORD,
        16,
        64,
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    token("circleci-token", rb"CCIPAT_", rb"[A-Za-z0-9_]", 32, 128, "https://circleci.com/docs/managing-api-tokens/"),
    token("1password-token", rb"ops_ey", _BASE64, 40, 4096, "https://developer.1password.com/docs/service-accounts/"),
    token(
        "airtable-token",
        rb"pat[A-Za-z0-9]{14}\.",
        _HEX,
        64,
        64,
        "https://airtable.com/developers/web/guides/personal-access-tokens",
    ),
    token(
        "artifactory-key",
        rb"AKCp",
        _WORD,
        40,
        80,
        "https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key",
    ),
    token(
        "cloudflare-origin-key",
        rb"v1\.0-",
        rb"[0-9a-f-]",
        100,
        200,
        "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/",
    ),
    token(
        "astra-token",
        rb"AstraCS:",
        rb"[A-Za-z0-9:]",
        40,
        128,
        "https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html",
    ),
    token("deno-token", rb"ddp_", _WORD, 32, 64, "https://docs.deno.com/deploy/"),
    token(
        "grafana-token",
        rb"gl(?:sa|c)_",
        rb"[A-Za-z0-9_+/=]",
        32,
        512,
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ),
    token(
        "harness-token",
        rb"[ps]at\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.",
        _WORD,
        20,
        20,
        "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys",
    ),
    token(
        "langsmith-key",
        rb"lsv2_(?:pt|sk)_",
        rb"[0-9a-f_]",
        32,
        64,
        "https://docs.langchain.com/langsmith/create-account-api-key",
    ),
    token("nvidia-key", rb"nvapi-", _SLUG, 40, 128, "https://docs.api.nvidia.com/"),
    token(
        "openshift-token",
        rb"sha256~",
        _SLUG,
        40,
        64,
        "https://docs.openshift.com/container-platform/latest/authentication/understanding-authentication.html",
    ),
    token(
        "paddle-key",
        rb"pdl_(?:live|sdbx)_apikey_",
        rb"[A-Za-z0-9_]",
        40,
        128,
        "https://developer.paddle.com/api-reference/about/authentication",
    ),
    token(
        "pinecone-key", rb"pcsk_", rb"[A-Za-z0-9_]", 40, 128, "https://docs.pinecone.io/guides/projects/manage-api-keys"
    ),
    token(
        "postman-key",
        rb"PMAK-",
        rb"[0-9a-f-]",
        40,
        80,
        "https://learning.postman.com/docs/developer/postman-api/authentication/",
    ),
    token("readme-key", rb"rdme_", rb"[a-z0-9]", 40, 128, "https://docs.readme.com/main/reference/authentication"),
    token("prefect-key", rb"pnb_", _WORD, 32, 64, _PREFECT),
    token("prefect-key", rb"pnu_", _WORD, 32, 64, _PREFECT),
    token(
        "supabase-key",
        rb"sb(?:p|_secret|_publishable)_",
        rb"[A-Za-z0-9_-]",
        24,
        64,
        "https://supabase.com/docs/guides/api/api-keys",
    ),
    token("vercel-token", rb"vc[kpiar]_", _WORD, 24, 80, "https://vercel.com/docs/rest-api"),
    token(
        "atlassian-token",
        rb"AT(?:ATT|CTT|BB)[0-9A-Za-z]",
        rb"[A-Za-z0-9_=-]",
        20,
        256,
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    ),
    token("heroku-key", rb"HRKU-", _SLUG, 36, 80, "https://devcenter.heroku.com/articles/authentication"),
    token(
        "terraform-token",
        rb"[A-Za-z0-9]{14}\.atlasv1\.",
        rb"[A-Za-z0-9_=-]",
        60,
        80,
        "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    ),
    token("runpod-key", rb"rpa_", _WORD, 32, 64, "https://docs.runpod.io/get-started/api-keys"),
    token("neon-key", rb"napi_", _WORD, 32, 80, "https://neon.com/docs/manage/api-keys"),
    token("rubygems-key", rb"rubygems_", _HEX, 48, 48, "https://guides.rubygems.org/api-key-scopes/"),
    token(
        "pulumi-token",
        rb"pul-",
        _HEX,
        40,
        40,
        "https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/",
    ),
    token(
        "facebook-token",
        rb"EAA[A-Z]",
        _WORD,
        80,
        400,
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/",
    ),
    token("brevo-key", rb"xkeysib-", rb"[0-9a-f-]", 64, 100, "https://developers.brevo.com/docs/getting-started"),
    token("mailgun-key", rb"key-", _HEX, 32, 32, "https://documentation.mailgun.com/", left=True),
    token(
        "mailchimp-key",
        rb"[0-9a-f]{32}-us",
        rb"[0-9]",
        1,
        2,
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
        left=True,
    ),
    token("age-key", rb"AGE-SECRET-KEY-1", rb"[A-Z0-9]", 58, 58, "https://github.com/FiloSottile/age"),
)
