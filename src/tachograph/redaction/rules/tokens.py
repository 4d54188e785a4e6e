"""Tokens that their vendors gave a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.late import Late
from tachograph.redaction.rules.rule import LEFT, Rank, Rule

if TYPE_CHECKING:
    import re

_WORD = rb"[A-Za-z0-9]"
_SNAKE = rb"[A-Za-z0-9_]"
_SLUG = rb"[A-Za-z0-9_-]"
_HEX = rb"[0-9a-f]"
_UPPER = rb"[A-Z0-9]"


def _not_blank(match: re.Match[bytes]) -> bool:
    """Whether the body is not a run of one character or a row of dots, as documentation writes it."""
    text = match[0]
    return len(set(text[len(text) // 3 :].lower())) > 3


def token(
    kind: str,
    prefix: bytes,
    body: bytes,
    least: int,
    most: int,
    source: str,
    *,
    left: bool = False,
    end: bytes = b"",
) -> Rule:
    head = LEFT if left else b""
    if b"." in body:
        end = rb"(?<!\.)" + end
    return Rule(
        kind,
        b"%b%b{%d}" % (prefix, body, least),
        Late(b"%b(?P<secret>%b%b{%d,%d}%b)" % (head, prefix, body, least, most, end)),
        source,
        Rank.VENDOR,
        _not_blank,
    )


TOKENS: tuple[Rule, ...] = (
    token("anthropic-key", rb"sk-ant-", _SLUG, 16, 256, "https://docs.anthropic.com/en/api/overview"),
    token(
        "openai-key",
        rb"sk-(?:proj|svcacct|admin|None)-",
        _SLUG,
        16,
        256,
        "https://platform.openai.com/docs/api-reference",
    ),
    token("openrouter-key", rb"sk-or-v1-", _HEX, 16, 128, "https://openrouter.ai/docs/api-reference/authentication"),
    token(
        "sk-key",
        rb"sk-",
        _SLUG,
        20,
        256,
        "https://platform.openai.com/docs/api-reference/authentication",
        left=True,
    ),
    token(
        "github-token",
        rb"gh[pousr]_",
        _WORD,
        16,
        255,
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    token(
        "github-token",
        rb"github_pat_",
        _SNAKE,
        16,
        255,
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens",
    ),
    token(
        "gitlab-token",
        rb"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-",
        rb"[A-Za-z0-9_=.-]",
        16,
        320,
        "https://docs.gitlab.com/security/tokens/#token-prefixes",
    ),
    token(
        "aws-access-key",
        rb"(?:AKIA|ASIA|ABIA|ACCA)",
        rb"[A-Z2-7]",
        16,
        16,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        end=rb"(?![A-Za-z0-9])",
    ),
    token("google-key", rb"AIza", _SLUG, 35, 35, "https://cloud.google.com/docs/authentication/api-keys"),
    token(
        "google-oauth",
        rb"ya29\.",
        rb"[A-Za-z0-9_.-]",
        20,
        2048,
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    token("google-secret", rb"GOCSPX-", _SLUG, 20, 64, "https://developers.google.com/identity/protocols/oauth2"),
    token(
        "slack-token",
        rb"xox[abeoprs](?:\.xox[bp])?-",
        rb"[A-Za-z0-9-]",
        10,
        256,
        "https://api.slack.com/concepts/token-types",
    ),
    token("slack-token", rb"xapp-", rb"[A-Za-z0-9-]", 16, 256, "https://api.slack.com/concepts/token-types"),
    token("stripe-key", rb"[srp]k_(?:live|test|prod)_", _WORD, 10, 256, "https://docs.stripe.com/keys"),
    token("stripe-webhook", rb"whsec_", rb"[A-Za-z0-9+/=]", 16, 128, "https://docs.stripe.com/webhooks"),
    token(
        "twilio-key",
        rb"SK",
        _HEX,
        32,
        32,
        "https://www.twilio.com/docs/iam/api-keys",
        left=True,
        end=rb"(?![0-9A-Za-z])",
    ),
    token(
        "sendgrid-key",
        rb"SG\.",
        rb"[A-Za-z0-9_.-]",
        32,
        128,
        "https://docs.sendgrid.com/ui/account-and-settings/api-keys",
    ),
    token("npm-token", rb"npm_", _WORD, 30, 64, "https://docs.npmjs.com/about-access-tokens"),
    token(
        "pypi-token",
        rb"pypi-",
        _SLUG,
        40,
        512,
        "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns",
    ),
    token(
        "huggingface-token",
        rb"(?:hf|api_org)_",
        _WORD,
        30,
        64,
        "https://huggingface.co/docs/hub/security-tokens",
        end=rb"(?![A-Za-z0-9_])",
    ),
    token("groq-key", rb"gsk_", _WORD, 30, 128, "https://console.groq.com/docs/quickstart"),
    token("xai-key", rb"xai-", _SLUG, 40, 256, "https://docs.x.ai/docs/overview"),
    token("perplexity-key", rb"pplx-", _WORD, 30, 128, "https://docs.perplexity.ai/guides/getting-started"),
    token("replicate-token", rb"r8_", _WORD, 30, 64, "https://replicate.com/docs/topics/security/api-tokens"),
    token("digitalocean-token", rb"do[opr]_v1_", _HEX, 32, 128, "https://docs.digitalocean.com/reference/api/"),
    token(
        "databricks-token",
        rb"dapi",
        rb"[0-9a-f-]",
        32,
        40,
        "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
        left=True,
    ),
    token(
        "shopify-token",
        rb"shp(?:at|ca|pa|ss|ua|tka)_",
        rb"[0-9a-fA-F]",
        16,
        64,
        "https://shopify.dev/docs/apps/build/authentication-authorization",
    ),
    token("linear-key", rb"lin_(?:api|oauth)_", _WORD, 20, 128, "https://linear.app/developers"),
    token("notion-token", rb"ntn_", _WORD, 32, 64, "https://developers.notion.com/docs/authorization"),
    token(
        "notion-token",
        rb"secret_",
        _WORD,
        43,
        43,
        "https://developers.notion.com/docs/authorization",
        end=rb"(?![A-Za-z0-9])",
    ),
    token("vault-token", rb"hv[sbr]\.", _SLUG, 20, 512, "https://developer.hashicorp.com/vault/docs/concepts/tokens"),
    token(
        "doppler-token",
        rb"dp\.(?:pt|st|ct|sa|scim|audit)\.",
        rb"[A-Za-z0-9._-]",
        20,
        128,
        "https://docs.doppler.com/reference/auth-token-formats",
    ),
    Rule(
        "telegram-token",
        rb"[0-9]{8}:AA[A-Za-z0-9_-]{30}",
        Late(rb"(?<![0-9])(?P<secret>[0-9]{8,12}:AA[A-Za-z0-9_-]{30,40})"),
        "https://core.telegram.org/bots/features#botfather",
        Rank.VENDOR,
    ),
    Rule(
        "discord-token",
        # One of its own for each third character and no two alike, or hyperscan would look for the first two alone.
        b"|".join(b"[MNO][TDjz]%c[A-Za-z0-9_-]{%d}" % (third, 20 - n) for n, third in enumerate(b"AEIMQUYcgk")),
        Late(
            LEFT + rb"(?P<secret>[MNO][TDjz][AEIMQUYcgk][A-Za-z0-9_-]{20,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,64})"
        ),
        "https://discord.com/developers/docs/reference#authentication",
        Rank.VENDOR,
    ),
    Rule(
        "slack-webhook",
        rb"hooks\.slack\.com/(?:services|workflows|triggers)/",
        Late(rb"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9_/-]{16,256})"),
        "https://api.slack.com/messaging/webhooks",
        Rank.VENDOR,
    ),
    Rule(
        "discord-webhook",
        rb"discord(?:app)?\.com/api/webhooks/",
        Late(rb"discord(?:app)?\.com/api/webhooks/[0-9]{8,24}/(?P<secret>[A-Za-z0-9_-]{16,256})"),
        "https://discord.com/developers/docs/resources/webhook",
        Rank.VENDOR,
    ),
)
