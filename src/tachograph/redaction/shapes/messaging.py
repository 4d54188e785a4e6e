"""Keys and webhooks of chat, mail, telephony and social networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import HEX, LOWER, SLUG, SNAKE, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_SLACK = "https://api.slack.com/concepts/token-types"
_TELEGRAM = "https://core.telegram.org/bots/features#botfather"
_TEAMS = "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"
_TWILIO = "https://www.twilio.com/docs/iam/api-keys"
_MAILGUN = "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt"
_BREVO = "https://developers.brevo.com/docs/getting-started"
_KLAVIYO = "https://developers.klaviyo.com/en/docs/authenticate_"
_TWITCH = "https://dev.twitch.tv/docs/authentication/"
_LINKEDIN = "https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"
_LICHESS = "https://lichess.org/api#section/Introduction/Authentication"
_SPOTIFY = "https://developer.spotify.com/documentation/web-api/concepts/access-token"
_FASTMAIL = "https://www.fastmail.com/help/clients/apppassword.html"
_MATRIX = "https://element-hq.github.io/synapse/latest/"
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SOME_UUID = "{h8}-{h4}-{h4}-{h4}-{h12}"
_END = rb"(?![A-Za-z0-9])"
# What goes on with + or / is base 64 of something else.
_NOT_BASE64 = rb"(?![A-Za-z0-9_+/-])"
_ID = rb"[0-9]{5,16}"

MESSAGING: tuple[Rule, ...] = (
    shape(
        "slack-token",
        rb"xox[abceoprs](?:\.xox[bp])?-",
        rb"[A-Za-z0-9-]",
        10,
        256,
        _SLACK,
        "xoxb-{d12}-{d13}-{w24}",
        "xoxb-token",
    ),
    shape("slack-cookie", rb"xoxd-", rb"[A-Za-z0-9%+/=_]", 20, 512, _SLACK, "xoxd-{w60}%2B{w60}%3D%3D", "xoxd-cookie"),
    shape("slack-token", rb"xapp-", rb"[A-Za-z0-9-]", 16, 256, _SLACK, "xapp-1-A{u10}-{d13}-{h64}", "xapp-manifest"),
    shape("slack-token", rb"xwfp-", rb"[A-Za-z0-9-]", 16, 256, _SLACK, "xwfp-{d12}-{d13}-{w32}", "xwfp-token"),
    parts(
        "slack-webhook",
        rb"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/",
        rb"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9_/-]{16,256})",
        "https://api.slack.com/messaging/webhooks",
        "https://hooks.slack.com/services/T{u8}/B{u8}/{w24}",
        "https://hooks.slack.com/services/",
    ),
    parts(
        "discord-token",
        # One of its own for each third character and no two alike, or hyperscan would look for the first two alone.
        b"|".join(b"[MNO][TDjz]%c[A-Za-z0-9_-]{%d}" % (third, 20 - n) for n, third in enumerate(b"AEIMQUYcgk")),
        rb"[MNO][TDjz][AEIMQUYcgk][A-Za-z0-9_-]{20,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,64}",
        "https://discord.com/developers/docs/reference#authentication",
        "MTA{w23}.G{w5}.{s38}",
        "MTAwMDAwMDAwMDAwMDAwMDAwMA.2",
        left=True,
    ),
    parts(
        "discord-webhook",
        rb"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/",
        rb"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{8,24}/(?P<secret>[A-Za-z0-9_-]{16,256})",
        "https://discord.com/developers/docs/resources/webhook",
        "https://discord.com/api/webhooks/{d18}/{s68}",
        "https://discord.com/api/webhooks/1234567890",
    ),
    parts(
        "telegram-token",
        rb"[0-9]{5}:AA[A-Za-z0-9_-]{32}",
        _ID + rb":AA[A-Za-z0-9_-]{32,40}",
        _TELEGRAM,
        "{d10}:AA{s33}",
        "12:AA",
        left=True,
    ),
    # Older ones have another letter; there they must be told from other pairs of a number and a text.
    *(
        parts(
            "telegram-token",
            b"[0-9]{4}%b:A[A-Za-z0-9_-]{33}" % last.encode(),
            _ID + rb":A[B-Za-z0-9_-][A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])",
            _TELEGRAM,
            f"{{d8}}{last}:AB{{s33}}",
            f"10000{last}:ABC",
            left=True,
        )
        for last in "0123456789"
    ),
    parts(
        "telegram-token",
        rb"/bot[0-9]{5,16}:[A-Za-z0-9_-]{16}",
        rb"/bot(?P<secret>[0-9]{5,16}:[A-Za-z0-9_-]{30,40})",
        "https://core.telegram.org/bots/api#making-requests",
        "https://api.telegram.org/bot{d10}:z{s34}",
        "https://api.telegram.org/bot/getMe",
    ),
    parts(
        "telegram-token",
        rb"(?i)(?:telegram|tgram)[^0-9\n]{0,24}[0-9]{5,16}:[a-z0-9_-]{16}",
        rb"(?i)(?:telegram|tgram)[^0-9\n]{0,24}(?P<secret>[0-9]{5,16}:[a-z0-9_-]{30,40})",
        "https://appriseit.com/services/telegram/",
        "tgram://{d10}:z{s34}",
        "telegram at 10:30",
    ),
    parts(
        "teams-webhook",
        rb"\.office(?:365)?\.com/webhook(?:b2)?/[0-9a-f]{8}",
        rb"\.office(?:365)?\.com/webhook(?:b2)?/(?P<secret>[A-Za-z0-9@/_-]{36,512})",
        _TEAMS,
        f"https://a.webhook.office.com/webhookb2/{_SOME_UUID}@{_SOME_UUID}/IncomingWebhook/{{h32}}/{_SOME_UUID}",
        "https://outlook.office.com/webhook/",
    ),
    parts(
        "lark-webhook",
        rb"/open-apis/bot/v2/hook/",
        rb"/open-apis/bot/v2/hook/(?P<secret>[A-Za-z0-9-]{16,64})",
        "https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot",
        "https://open.feishu.cn/open-apis/bot/v2/hook/" + _SOME_UUID,
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
    ),
    parts(
        "wecom-webhook",
        rb"/cgi-bin/webhook/send\?key=",
        rb"/cgi-bin/webhook/send\?(?P<secret>key=[A-Za-z0-9-]{16,64})",
        "https://developer.work.weixin.qq.com/document/path/91770",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + _SOME_UUID,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
    ),
    # Apart for each next digit, as two letters alone would slow the scan down.
    *(
        shape(
            "twilio-key",
            (prefix + digit).encode(),
            HEX,
            31,
            31,
            _TWILIO,
            prefix + digit + "{h31}",
            prefix + digit + "1f",
            left=True,
            end=_END,
        )
        for prefix in ("SK", "AC")
        for digit in "0123456789abcdef"
    ),
    shape(
        "telnyx-key",
        rb"KEY[0-9A-F]{16}",
        SNAKE,
        24,
        64,
        "https://developers.telnyx.com/api/authentication",
        "KEY{H32}_{w22}",
        "KEY0123",
        left=True,
    ),
    shape(
        "sendgrid-key",
        rb"SG\.",
        rb"[A-Za-z0-9_.-]",
        32,
        128,
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        "SG.{s22}.{s43}",
        "SG.de",
    ),
    shape("mailgun-key", rb"(?:pub)?key-", HEX, 32, 32, _MAILGUN, "key-{h32}", "key-0f1e", left=True, end=_END),
    parts(
        "mailchimp-key",
        rb"[0-9A-Za-z]{16}-us[0-9]",
        rb"[0-9A-Za-z]{32}-us[0-9]{1,2}",
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
        "{h32}-us14",
        "0f1e2d3c-us1",
        left=True,
    ),
    parts(
        "mandrill-key",
        rb"md-[A-Za-z0-9_-]{16}",
        rb"md-(?=[A-Z0-9_-]{0,20}[a-z])(?=[a-z0-9_-]{0,20}[A-Z])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])",
        "https://mailchimp.com/developer/transactional/guides/quick-start/",
        "md-{s22}",
        "md-button-toggle-group-4",
        weak=True,
    ),
    shape("brevo-key", rb"x(?:key|smtp)sib-", rb"[0-9A-Za-z-]", 64, 128, _BREVO, "xkeysib-{h64}-{w16}", "xkeysib-name"),
    shape(
        "mailersend-token",
        rb"mlsn\.",
        WORD,
        32,
        128,
        "https://developers.mailersend.com/general.html#authentication",
        "mlsn.{h64}",
        "mlsn.2",
    ),
    parts(
        "resend-key",
        rb"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{16}",
        rb"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}",
        "https://resend.com/docs/dashboard/api-keys/introduction",
        "re_{w8}_{w24}",
        "re_compile_2",
        weak=True,
    ),
    shape(
        "intercom-token",
        rb"dG9rO",
        rb"[A-Za-z0-9+/=]",
        40,
        128,
        "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
        "dG9rO{w54}=",
        "dG9rOjE",
        left=True,
    ),
    parts(
        "hubspot-token",
        rb"pat-[a-z]{2}[0-9]-[0-9a-f]{8}-",
        rb"pat-[a-z]{2}[0-9]-" + _UUID,
        "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
        "pat-na1-" + _SOME_UUID,
        "pat-na1-0f1e",
        left=True,
    ),
    shape(
        "klaviyo-key",
        rb"pk_(?:[A-Za-z0-9]{6}_)?",
        HEX,
        32,
        34,
        _KLAVIYO,
        "pk_{h34}",
        "pk_0f1e2d3c",
        left=True,
        end=_END,
    ),
    shape(
        "kit-key",
        rb"kit_",
        HEX,
        32,
        64,
        "https://developers.kit.com/api-reference/authentication",
        "kit_{h32}",
        "kit_2",
        left=True,
    ),
    shape(
        "onesignal-key",
        rb"os_v2_(?:app|org)_",
        LOWER,
        64,
        160,
        "https://documentation.onesignal.com/docs/en/keys-and-ids",
        "os_v2_app_{l103}",
        "os_v2_app_id",
    ),
    shape(
        "smtp2go-key",
        rb"api-",
        rb"[0-9A-F]",
        32,
        32,
        "https://support.smtp2go.com/hc/en-gb/articles/20733554340249-API-Keys",
        "api-{H32}",
        "api-2026-11-01",
        left=True,
        end=rb"(?![A-Za-z0-9-])",
    ),
    shape(
        "nylas-key",
        rb"nyk_v0_",
        WORD,
        40,
        96,
        "https://developer.nylas.com/docs/v3/auth/",
        "nyk_v0_{w64}",
        "nyk_v0_name",
    ),
    shape("fastmail-token", rb"fmu1-[0-9a-f]{8}-", SLUG, 24, 96, _FASTMAIL, "fmu1-{h8}-{h32}-0-{h32}", "fmu1-0f1e"),
    shape(
        "plain-key",
        rb"plainApiKey_",
        SNAKE,
        20,
        128,
        "https://www.plain.com/docs/api-reference/graphql/authentication",
        "plainApiKey_uk_{u26}",
        "plainApiKey_name",
    ),
    shape("twitch-token", rb"oauth:", LOWER, 30, 30, _TWITCH, "oauth:{l30}", "oauth:password", end=_END),
    parts(
        "twitch-stream-key",
        rb"live_[0-9]{6,12}_[A-Za-z0-9]{16}",
        rb"live_[0-9]{6,12}_[A-Za-z0-9]{28,48}",
        "https://help.twitch.tv/s/article/twitch-stream-key-faq",
        "live_{d9}_{w30}",
        "live_123456789_a",
        left=True,
    ),
    parts(
        "twitter-bearer",
        rb"%3D[A-Za-z0-9]{40}",
        rb"A{19,24}[A-Za-z0-9%]{12,64}%3D[A-Za-z0-9]{40,80}",
        "https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens",
        "AAAAAAAAAAAAAAAAAAAAA{w24}%2B{w8}%3D{w50}",
        "AAAAAAAAAAAAAAAAAAAAA",
        left=True,
    ),
    *(
        shape(
            "linkedin-token",
            b"AQ" + third.encode(),
            SLUG,
            150,
            600,
            _LINKEDIN,
            f"AQ{third}{{s300}}",
            f"AQ{third}2",
            left=True,
            end=_NOT_BASE64,
        )
        for third in "RSTUVWXY"
    ),
    shape(
        "linkedin-secret",
        rb"WPL_AP[0-9]\.",
        rb"[A-Za-z0-9+/=.]",
        20,
        64,
        _LINKEDIN,
        "WPL_AP1.{w16}.{w6}==",
        "WPL_AP1.a",
    ),
    shape(
        "pinterest-token",
        rb"pin[ar]_",
        SLUG,
        32,
        128,
        "https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/",
        "pina_{u96}",
        "pina_colada_2",
        left=True,
    ),
    parts(
        "tiktok-token",
        rb"(?:act|rft|clt)\.[A-Za-z0-9]{16}",
        rb"(?:act|rft|clt)\.[A-Za-z0-9]{24,96}(?:![0-9]{2,6}(?:\.[A-Za-z0-9]{1,8})?)?",
        "https://developers.tiktok.com/doc/oauth-user-access-token-management",
        "act.{w56}!4567.e1",
        "act.characterisations",
        weak=True,
    ),
    *(
        shape(
            "spotify-token",
            b"BQ" + third.encode(),
            SLUG,
            120,
            600,
            _SPOTIFY,
            f"BQ{third}{{s180}}",
            f"BQ{third}2",
            left=True,
            end=_NOT_BASE64,
        )
        for third in "ABCD"
    ),
    *(
        shape(
            "lichess-token",
            prefix,
            WORD,
            20,
            64,
            _LICHESS,
            prefix.decode() + "{w20}",
            prefix.decode() + "read_2",
            left=True,
        )
        for prefix in (b"lip_", b"lio_")
    ),
    shape(
        "vk-token",
        rb"vk1\.a\.",
        SLUG,
        60,
        400,
        "https://dev.vk.com/en/api/access-token/getting-started",
        "vk1.a.{s198}",
        "vk1.a.b",
    ),
    parts(
        "roblox-cookie",
        rb"_\|WARNING:-DO-NOT-SHARE-THIS",
        rb"_\|WARNING:-DO-NOT-SHARE-THIS[^|\"'\s]{0,256}\|_[A-Za-z0-9_.-]{16,2048}(?<!\.)",
        "https://create.roblox.com/docs/cloud/auth",
        "_|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this|_{H200}",
        "_|WARNING:-DO-NOT-SHARE",
    ),
    shape("matrix-token", rb"syt_", rb"[A-Za-z0-9_=+/-]", 30, 400, _MATRIX, "syt_{w12}_{w20}_{w6}", "syt_2", left=True),
)
